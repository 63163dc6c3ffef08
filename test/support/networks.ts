import type { Params, Upgrade } from "@fluxlab/core";
import { parseNetwork } from "@fluxlab/sim/scenario";
import { VECTOR_NETWORKS } from "../../core/host/check/networks.ts";
import { readVectorText } from "./committedVectors.ts";

/** A network with some upgrade heights moved. */
export function withUpgrades(params: Params, heights: Partial<Record<Upgrade, number>>): Params {
  const upgrades = Object.fromEntries(
    Object.entries(params.upgrades).map(([upgrade, values]) => [
      upgrade,
      { ...values, height: heights[upgrade as Upgrade] ?? values.height },
    ]),
  ) as Params["upgrades"];
  return { ...params, upgrades };
}

/** The networks the recorded vectors name. */
export const NETWORKS = VECTOR_NETWORKS;

/** The laboratory network on which fluxd was recorded. */
export const labnet = (): Params => parseNetwork(readVectorText("labnet/params.json"));
