import type { Tier } from "@fluxlab/core";
import { fluxNumber, issuanceSteps, payoutRateBetween } from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";
import { text } from "../../text/en.ts";
import { fluxColumn, withFirst } from "./common.ts";

// Figures that runs are compared by: one value a sample.

/** Samples that a payout is averaged over: a tenth of the run, so that queues have gone round. */
const PAYOUT_SAMPLES = 48;

const payout =
  (tier: Tier) =>
  ({ samples }: RunRecord): Float64Array =>
    Float64Array.from(samples.seconds, (_, i) => {
      const rate = payoutRateBetween(samples, tier, Math.max(i - PAYOUT_SAMPLES, 0), i);
      return rate === undefined ? Number.NaN : fluxNumber(rate);
    });

const queue =
  (tier: Tier) =>
  ({ samples }: RunRecord): Float64Array =>
    Float64Array.from(samples.tiers[tier].queue);

/** Every figure, by the name it has in an address. */
export const FIGURES = {
  payoutCumulus: payout("cumulus"),
  payoutNimbus: payout("nimbus"),
  payoutStratus: payout("stratus"),
  supply: ({ samples }: RunRecord) => fluxColumn(samples.supply),
  issuance: ({ samples }: RunRecord) => withFirst(issuanceSteps(samples).map(({ perDay }) => perDay)),
  queueCumulus: queue("cumulus"),
  queueNimbus: queue("nimbus"),
  queueStratus: queue("stratus"),
  dos: ({ samples }: RunRecord) => Float64Array.from(samples.dos),
} as const;

export type Figure = keyof typeof FIGURES;

export const FIGURE_NAMES = Object.keys(FIGURES) as Figure[];

/** Whether the text names a figure. */
export const isFigure = (name: unknown): name is Figure => FIGURE_NAMES.includes(name as Figure);

/** What a figure is called, with its unit. */
export const figureName = (figure: Figure): string => text.metrics[figure];
