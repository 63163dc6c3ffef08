import { compact, duration, grouped, percent } from "@fluxlab/reports/metrics";
import type { SpreadRecord } from "@fluxlab/sim";
import { text } from "../../text/en.ts";
import type { Series, TimeChart } from "../timeChart.ts";
import { tick, withUnit } from "./common.ts";
import { LOOKS } from "./compare.ts";

// Networks side by side, simulated or real.

const words = text.compareNetworks;

/** One network of a comparison. */
export interface ComparedNetwork {
  readonly name: string;
  readonly record: SpreadRecord;
}

type Column = Pick<Series, "x" | "y">;
const NOTHING: Column = { x: [], y: [] };

/** What each chart shows of a network; blocks that did not stay are left out of how long blocks take. */
const COLUMNS: Readonly<Record<keyof typeof words.charts, (record: SpreadRecord) => Column>> = {
  half: ({ blocks }) => onMain(blocks, blocks.p50),
  all: ({ blocks }) => onMain(blocks, blocks.all),
  height: ({ agreement }) =>
    agreement === undefined ? NOTHING : { x: agreement.seconds, y: agreement.height },
  apart: ({ agreement }) =>
    agreement === undefined ? NOTHING : { x: agreement.seconds, y: agreement.apart },
};

function onMain({ onMainChain, minedSeconds }: SpreadRecord["blocks"], y: Float64Array): Column {
  const kept = (_: number, row: number) => onMainChain[row] === 1;
  return { x: minedSeconds.filter(kept), y: y.filter(kept) };
}

/** One chart a figure, with a line a network. */
export const networkCharts = (networks: readonly ComparedNetwork[]): TimeChart[] =>
  (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map((id) => ({
    id: `networks-${id}`,
    ...words.charts[id],
    lines: networks.map(({ name, record }, i) => ({
      name,
      ...LOOKS[i % LOOKS.length]!,
      ...COLUMNS[id](record),
    })),
    format: id === "half" || id === "all" ? (seconds) => inSeconds(seconds) : withUnit(""),
    tick,
  }));

const inSeconds = (seconds: number): string =>
  seconds < 10 ? `${compact(seconds, 3)} s` : duration(seconds);

/** The figures of networks as rows of a table. */
export function networkFigures(networks: readonly ComparedNetwork[]): {
  readonly id: keyof typeof words.figures;
  readonly values: readonly string[];
}[] {
  const of = (value: (record: SpreadRecord) => string) => networks.map(({ record }) => value(record));
  const meanOf = (id: "half" | "all") => (record: SpreadRecord) => {
    const known = Array.from(COLUMNS[id](record).y).filter((seconds) => !Number.isNaN(seconds));
    return known.length === 0 ? "–" : inSeconds(known.reduce((sum, each) => sum + each, 0) / known.length);
  };
  return [
    { id: "blocks", values: of(({ blocks }) => grouped(blocks.height.length)) },
    { id: "stale", values: of(stale) },
    { id: "half", values: of(meanOf("half")) },
    { id: "all", values: of(meanOf("all")) },
    {
      id: "apart",
      values: of(({ agreement }) =>
        agreement === undefined ? "–" : grouped(Math.max(0, ...agreement.apart)),
      ),
    },
    { id: "reorg", values: of(({ reorganisations }) => `${reorganisations?.at(-1)?.[0] ?? 0}`) },
    {
      id: "findings",
      values: of(({ findings }) => (findings === undefined ? "–" : grouped(findings.length))),
    },
  ];
}

function stale({ blocks: { onMainChain } }: SpreadRecord): string {
  const left = onMainChain.reduce((count, isMain) => count + 1 - isMain, 0);
  return `${grouped(left)} (${percent(left / Math.max(onMainChain.length, 1), 1)})`;
}
