import type { RunRecord } from "@fluxlab/sim";
import { compact, countWord, duration, fluxNumber, grouped, listed, shortFlux } from "../format.ts";
import { details, note, paragraph, type Section, table } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { chainStyle, dryChains, type Fusion, refillSeconds } from "../metrics/fusion.ts";
import { hasLength, NO_LENGTH } from "./context.ts";
import { countFigure } from "./countFigure.ts";

/** What the relayer had at hand on each chain, who waited for it, and what came of them. Undefined without such swaps. */
export function fusionSection(record: RunRecord): Section | undefined {
  const { fusion } = record;
  if (fusion === undefined) return undefined;
  return {
    id: "fusion",
    title: "Swaps against what is at hand",
    body: [
      paragraph(
        "A swap locks coins on its source; when the lock is confirmed, a relayer pays on the target, in order of arrival, from its float: the part of the chain's swap supply that it has at hand. The rest is in cold storage. A swap that the float does not reach for waits for a refill; when its time is up, it is cancelled on its source.",
      ),
      chainTable(fusion),
      hasLength(record) ? FIGURES.map((drawn) => drawn(record, fusion)) : note(NO_LENGTH),
      flowTable(fusion),
      note(invariantSentence(fusion)),
      details("Every refill", refillTable(fusion)),
    ],
  };
}

const moment = (seconds: number | undefined): string =>
  seconds === undefined ? "never" : `${duration(seconds)} in`;

const chainTable = ({ chains }: Fusion): Markup =>
  table({
    caption: "Each chain as the target of swaps",
    head: [
      "Chain",
      "Float, FLUX",
      "Least at hand",
      "First dry",
      "Dry for",
      "Paid",
      "Waited",
      "Longest wait",
      "Cancelled",
      "Cancelled, FLUX",
      "Refills",
      "A refill took",
    ],
    rows: chains.map((chain): Content[] => [
      chain.symbol,
      shortFlux(chain.float),
      shortFlux(chain.lowest),
      moment(chain.firstDrySeconds),
      chain.drySeconds === 0 ? "–" : duration(chain.drySeconds),
      grouped(chain.paid),
      grouped(chain.waited),
      chain.waited === 0 ? "–" : duration(chain.longestWaitSeconds),
      grouped(chain.cancelled),
      shortFlux(chain.cancelledAmount),
      grouped(chain.refillCount),
      span(refillSeconds(chain)),
    ]),
  });

function span(lengths: readonly [number, number] | undefined): string {
  if (lengths === undefined) return "–";
  const [from, to] = lengths.map(duration) as [string, string];
  return from === to ? from : `${from} to ${to}`;
}

const atHandFigure = (record: RunRecord, { chains }: Fusion): Markup =>
  chainFigure(record, "at-hand-chart", chains, ({ atHand }) => Array.from(atHand, fluxNumber), {
    title: "FLUX at hand over time",
    caption: "What the relayer has at hand on each chain, at the sample heights.",
    unit: "FLUX",
  });

const circulatingFigure = (record: RunRecord, { chains }: Fusion): Markup =>
  chainFigure(record, "circulating-chart", chains, ({ circulating }) => Array.from(circulating, fluxNumber), {
    title: "Supply by chain over time",
    caption: "FLUX that circulates on each chain, at the sample heights.",
    unit: "FLUX",
  });

const waitingFigure = (record: RunRecord, { chains }: Fusion): Markup =>
  chainFigure(record, "waiting-chart", chains, ({ waiting }) => Array.from(waiting), {
    title: "Swaps that wait over time",
    caption: "Confirmed swaps to each chain that its float does not reach for.",
    unit: "swaps",
  });

function chainFigure(
  record: RunRecord,
  id: string,
  chains: Fusion["chains"],
  valuesOf: (chain: Fusion["chains"][number]) => readonly number[],
  words: { readonly title: string; readonly caption: string; readonly unit: string },
): Markup {
  const lines = chains.map((chain, i) => {
    const values = valuesOf(chain);
    return { name: `${chain.symbol} ${compact(values.at(-1)!)}`, className: chainStyle(i), values };
  });
  const columns = chains.map(({ symbol }) => symbol);
  return countFigure(record, id, { ...words, lines, columns, plotHeight: 220, format: compact });
}

const flowTable = ({ flows }: Fusion): Markup =>
  table({
    caption: "Each flow of swaps",
    head: ["Flow", "Asked for", "FLUX", "Paid", "Cancelled", "Open at the end", "Refused: no coins"],
    rows: flows.map((flow): Content[] => [
      `${flow.source} to ${flow.target}`,
      grouped(flow.asked),
      shortFlux(flow.askedAmount),
      grouped(flow.paid),
      grouped(flow.cancelled),
      grouped(flow.open),
      grouped(flow.refused),
    ]),
  });

function invariantSentence({ operations, broken, mostCirculating, circulationCap }: Fusion): string {
  const verdict = broken.length === 0 ? "none was broken" : `broken: ${listed([...broken])}`;
  return `After each of ${grouped(operations)} operations the invariants of the ledger were checked: ${verdict}. At most ${shortFlux(mostCirculating)} FLUX circulated on all chains together; the cap is ${shortFlux(circulationCap)}.`;
}

const refillTable = ({ chains }: Fusion): Markup =>
  table({
    caption: "Refills delivered",
    head: ["Chain", "Ordered", "Took", "FLUX"],
    rows: chains.flatMap(({ symbol, refills }) =>
      Array.from(refills.amount, (amount, i): Content[] => {
        const ordered = refills.orderedSeconds[i]!;
        return [symbol, moment(ordered), duration(refills.deliveredSeconds[i]! - ordered), shortFlux(amount)];
      }),
    ),
  });

const FIGURES = [circulatingFigure, atHandFigure, waitingFigure];

/** The table in sentences. */
export function fusionSentences(fusion: Fusion): string[] {
  const [first, ...others] = dryChains(fusion);
  if (first === undefined)
    return [
      `No chain ran dry: each of ${grouped(swapsPaid(fusion))} swaps was paid when it first might have been.`,
    ];
  const { chain, seconds } = first;
  const later =
    others.length === 0
      ? "no other does"
      : listed(others.map((each) => `${each.chain.symbol} after ${duration(each.seconds)}`));
  const cancelled =
    chain.cancelled === 0 ? "none is cancelled" : `${countWord(chain.cancelled)} are cancelled`;
  const lengths = refillSeconds(chain);
  return [
    `${chain.symbol} runs dry first, after ${duration(seconds)}; ${later}.`,
    `Swaps to ${chain.symbol} wait for the float during ${duration(chain.drySeconds)} in all, the longest for ${duration(chain.longestWaitSeconds)}, and ${cancelled}.`,
    lengths === undefined ? "No refill comes within the run." : `A refill there takes ${span(lengths)}.`,
  ];
}

const swapsPaid = ({ chains }: Fusion): number => chains.reduce((sum, { paid }) => sum + paid, 0);
