import { spawnSync } from "node:child_process";
import { InputError } from "@fluxlab/core/command-line";
import { forgetTestnet, readRecord, testnetFolder, testnetNames } from "./registry.ts";

// Ends testnets from outside, whatever state their controllers left them in. Processes are known by their command lines, in which
// the testnet's folder stands: that holds when the record is lost, and never hits a stranger who got a dead node's number.

interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

function runningProcesses(): readonly RunningProcess[] {
  const { status, stdout, error } = spawnSync("ps", ["-A", "-ww", "-o", "pid=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0)
    throw new InputError(`processes cannot be listed: ps: ${error?.message ?? `exit code ${status}`}`);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, command] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), command: command! }];
  });
}

/** Nodes of a testnet that run, by its folder. */
const nodesBelow = (folder: string, processes: readonly RunningProcess[]): readonly number[] =>
  processes
    .filter(({ command }) => command.includes("flux-node.ts") && command.includes(` ${folder}/`))
    .map(({ pid }) => pid);

/** Whether the controller of a record runs: a process of its number that is one. */
export function controllerRuns(root: string, name: string): boolean {
  const pid = readRecord(root, name)?.controllerPid;
  return runningProcesses().some((each) => each.pid === pid && isController(each));
}

const isController = ({ command }: RunningProcess): boolean => command.includes("flux-testnet.ts");

/** What was ended. */
export interface Ended {
  readonly name: string;
  readonly processes: number;
}

/** A controller that is told to end has so long before it is killed. */
const PATIENCE_MS = 20_000;

/**
 * Ends a testnet and takes all its files away: its controller by a signal, on which it cleans up, then whatever is left. Ending
 * what has ended is no error. The testnet of this very process is left to it.
 */
export async function endTestnet(root: string, name: string): Promise<Ended> {
  const record = readRecord(root, name);
  const folder = testnetFolder(root, name);
  const first = runningProcesses();
  const controllers = first.filter(
    (each) => each.pid === record?.controllerPid && each.pid !== process.pid && isController(each),
  );
  for (const { pid } of controllers) await endProcess(pid);
  const nodes = nodesBelow(folder, runningProcesses());
  for (const pid of nodes) send(pid, "SIGKILL");
  await until(() => nodesBelow(folder, runningProcesses()).length === 0);
  forgetTestnet(root, name);
  return { name, processes: controllers.length + nodes.length };
}

/** Ends every testnet of a root, and nodes below it that no record knows. */
export async function endAll(root: string): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const name of testnetNames(root)) ended.push(await endTestnet(root, name));
  const strays = strayNames(root);
  for (const name of strays) ended.push(await endTestnet(root, name));
  return ended;
}

/** Testnets whose folder is gone while a node of theirs runs. */
function strayNames(root: string): readonly string[] {
  const prefix = testnetFolder(root, "x").slice(0, -1);
  const names = runningProcesses().flatMap(({ command }) => {
    const at = command.includes("flux-node.ts") ? command.indexOf(` ${prefix}`) : -1;
    return at < 0 ? [] : [command.slice(at + 1 + prefix.length).split("/")[0]!];
  });
  return [...new Set(names)];
}

async function endProcess(pid: number): Promise<void> {
  send(pid, "SIGTERM");
  const gone = () => !isAlive(pid);
  if (!(await until(gone, PATIENCE_MS))) {
    send(pid, "SIGKILL");
    await until(gone);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function until(condition: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
