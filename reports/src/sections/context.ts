import type { Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { NARROW, WIDE } from "../charts/frame.ts";
import type { Clock } from "../charts/timeTicks.ts";
import { grouped } from "../format.ts";
import type { Markup } from "../markup.ts";
import { momentOf, secondsAtHeight } from "../metrics/timeline.ts";

// What the sections share: the run's clock, heights in words, a chart drawn twice, and thinned columns for data tables.

export const clockOf = ({ samples, scenario }: RunRecord): Clock => ({
  samples,
  startDate: scenario.startDate,
});

/** "height 1,313,200 (2023-02-08)". The height lies in the run. */
export function heightInWords(record: RunRecord, height: number): string {
  const seconds = secondsAtHeight(record.samples, height);
  return `height ${grouped(height)} (${momentOf(record.scenario.startDate, seconds)})`;
}

/** Whether anything can be drawn over time: a run of a single block has no length. */
export const hasLength = ({ seconds }: RunRecord): boolean => seconds > 0;

export const NO_LENGTH = "The run has a single block, so there is nothing to draw over time.";

/** The tiers that had a confirmed node at any time. */
export const wasConfirmed = (record: RunRecord, tier: Tier): boolean =>
  record.tiers[tier].confirmedSeconds > 0;

/** The same chart for wide pages and for phones; `id` must not be used twice on the page. */
export const bothWidths = (id: string, draw: (id: string, width: number) => Markup) => ({
  wide: draw(id, WIDE),
  narrow: draw(`${id}-narrow`, NARROW),
});

/** Sample numbers for a table a person reads: every tenth and the last. All samples are in samples.csv. */
export function tableSamples({ samples }: RunRecord): number[] {
  const last = samples.height.length - 1;
  const tenths = Array.from({ length: Math.floor(last / 10) + 1 }, (_, i) => i * 10);
  return tenths.at(-1) === last ? tenths : [...tenths, last];
}

/** The first cells of a row of a time table: height, and the day or time since the first block. */
export const timeCells = (record: RunRecord, sample: number): [string, string] => [
  grouped(record.samples.height[sample]!),
  momentOf(record.scenario.startDate, record.samples.seconds[sample]!),
];
