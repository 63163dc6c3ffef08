import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { histogramChart } from "../charts/histogramChart.ts";
import { duration, durationUnit, grouped } from "../format.ts";
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
      head: ["Tier", "From", "To (less than)", "Waits"],
      rows: TIERS.flatMap((tier) =>
        waitBins(record.tiers[tier].waits, BARS).map(({ from, to, count }): Content[] => [
          TIER_NAME[tier],
          exactDuration(from),
          exactDuration(to),
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
  const [unitSeconds, unit] = durationUnit(summary.median);
  const median = duration(summary.median);
  const within = duration(summary.p95);
  const panel = histogramChart({
    text: {
      id: `waits-${tier}`,
      title: `Waits of ${TIER_NAME[tier]} nodes`,
      description: `${grouped(summary.count)} waits; median ${median}, 95 % within ${within}, longest ${duration(summary.longest)}.`,
    },
    className: tier,
    bins: waitBins(waits, BARS),
    marks:
      summary.median === summary.p95
        ? [{ seconds: summary.median, name: `median and 95 %: ${median}` }]
        : [
            { seconds: summary.median, name: `median ${median}` },
            { seconds: summary.p95, name: `95 %: ${within}` },
          ],
    unitSeconds,
    unit,
  });
  return element("div", { class: `panel ${tier}` }, heading, panel);
}

function waitTable(found: readonly { readonly tier: Tier; readonly summary: WaitSummary }[]): Markup {
  return table({
    caption: "Waits per tier",
    head: ["Tier", "Waits", "Shortest", "5 %", "Median", "Mean", "95 %", "99 %", "Longest"],
    rows: found.map(({ tier, summary }) => [
      TIER_NAME[tier],
      grouped(summary.count),
      ...[
        summary.shortest,
        summary.p5,
        summary.median,
        summary.mean,
        summary.p95,
        summary.p99,
        summary.longest,
      ].map(exactDuration),
    ]),
  });
}

/** Days, hours, minutes and seconds, none lost: "11 d 16 h 48 min". Means are rounded to the second. */
function exactDuration(seconds: number): string {
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, name] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const) {
    const count = Math.floor(left / unit);
    left -= count * unit;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}
