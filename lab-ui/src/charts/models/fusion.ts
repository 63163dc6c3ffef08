import type { FusionChainRecord, RunRecord } from "@fluxlab/sim";
import { text } from "../../text/en.ts";
import type { Series, TimeChart } from "../timeChart.ts";
import { fluxColumn, OTHER_LOOK, TIER_LOOK, tick, withUnit } from "./common.ts";

// Swaps that a relayer pays from what it has at hand.

/** A colour and a dash for each chain; with more than six they come again. */
const LOOKS = [...Object.values(TIER_LOOK), ...Object.values(OTHER_LOOK)];

const ofChains = (record: RunRecord, column: (chain: FusionChainRecord) => ArrayLike<number>): Series[] =>
  (record.fusion?.chains ?? []).map((chain, i) => ({
    name: chain.symbol,
    ...LOOKS[i % LOOKS.length]!,
    x: record.samples.seconds,
    y: column(chain),
  }));

export const atHandChart = (record: RunRecord): TimeChart => ({
  id: "fusion-at-hand",
  ...text.fusion.atHand,
  lines: ofChains(record, ({ atHand }) => fluxColumn(atHand)),
  format: withUnit("FLUX"),
  tick,
});

export const waitingChart = (record: RunRecord): TimeChart => ({
  id: "fusion-waiting",
  ...text.fusion.waiting,
  lines: ofChains(record, ({ waiting }) => waiting),
  format: withUnit("swaps"),
  tick,
});
