// Makes this checkout runnable, then runs a program in it:
//
//   node setup.mjs [--browser] [--machines] [PROGRAM [ARGUMENT ...]]
//
// Installs the locked dependencies if they are missing or out of date, among them the Node.js this project is run with
// where npm has it, and builds the WebAssembly modules if their sources have changed; with --browser also Chromium, for the tests that open pages, with --machines what the tests of testnets on other machines run. Says what it does; when there is nothing to
// do it says nothing and takes a few milliseconds. Uses only what comes with Node.js 20 and npm.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const say = (text) => console.error(`[set-up] ${text}`);

function fail(text) {
  say(text);
  process.exit(1);
}

/** Runs a command in the foreground; true if it succeeded. */
function ran(command, args) {
  say(`${[command, ...args].join(" ")}`);
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] }).status === 0;
}

/** Node.js that runs TypeScript as it is: 22.18 or later. */
function runsTypeScript(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function installDependencies() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const wanted = createHash("sha256")
    .update(lock)
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
  const stamp = join(root, "node_modules", ".flux-lab-setup");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing the locked dependencies (about 430 MB, once)");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  if (!ran(npm, ["ci", "--ignore-scripts", "--loglevel=error"])) {
    fail(
      "the dependencies could not be installed. When the registry can be reached, run: npm ci --ignore-scripts",
    );
  }
  writeFileSync(stamp, wanted);
}

/** The core's WebAssembly modules, built from source; takes a few milliseconds when they are up to date. */
function buildModules() {
  const { status } = spawnSync(process.execPath, [join(root, "core/assembly/build.mjs")], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) fail("the WebAssembly modules could not be built; the compiler's message is above");
}

/** The Node.js to run with: the locked one where npm has it for this platform, else the one that runs this. */
function runtime() {
  const locked = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(locked)) return locked;
  if (runsTypeScript(process.version)) return process.execPath;
  return fail(
    `Node.js 22.18 or later is needed on this platform, this is ${process.version}. Run: nvm install 24`,
  );
}

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium for the tests; a machine without it runs the others and says which it skipped. */
function installBrowser() {
  if (process.env.FLUX_LAB_CHROMIUM || BROWSERS.some(existsSync)) return;
  const command = "apt-get update && apt-get install -y --no-install-recommends chromium";
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("installing Chromium for the tests that open pages (once)");
    process.env.DEBIAN_FRONTEND = "noninteractive";
    if (ran("sh", ["-c", `(${command}) >&2`]) && BROWSERS.some(existsSync)) return;
  }
  say(`no Chromium: tests that open pages will be SKIPPED. On Debian run: sudo sh -c '${command}'`);
}

/** A container engine and sshd for the tests; a machine without them runs the others and says which it skipped. */
function installMachines() {
  spawnSync(process.execPath, [join(root, "test/machines/install.mjs")], { stdio: ["ignore", 2, 2] });
}

/** Runs the program with the right Node.js first on PATH and ends as it ends. */
function runProgram(node, program, args) {
  const path = [join(root, "node_modules", ".bin"), dirname(node), process.env.PATH].join(delimiter);
  // What Node.js has compiled is kept: programs start in a third of the time.
  const cache = process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "flux-lab");
  const env = { ...process.env, PATH: path, NODE_COMPILE_CACHE: cache };
  const child = spawn(node, [join(root, program), ...args], { stdio: "inherit", env });
  // A terminal sends Ctrl-C to both; the program decides when to end. A signal sent to this process alone is passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + (signal === "SIGINT" ? 2 : 15);
  });
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node.js 20 or later is needed, this is ${process.version}. Run: nvm install 24`);
}
const args = process.argv.slice(2);
const browser = args[0] === "--browser" && args.shift() !== undefined;
const machines = args[0] === "--machines" && args.shift() !== undefined;
installDependencies();
buildModules();
if (browser) installBrowser();
if (machines) installMachines();
const [program, ...rest] = args;
const node = runtime();
if (program !== undefined) runProgram(node, program, rest);
