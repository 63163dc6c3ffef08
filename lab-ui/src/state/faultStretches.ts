import { grouped } from "@fluxlab/reports/metrics";
import type { FaultBand } from "@fluxlab/sim";
import { text } from "../text/en.ts";
import type { Stretch } from "./moment.ts";

/** Faults as stretches of a run's time; those that are in force end where the run does, `end`, if it has no end of its own. */
export const faultStretches = (faults: readonly FaultBand[], end = Number.POSITIVE_INFINITY): Stretch[] =>
  faults
    .filter(({ from }) => from < end)
    .map(({ fault, from, to, nodes }) => ({
      from,
      to: Math.min(Math.max(to, from), end),
      label: `${text.network.faults.names[fault] ?? fault}, ${text.network.chain.nodesOn(grouped(nodes.length))}`,
    }));
