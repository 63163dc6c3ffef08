import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { histogramChart } from "../charts/histogramChart.ts";
import { type DurationUnit, durationIn, durationUnit, grouped } from "../format.ts";
import { figure, note, paragraph, type Section, table } from "../html/components.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { type WaitSummary, waitBins, waitSummary } from "../metrics/waits.ts";
import { TIER_NAME } from "../names.ts";

const BARS = 32;

export function waitsSection(record: RunRecord): Section {
  const found = TIERS.flatMap((tier) => {
    const summary = waitSummary(record.tiers[tier].waits);
    return summary === undefined ? [] : [{ tier, summary }];
  });
  const intro = paragraph(
    "A wait runs from a payment to the same node's next, or from its confirmation to its first. With N nodes in a queue and one payment a block it is about N blocks; waits that began before the run are not counted.",
  );
  const body =
    found.length === 0 ? note("No wait ended within the run.") : [waitFigure(record), waitTable(found)];
  return { id: "waits", title: "Waiting for a payment", body: [intro, body] };
}

function waitFigure(record: RunRecord): Markup {
  return figure({
    caption:
      "How many waits were how long, with the median and the length that 95 % stay within. Each panel has its own axis.",
    drawing: { panels: TIERS.map((tier) => waitPanel(record, tier)) },
    data: {
      caption: "Waits by length",
      head: ["Tier", "From, seconds", "To less than, seconds", "Waits"],
      rows: TIERS.flatMap((tier) =>
        waitBins(record.tiers[tier].waits, BARS).map(({ from, to, count }): Content[] => [
          TIER_NAME[tier],
          grouped(from),
          grouped(to),
          grouped(count),
        ]),
      ),
    },
  });
}

function waitPanel(record: RunRecord, tier: Tier): Markup {
  const { waits } = record.tiers[tier];
  const heading = element("h3", {}, TIER_NAME[tier]);
  const summary = waitSummary(waits);
  if (summary === undefined)
    return element("div", { class: `panel ${tier}` }, heading, note("No wait ended within the run."));
  const unit = durationUnit(summary.median);
  const places = placesThatTellApart(summary, unit);
  const [median, within, longest] = [summary.median, summary.p95, summary.longest].map((seconds) =>
    durationIn(seconds, unit, places),
  );
  const panel = histogramChart({
    text: {
      id: `waits-${tier}`,
      title: `Waits of ${TIER_NAME[tier]} nodes`,
      description: `${grouped(summary.count)} waits; median ${median}, 95 % within ${within}, longest ${longest}.`,
    },
    className: tier,
    bins: waitBins(waits, BARS),
    marks:
      median === within
        ? [{ seconds: summary.median, name: `median and 95 %: ${median}` }]
        : [
            { seconds: summary.median, name: `median ${median}` },
            { seconds: summary.p95, name: `95 %: ${within}` },
          ],
    unitSeconds: unit[0],
    unit: unit[1],
  });
  return element("div", { class: `panel ${tier}` }, heading, panel);
}

/** Decimal places with which the median and the 95th percentile do not look the same, if they differ. */
function placesThatTellApart({ median, p95 }: WaitSummary, unit: DurationUnit): number {
  const shown = (places: number) => durationIn(median, unit, places) !== durationIn(p95, unit, places);
  return median === p95 ? 1 : ([1, 2, 3].find(shown) ?? 4);
}

function waitTable(found: readonly { readonly tier: Tier; readonly summary: WaitSummary }[]): Markup {
  return table({
    caption: "Waits per tier",
    head: ["Tier", "Waits", "Shortest", "5 %", "Median", "Mean", "95 %", "99 %", "Longest"],
    rows: found.map(({ tier, summary }): Content[] => {
      const { count, shortest, p5, median, mean, p95, p99, longest } = summary;
      const lengths = [shortest, p5, median, mean, p95, p99, longest];
      const [unitSeconds, unit] = durationUnit(median);
      const cells = lengths.map((seconds) => (seconds / unitSeconds).toFixed(3));
      return [`${TIER_NAME[tier]}, ${unit}`, grouped(count), ...cells];
    }),
  });
}
