import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Params } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { allScenarios } from "@fluxlab/scenarios";
import { type ConnectedChain, checkAnyScenario } from "@fluxlab/sim";
import { type AnyScenario, InvalidInput, parseScenario, placeInText } from "@fluxlab/sim/scenario";
import { changed, isChange, type ScenarioChanges } from "./changeScenario.ts";
import { fileError } from "./fileError.ts";
import { loadNetwork } from "./loadNetwork.ts";
import { type ChainSource, readChain } from "./readChain.ts";

/** A scenario with the network it runs on. */
export interface Loaded {
  readonly scenario: AnyScenario;
  readonly params: Params;
  /** The chain that the run goes on from; undefined: its own. */
  readonly from?: ChainSource | undefined;
  /** Folder that paths in the scenario are relative to. */
  readonly folder?: string;
}

/** Reads and connects the chain that a run goes on from. @throws InputError naming the file and what is wrong with it */
export function chainOf({ scenario, params, from, folder = "." }: Loaded): ConnectedChain | undefined {
  if (from === undefined) return undefined;
  const network = "network" in scenario ? scenario.network : "main";
  return readChain(from, params, network, folder);
}

/**
 * Finds a scenario by the name of one that comes with the lab, or reads it from a YAML file, and its network.
 * @throws InputError naming the file, the place in it, and what was expected there.
 */
export function loadScenario(nameOrFile: string, changes: ScenarioChanges = {}): Loaded {
  const shipped = allScenarios.find(({ name }) => name === nameOrFile);
  const text = shipped === undefined ? readText(nameOrFile) : undefined;
  try {
    const written = shipped ?? parseScenario(text ?? "");
    const scenario = changed(written, changes);
    // The relay model checks nothing, so its network is of no account.
    const network = "network" in scenario ? scenario.network : "main";
    const folder = shipped === undefined ? dirname(nameOrFile) : ".";
    const params = loadNetwork(network, folder);
    const { from: path, fromHeight: height } = changes;
    if (path === undefined && height !== undefined)
      throw new InputError("--from-height: say with --from which chain is meant");
    checkAnyScenario(scenario, params, path !== undefined);
    return { scenario, params, from: path === undefined ? undefined : { path, height }, folder };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const placed = text === undefined || "line" in (error.problems[0] ?? {}) || isChange(changes);
    throw fileError(nameOrFile, placed ? error.problems : placeInText(error.problems, text), error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const names = allScenarios.map(({ name }) => name).join(", ");
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `the file cannot be read (${code})`;
    throw new InputError(`${file}: not a scenario that comes with the lab (${names}), and ${why}`, {
      cause: error,
    });
  }
}
