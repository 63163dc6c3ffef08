import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Block } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { readBlocks } from "@fluxlab/core/host";
import { formatNetwork, labParams } from "@fluxlab/sim/scenario";
import { copyData } from "../dataCopy.ts";
import { labWorldOf } from "../labTestnet.ts";
import { fleetPlan } from "../loadTestnet.ts";
import type { TestnetScenario } from "../testnetSchema.ts";

const NODE_PROGRAM = fileURLToPath(new URL("../../../bin/flux-node.ts", import.meta.url));

/**
 * The best chain of a node's data folder after its first block, as a node under the scenario's newest rules reads it. The folder stays
 * as it is.
 * @throws InputError if there is none, or it is of another network
 */
export function datadirChain(datadir: string, scenario: TestnetScenario): readonly Block[] {
  if (!existsSync(datadir)) throw new InputError(`start: datadir: there is no folder ${datadir}`);
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-datadir-"));
  try {
    const [copy, chain] = [join(folder, "data"), join(folder, "chain.dat")];
    copyData(datadir, copy);
    const network = networkFile(scenario, folder);
    const args = ["--datadir", copy, "--network", network, "--no-listen", "--no-rpc", "--save-blocks", chain];
    const { status, stderr } = spawnSync(process.execPath, [NODE_PROGRAM, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0)
      throw new InputError(
        `start: datadir: ${datadir} cannot be used: ${stderr.replaceAll(copy, datadir).trim()}`,
      );
    return [...readBlocks(chain, labParams)].slice(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function networkFile(scenario: TestnetScenario, folder: string): string {
  const world = labWorldOf(scenario, fleetPlan(scenario).links);
  if (world === undefined) throw new Error("rehearsals are of the laboratory's network");
  const file = join(folder, "network.json");
  writeFileSync(file, formatNetwork(world.plan.params, world.lab.genesis));
  return file;
}
