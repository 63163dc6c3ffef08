import { formatFlux, TIERS, unreachable } from "@fluxlab/core";
import type { ChainEvent, RunRecord } from "@fluxlab/sim";
import { type Cell, csv } from "./csv.ts";
import type { Bridge } from "./metrics/bridge.ts";
import { tierReturn } from "./metrics/roi.ts";
import { dateAfter, secondsAtHeight } from "./metrics/timeline.ts";
import { waitSummary } from "./metrics/waits.ts";

// The record's columns as CSV files. Amounts are FLUX with all eight places, so that a spreadsheet reads them and nothing is
// lost; times are seconds; the date column is empty without a start date.

/** The state at every sample height, one row each. */
export function samplesCsv({ samples, scenario }: RunRecord): string {
  const head = [
    "height",
    "seconds",
    "date",
    "supply_flux",
    "to_producers_flux",
    "to_dev_fund_flux",
    "to_funds_flux",
    "started",
    "dos",
    ...TIERS.flatMap((tier) =>
      ["queue", "payments", "paid_flux", "share_flux"].map((name) => `${tier}_${name}`),
    ),
  ];
  const rows = Array.from(samples.height, (height, i): Cell[] => [
    height,
    samples.seconds[i]!,
    dateCell(scenario.startDate, samples.seconds[i]!),
    formatFlux(samples.supply[i]!),
    formatFlux(samples.toProducers[i]!),
    formatFlux(samples.toDevFund[i]!),
    formatFlux(samples.toFunds[i]!),
    samples.started[i]!,
    samples.dos[i]!,
    ...TIERS.flatMap((tier): Cell[] => {
      const { queue, payments, paid, share } = samples.tiers[tier];
      return [queue[i]!, payments[i]!, formatFlux(paid[i]!), formatFlux(share[i]!)];
    }),
  ]);
  return csv(head, rows);
}

/** What single nodes got in each stretch: one row per stretch and tier. */
export function spreadCsv({ spread }: RunRecord): string {
  const head = [
    "first_height",
    "last_height",
    "seconds",
    "tier",
    "nodes",
    "p5_flux",
    "median_flux",
    "p95_flux",
    "mean_flux",
  ];
  const rows = Array.from(spread.seconds).flatMap((seconds, i) =>
    TIERS.map((tier): Cell[] => {
      const { nodes, low, median, high, mean } = spread.tiers[tier];
      const amounts = [low, median, high, mean].map((column) => formatFlux(column[i]!));
      return [spread.firstHeight[i]!, spread.lastHeight[i]!, seconds, tier, nodes[i]!, ...amounts];
    }),
  );
  return csv(head, rows);
}

/** The exact histogram of waits: one row per tier and length. */
export const waitsCsv = ({ tiers }: RunRecord): string =>
  csv(
    ["tier", "seconds", "count"],
    TIERS.flatMap((tier) => tiers[tier].waits.map(([seconds, count]): Cell[] => [tier, seconds, count])),
  );

/** Every node. */
export function nodesCsv({ nodes }: RunRecord): string {
  const rows = Array.from(nodes.tier, (tier, i): Cell[] => [
    i,
    TIERS[tier],
    nodes.joinedHeight[i]!,
    nodes.confirmedSeconds[i]!,
    nodes.payments[i]!,
    formatFlux(nodes.earned[i]!),
  ]);
  return csv(["node", "tier", "joined_height", "confirmed_seconds", "payments", "earned_flux"], rows);
}

/** Every event; `from_flux` and `to_flux` are the subsidy, the supply, or nothing and the amount paid. */
export function eventsCsv({ events, samples, scenario }: RunRecord): string {
  const rows = events.map((event): Cell[] => {
    const seconds = secondsAtHeight(samples, event.height);
    return [event.height, seconds, dateCell(scenario.startDate, seconds), event.type, ...eventCells(event)];
  });
  return csv(["height", "seconds", "date", "type", "subject", "from_flux", "to_flux"], rows);
}

function eventCells(event: ChainEvent): [subject: Cell, from: Cell, to: Cell] {
  switch (event.type) {
    case "subsidy":
      return [undefined, formatFlux(event.from), formatFlux(event.to)];
    case "upgrade":
      return [event.upgrade, undefined, undefined];
    case "funding":
      return [event.fund, undefined, formatFlux(event.amount)];
    case "transitionEnd":
      return [event.tier, undefined, undefined];
    case "shock":
      return [`shock ${event.shock}`, undefined, undefined];
    case "capPassed":
      return [undefined, formatFlux(event.before), formatFlux(event.after)];
    default:
      return unreachable(event, "Event row");
  }
}

/** Each tier over the whole run. Cells are empty where there is no figure. */
export function tiersCsv(record: RunRecord): string {
  const head = [
    "tier",
    "payments",
    "paid_flux",
    "confirmed_seconds",
    "payout_per_node_year_flux",
    "collateral_flux",
    "native_roi",
    "roi_with_parallel",
    "waits",
    "wait_p5_seconds",
    "wait_median_seconds",
    "wait_mean_seconds",
    "wait_p95_seconds",
    "wait_p99_seconds",
  ];
  const rows = TIERS.map((tier): Cell[] => {
    const { payments, paid, confirmedSeconds, waits } = record.tiers[tier];
    const { native, collateral, nativeRoi, totalRoi } = tierReturn(record, tier);
    const summary = waitSummary(waits);
    return [
      tier,
      payments,
      formatFlux(paid),
      confirmedSeconds,
      native === undefined ? undefined : formatFlux(native),
      formatFlux(collateral),
      nativeRoi,
      totalRoi,
      summary?.count ?? 0,
      summary?.p5,
      summary?.median,
      summary?.mean,
      summary?.p95,
      summary?.p99,
    ];
  });
  return csv(head, rows);
}

const dateCell = (startDate: string | undefined, seconds: number): Cell =>
  startDate === undefined ? undefined : dateAfter(startDate, seconds);

/** Every pair of confirmations and replaced blocks, one row each; broken invariants separated by spaces. */
export function bridgeCsv({ pairs }: Bridge): string {
  const head = [
    "confirmations",
    "replaced_blocks",
    "exposed_blocks",
    "exposed_seconds",
    "shortfall_flux",
    "attack_cost_flux",
    "break_even_flux",
    "broken",
  ];
  const rows = pairs.map((pair): Cell[] => [
    pair.confirmations,
    pair.depth,
    pair.exposedBlocks,
    pair.exposedMs / 1_000,
    formatFlux(pair.shortfall),
    formatFlux(pair.attackCost),
    pair.breakEven === undefined ? undefined : formatFlux(pair.breakEven),
    pair.broken.join(" "),
  ]);
  return csv(head, rows);
}
