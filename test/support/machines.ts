import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";

// Real machines for tests: a container engine and hosts with sshd, in network namespaces of their own, so that nothing of this machine's
// network is touched. They end with the test, also when it is killed.

/** What is missing here; undefined: nothing. */
function missing(...programs: readonly string[]): string | undefined {
  if (process.platform !== "linux") return "no Linux";
  if (process.getuid?.() !== 0) return "not root";
  const absent = programs.filter((program) => !existsSync(program));
  if (absent.length > 0) return `no ${absent.join(", ")}; run npm run machines`;
  try {
    execFileSync("unshare", ["--mount", "--net", "--pid", "--fork", "true"], { stdio: "ignore" });
  } catch {
    return "namespaces may not be made";
  }
  return undefined;
}

const noEngine = missing("/usr/sbin/dockerd", "/usr/bin/docker", "/usr/sbin/nft", "/usr/sbin/tc");
const noHosts = missing("/usr/sbin/sshd", "/usr/sbin/nft", "/usr/sbin/tc");

/** Tests that need a container engine; where none can be they are skipped, and their title says why. In CI they fail. */
export const withEngine = (title: string, tests: () => void): void => suite(title, noEngine, tests);

/** Tests that need hosts with sshd; likewise. */
export const withHosts = (title: string, tests: () => void): void => suite(title, noHosts, tests);

function suite(title: string, reason: string | undefined, tests: () => void): void {
  if (reason === undefined) describe(title, tests);
  else if (process.env["CI"]) {
    test(title, () => {
      throw new Error(`${reason}, and CI must not skip`);
    });
  } else test.skipIf(true)(`SKIPPED: ${title}: ${reason}`, () => {});
}

/** Something that runs until it is ended. */
interface Machine {
  end(): Promise<void>;
}

/** A container engine. */
export interface Engine extends Machine {
  /** For DOCKER_HOST. */
  readonly host: string;
}

/** dockerd in namespaces of its own. */
export async function startEngine(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-engine-"));
  const host = `unix://${folder}/docker.sock`;
  const group = `flux-lab-${process.pid}`;
  const daemon = [
    ...["dockerd", "-H", host, "--data-root", `${folder}/data`, "--exec-root", `${folder}/exec`],
    ...["-p", `${folder}/docker.pid`, "--bip", "10.89.0.1/24", "--cgroup-parent", `/${group}`],
  ].join(" ");
  // The shell is the first process of its namespace: when its input ends, so does all in there.
  const script = `ip link set lo up; ${daemon} >${folder}/log 2>&1 & cat >/dev/null; kill -KILL -1`;
  const box = spawn(
    "unshare",
    ["--mount", "--net", "--pid", "--fork", "--mount-proc", "--propagation", "private", "sh", "-c", script],
    { stdio: ["pipe", "ignore", "inherit"] },
  );
  const ended = new Promise((resolve) => box.once("exit", resolve));
  const end = async () => {
    box.stdin.end();
    await ended;
    await retry(() => removeGroups(group));
    await retry(() => rmSync(folder, { recursive: true, force: true }));
  };
  try {
    await retry(() => execFileSync("docker", ["-H", host, "version"], { stdio: "ignore" }), 30_000);
  } catch (error) {
    const log = readFileSync(`${folder}/log`, "utf8").slice(-2_000);
    await end();
    throw new Error(`dockerd does not answer: ${log}`, { cause: error });
  }
  return { host, end };
}

/** A host of a private network. */
export interface TestHost {
  readonly name: string;
  readonly address: string;
  /** "SHA256:…" of its key. */
  readonly hostKey: string;
  /** Its key as a line of a file of known hosts. */
  readonly knownAs: string;
  /** Runs a command there, as its own administrator would. */
  run(command: string, ...args: string[]): string;
  /** Starts one that ends with the host; gives what it has said so far. */
  follow(command: string, ...args: string[]): () => string;
}

/** Hosts with sshd, and the place from which they are reached. */
export interface Hosts extends Machine {
  readonly hosts: readonly TestHost[];
  /** File of a private key that all hosts accept. */
  readonly key: string;
  /** Arguments that run a command where it reaches the hosts. */
  readonly from: readonly string[];
}

/** So many hosts, each a network namespace with a kernel's network of its own; they share a disk with this machine. */
export async function startHosts(count: number): Promise<Hosts> {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-hosts-"));
  const prefix = `fluxlab-${process.pid}`;
  const within = (namespace: string) => ["nsenter", `--net=/run/netns/${namespace}`];
  const ip = (...args: string[]) => execFileSync("ip", args);
  const daemons: ChildProcess[] = [];
  const namespaces: string[] = [];
  const end = async () => {
    for (const daemon of daemons) daemon.kill("SIGKILL");
    for (const namespace of namespaces) {
      const pids = execFileSync("ip", ["netns", "pids", namespace], { encoding: "utf8" }).split("\n");
      for (const pid of pids.filter((each) => each !== "")) kill(Number(pid));
      ip("netns", "del", namespace);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const addNamespace = (name: string) => {
    ip("netns", "add", name);
    namespaces.push(name);
  };
  try {
    const key = makeKey(join(folder, "key"));
    const bridge = `${prefix}-0`;
    addNamespace(bridge);
    ip("-n", bridge, "link", "set", "lo", "up");
    ip("-n", bridge, "link", "add", "br0", "type", "bridge", "forward_delay", "0");
    ip("-n", bridge, "link", "set", "br0", "up");
    ip("-n", bridge, "addr", "add", "10.77.0.1/24", "dev", "br0");
    mkdirSync("/run/sshd", { recursive: true }); // sshd empties its rights there
    const hosts = Array.from({ length: count }, (_, i): TestHost => {
      const [name, address] = [`${prefix}-${i + 1}`, `10.77.0.${11 + i}`];
      addNamespace(name);
      ip("-n", name, "link", "set", "lo", "up");
      ip("-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", `p${i}`, "netns", bridge);
      ip("-n", bridge, "link", "set", `p${i}`, "master", "br0", "up");
      ip("-n", name, "addr", "add", `${address}/24`, "dev", "eth0");
      ip("-n", name, "link", "set", "eth0", "up");
      const hostKey = makeKey(join(folder, `host${i}`));
      const config = join(folder, `sshd${i}`);
      writeFileSync(config, sshdConfig(address, hostKey.file, key.publicFile, `${config}.pid`));
      const [program, ...args] = [...within(name), "/usr/sbin/sshd", "-f", config, "-D", "-e"];
      // It goes with this process, however that ends.
      daemons.push(spawn("setpriv", ["--pdeathsig", "KILL", program!, ...args], { stdio: "ignore" }));
      const run = (...command: string[]) => {
        const [entry, ...rest] = [...within(name), ...command];
        return execFileSync(entry!, rest, { encoding: "utf8", stdio: "pipe" });
      };
      const follow = (...command: string[]) => {
        const [entry, ...rest] = [...within(name), ...command];
        let said = "";
        const { stdout } = spawn(entry!, rest, { stdio: ["ignore", "pipe", "ignore"] });
        stdout.setEncoding("utf8").on("data", (words: string) => {
          said += words;
        });
        return () => said;
      };
      const [type, text] = hostKey.public.split(" ");
      const knownAs = `${address} ${type} ${text}`;
      return { name, address, hostKey: hostKey.fingerprint, knownAs, run, follow };
    });
    const from = within(bridge);
    for (const { address } of hosts) {
      const [program, ...args] = [...from, "bash", "-c", `echo >/dev/tcp/${address}/22`];
      await retry(() => execFileSync(program!, args, { stdio: "ignore" }), 30_000);
    }
    return { hosts, key: key.file, from, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Some are gone before their turn. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function makeKey(file: string) {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  const publicFile = `${file}.pub`;
  const [, fingerprint] = execFileSync("ssh-keygen", ["-lf", publicFile], { encoding: "utf8" }).split(" ");
  return { file, publicFile, public: readFileSync(publicFile, "utf8"), fingerprint: fingerprint! };
}

const sshdConfig = (address: string, hostKey: string, authorized: string, pidFile: string): string =>
  [
    ...["Port 22", `ListenAddress ${address}`, `HostKey ${hostKey}`, `AuthorizedKeysFile ${authorized}`],
    ...[`PidFile ${pidFile}`, "StrictModes no", "UsePAM no", "PasswordAuthentication no"],
    ...["KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "MaxStartups 50", ""],
  ].join("\n");

/** Control groups that an engine leaves. */
function removeGroups(name: string): void {
  const groups = readdirSync("/sys/fs/cgroup").map((controller) => join("/sys/fs/cgroup", controller, name));
  for (const group of groups.filter((each) => existsSync(each)))
    execFileSync("find", [group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"], { stdio: "ignore" });
}

/** Until it does not fail, or the time is over. */
async function retry(act: () => void, patienceMs = 10_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((later) => setTimeout(later, 50));
    }
  }
}
