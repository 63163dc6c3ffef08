// Installs the native programs of others that tests compare with, into this folder: npm run oracles
//
// They need a C++ compiler and libraries, which `npm ci` must not, so they are no part of it: tests that want them are SKIPPED
// where they are missing. As root on Debian the libraries are installed too.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Each: a header that a build reads, and Debian's package that has it. */
const LIBRARIES = [
  ["/usr/include/sodium.h", "libsodium-dev"],
  ["/usr/include/boost/system/error_code.hpp", "libboost-system-dev"],
  ["/usr/bin/g++", "g++"],
  ["/usr/bin/make", "make"],
  ["/usr/bin/python3", "python3"],
];

function run(command, args, env = {}) {
  console.error(`[oracles] ${command} ${args.join(" ")}`);
  const options = { cwd: here, stdio: ["ignore", 2, 2], env: { ...process.env, ...env } };
  return spawnSync(command, args, options).status === 0;
}

/** Whether they are here and this Node.js can load them. */
function installed() {
  try {
    createRequire(import.meta.url)("foundation-equihash");
    return true;
  } catch {
    return false;
  }
}

/** The libraries, where this may install them; elsewhere the compiler says what is missing. */
function installLibraries() {
  const missing = LIBRARIES.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update"], env);
  run("apt-get", ["install", "-y", "--no-install-recommends", ...missing], env);
}

function build() {
  // The locked Node.js brings its headers; another one's are downloaded by node-gyp.
  const nodeFolder = dirname(dirname(process.execPath));
  const headers = existsSync(join(nodeFolder, "include", "node", "node.h"));
  const env = { CXXFLAGS: "-std=gnu++20", ...(headers ? { npm_config_nodedir: nodeFolder } : {}) };
  return run("npm", ["ci", "--ignore-scripts=false", "--loglevel=error"], env);
}

if (!installed()) {
  installLibraries();
  if (!build() || !installed()) {
    const packages = LIBRARIES.map(([, name]) => name).join(" ");
    console.error(
      `[oracles] not built; the message is above. On Debian run: sudo apt-get install ${packages}`,
    );
    process.exitCode = 1;
  }
}
