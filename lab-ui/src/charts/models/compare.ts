import { TIERS } from "@fluxlab/core";
import type { AnyRecord, RunRecord, Samples } from "@fluxlab/sim";
import type { Series, TimeChart } from "../timeChart.ts";
import { tick, withUnit } from "./common.ts";
import { FIGURES, type Figure, figureName } from "./figures.ts";

// Runs side by side.

/** Colours and dashes of runs; the palette tells apart for the colour-blind too. */
export const LOOKS = [
  { color: "var(--cumulus)" },
  { color: "var(--nimbus)", dash: "8 3" },
  { color: "var(--stratus)", dash: "3 3" },
  { color: "var(--producers)", dash: "10 3 2 3" },
  { color: "var(--dev-fund)", dash: "1 3" },
] as const;

/** Runs that can be told apart on one chart. */
export const MOST_COMPARED = LOOKS.length;

/** One run of a comparison. */
export interface Compared {
  readonly name: string;
  readonly record: RunRecord;
}

export const compareChart = (runs: readonly Compared[], figure: Figure): TimeChart => ({
  id: `compare-${figure}`,
  title: figureName(figure),
  note: runs.map(({ name }) => name).join(" · "),
  lines: runs.map(
    ({ name, record }, i): Series => ({
      name,
      ...LOOKS[i % LOOKS.length]!,
      x: record.samples.seconds,
      y: FIGURES[figure](record),
    }),
  ),
  format: withUnit(""),
  tick,
});

/** A parameter that not all runs share, with each run's value as text. */
export interface Difference {
  readonly path: string;
  readonly values: readonly string[];
}

/** Words for the reader that change nothing of a run. */
const WORDS = new Set(["title", "question"]);

/** The scenarios' parameters, the seed among them, that differ between runs. */
export function differences(records: readonly Pick<AnyRecord, "scenario" | "seed">[]): Difference[] {
  const flat = records.map(({ scenario, seed }) => flatten({ ...scenario, seed }));
  const paths = [...new Set(flat.flatMap((values) => [...values.keys()]))].filter((path) => !WORDS.has(path));
  return paths
    .map((path) => ({ path, values: flat.map((values) => values.get(path) ?? "–") }))
    .filter(({ values }) => new Set(values).size > 1);
}

function flatten(value: object, above = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, member] of Object.entries(value)) {
    const path = above === "" ? key : `${above}.${key}`;
    if (typeof member !== "object" || member === null || Array.isArray(member))
      flat.set(path, String(member));
    else for (const [inner, text] of flatten(member as object, path)) flat.set(inner, text);
  }
  return flat;
}

/** Where two runs part: the height of the first sample that differs; `none` if no sample does, `incomparable` heights. */
export type FirstDifference = number | "none" | "incomparable";

/** Compares what both have played, sample by sample. */
export function firstDifference(a: Samples, b: Samples): FirstDifference {
  const length = Math.min(a.height.length, b.height.length);
  for (let i = 0; i < length; i++) {
    if (a.height[i] !== b.height[i]) return "incomparable";
    if (columnsOf(a).some((column, c) => column[i] !== columnsOf(b)[c]![i])) return a.height[i]!;
  }
  return length === 0 ? "incomparable" : "none";
}

const columnsOf = (samples: Samples): readonly ArrayLike<number | bigint>[] => [
  samples.seconds,
  samples.supply,
  samples.toProducers,
  samples.toDevFund,
  samples.toFunds,
  samples.started,
  samples.dos,
  ...TIERS.flatMap((tier) => {
    const { queue, payments, paid, share } = samples.tiers[tier];
    return [queue, payments, paid, share];
  }),
];
