import { formatFlux } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { type Cell, csv } from "./csv.ts";
import type { Fusion } from "./metrics/fusion.ts";

// The columns of a run's swaps as CSV files, in the units of tables.ts.

/** Each chain as a target of swaps, one row each. */
export function fusionCsv({ chains }: Fusion): string {
  const head = [
    "chain",
    "float_flux",
    "lowest_flux",
    "first_dry_seconds",
    "dry_seconds",
    "paid",
    "paid_flux",
    "waited",
    "wait_seconds",
    "longest_wait_seconds",
    "cancelled",
    "cancelled_flux",
    "refills",
  ];
  const rows = chains.map((chain): Cell[] => [
    chain.symbol,
    formatFlux(chain.float),
    formatFlux(chain.lowest),
    chain.firstDrySeconds,
    chain.drySeconds,
    chain.paid,
    formatFlux(chain.paidAmount),
    chain.waited,
    chain.waitSeconds,
    chain.longestWaitSeconds,
    chain.cancelled,
    formatFlux(chain.cancelledAmount),
    chain.refillCount,
  ]);
  return csv(head, rows);
}

/** What is at hand and who waits at every sample height: one row per sample and chain. */
export function fusionSamplesCsv({ chains }: Fusion, { height, seconds }: RunRecord["samples"]): string {
  const head = ["height", "seconds", "chain", "at_hand_flux", "waiting", "waiting_flux"];
  const rows = Array.from(height).flatMap((at, i) =>
    chains.map(({ symbol, atHand, waiting, waitingAmount }): Cell[] => [
      at,
      seconds[i]!,
      symbol,
      formatFlux(atHand[i]!),
      waiting[i]!,
      formatFlux(waitingAmount[i]!),
    ]),
  );
  return csv(head, rows);
}

/** Every refill that the record lists. */
export const fusionRefillsCsv = ({ chains }: Fusion): string =>
  csv(
    ["chain", "ordered_seconds", "delivered_seconds", "amount_flux"],
    chains.flatMap(({ symbol, refills }) =>
      Array.from(refills.amount, (amount, i): Cell[] => [
        symbol,
        refills.orderedSeconds[i]!,
        refills.deliveredSeconds[i]!,
        formatFlux(amount),
      ]),
    ),
  );
