import { InputError } from "@fluxlab/core/command-line";
import { endElsewhere, namesElsewhere } from "./elsewhere.ts";
import {
  endProcess,
  killNodesBelow,
  nodeFolderIn,
  type RunningProcess,
  runningProcesses,
} from "./processes.ts";
import { forgetTestnet, readRecord, testnetFolder, testnetNames } from "./registry.ts";

// Ends testnets from outside, whatever state their controllers left them in.

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
  readonly containers: number;
}

/**
 * Ends a testnet and takes all its files away: its controller by a signal, on which it cleans up, then whatever is left, here and where its
 * nodes run. Ending what has ended is no error. The testnet of this very process is left to it.
 * @throws InputError naming a host or an engine that does not answer; its record stays, so that it can be ended later
 */
export async function endTestnet(root: string, name: string): Promise<Ended> {
  const record = readRecord(root, name);
  const controllers = runningProcesses().filter(
    (each) => each.pid === record?.controllerPid && each.pid !== process.pid && isController(each),
  );
  for (const { pid } of controllers) await endProcess(pid);
  const nodes = await killNodesBelow(testnetFolder(root, name));
  const elsewhere = await endElsewhere(root, name, record);
  forgetTestnet(root, name);
  return {
    ...{ name, processes: controllers.length + nodes + elsewhere.processes },
    containers: elsewhere.containers,
  };
}

/**
 * Ends every testnet of a root, and nodes of it that no record knows.
 * @throws InputError naming what could not be ended, after all others have been
 */
export async function endAll(root: string): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  const problems: string[] = [];
  const end = async (name: string): Promise<void> => {
    try {
      ended.push(await endTestnet(root, name));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(`${name}: ${error.message}`);
    }
  };
  const known = testnetNames(root);
  for (const name of known) await end(name);
  const strays = new Set([...strayNames(root), ...(await namesElsewhere(root))]);
  for (const name of strays) if (!known.includes(name)) await end(name);
  if (problems.length > 0) throw new InputError(problems.join("\n"));
  return ended;
}

/** Testnets whose folder is gone while a node of theirs runs. */
function strayNames(root: string): readonly string[] {
  const prefix = testnetFolder(root, "x").slice(0, -1);
  return runningProcesses().flatMap(({ command }) => {
    const folder = nodeFolderIn(command);
    return folder?.startsWith(prefix) === true ? [folder.slice(prefix.length).split("/")[0]!] : [];
  });
}
