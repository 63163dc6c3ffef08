import { spawnSync } from "node:child_process";
import { InputError } from "@fluxlab/core/command-line";

// Processes of this machine. Those of a testnet are known by their command lines, in which its folder stands: that holds when the record is
// lost, and never hits a stranger who got a dead node's number.

/** A process as it was started. */
export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** All there are. @throws InputError if they cannot be listed */
export function runningProcesses(): readonly RunningProcess[] {
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
    .filter(({ command }) => nodeFolderIn(command)?.startsWith(`${folder}/`) === true)
    .map(({ pid }) => pid);

/** The data folder on a command line that is a node's, of whatever version, or a fluxd's; undefined: it is none. */
export const nodeFolderIn = (command: string): string | undefined =>
  (/ --datadir (\S.*?) --network /.exec(command) ?? / -datadir=(\S.*?) -rpccookiefile=/.exec(command))?.[1];

/** Ends at once the nodes below a folder; resolves with how many there were, when they are gone. */
export async function killNodesBelow(folder: string): Promise<number> {
  const nodes = nodesBelow(folder, runningProcesses());
  for (const pid of nodes) send(pid, "SIGKILL");
  await until(() => nodesBelow(folder, runningProcesses()).length === 0);
  return nodes.length;
}

/** Ends at once the agents of a testnet, whose folder here is on their command lines. */
export async function killAgentsOf(folder: string): Promise<void> {
  const agents = () =>
    runningProcesses().filter(({ command }) => command.endsWith(`flux-agent.mjs serve ${folder}/`));
  for (const { pid } of agents()) send(pid, "SIGKILL");
  await until(() => agents().length === 0);
}

/** A process that is told to end has so long before it is killed. */
const PATIENCE_MS = 20_000;

/** Ends a process: by a signal on which it may clean up, then by force. */
export async function endProcess(pid: number): Promise<void> {
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
