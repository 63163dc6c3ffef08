import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { max, sum } from "d3-array";
import { bandChart } from "../charts/bandChart.ts";
import { lineRoom } from "../charts/lineChart.ts";
import { stackedChart } from "../charts/stackedChart.ts";
import {
  compact,
  duration,
  fluxNumber,
  grouped,
  listed,
  percent,
  readableFlux,
  trimmedFlux,
} from "../format.ts";
import { figure, note, paragraph, type Section, table } from "../html/components.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { milestones } from "../metrics/milestones.ts";
import { dailyPayouts, nodeYears, type YearlySpread, yearlySpread } from "../metrics/payout.ts";
import { subsidyEras } from "../metrics/subsidy.ts";
import { waitSummary } from "../metrics/waits.ts";
import { TIER_NAME } from "../names.ts";
import {
  bothWidths,
  clockOf,
  hasLength,
  NO_LENGTH,
  tableSamples,
  timeCells,
  wasConfirmed,
} from "./context.ts";

export function payoutSection(record: RunRecord): Section {
  const drawn = hasLength(record)
    ? [tierFigure(record), erasTable(record), nodeFigure(record), nodesTable(record)]
    : note(NO_LENGTH);
  return {
    id: "payout",
    title: "Payout per tier and per node",
    body: [
      paragraph(
        "Every block pays one node of each tier that has a queue. What the tier gets is fixed by height; what a node gets depends on how many share it.",
      ),
      drawn,
    ],
  };
}

function tierFigure(record: RunRecord): Markup {
  const daily = TIERS.map((tier) => dailyPayouts(record.samples, tier));
  const totals = Array.from(daily[0]!, (_, i) => sum(daily, (tier) => tier[i]!));
  const layers = TIERS.map((tier, index) => ({
    name: `${TIER_NAME[tier]} ${compact(daily[index]!.at(-1)!, 3)}`,
    className: tier,
    values: daily[index]!,
  }));
  const title = "Payout per tier over time";
  return figure({
    caption: "FLUX a day to each tier, stacked. The figures at the right are those of the end.",
    drawing: bothWidths("tier-payout", (id, width) =>
      stackedChart(
        {
          text: {
            id,
            title,
            description: `At the end of the run, FLUX a day: ${layers.map(({ name }) => name).join(", ")}.`,
          },
          width,
          plotHeight: 220,
          clock: clockOf(record),
          unit: "FLUX a day",
          domain: [0, (max(totals) || 1) * 1.06],
          format: compact,
          marks: milestones(record.events.filter(({ type }) => type === "subsidy")),
          room: lineRoom(layers),
        },
        layers,
      ),
    ),
    data: {
      caption: title,
      head: ["Height", "When", ...TIERS.map((tier) => `${TIER_NAME[tier]}, FLUX a day`)],
      text: [1],
      rows: tableSamples(record)
        .filter((at) => at > 0)
        .map((at) => [...timeCells(record, at), ...daily.map((tier) => grouped(Math.round(tier[at - 1]!)))]),
    },
  });
}

/** What each stretch of equal subsidy paid a node; nothing if the subsidy never changed. */
function erasTable(record: RunRecord): Content {
  const eras = subsidyEras(record);
  if (eras.length < 2) return undefined;
  return table({
    caption: "Payout per node and year at each subsidy, FLUX",
    head: ["Heights", "Subsidy, FLUX a block", ...TIERS.map((tier) => TIER_NAME[tier])],
    rows: eras.map(({ firstHeight, lastHeight, subsidy, payout }) => [
      `${grouped(firstHeight)} – ${grouped(lastHeight)}`,
      trimmedFlux(subsidy),
      ...TIERS.map((tier) => amount(payout[tier])),
    ]),
  });
}

function nodeFigure(record: RunRecord): Markup {
  const spreads = TIERS.map((tier) => ({ tier, stretches: yearlySpread(record, tier) }));
  const stretch = record.spread.seconds[0] ?? 0;
  return figure({
    caption: `FLUX a year per node: mean (line) and 5th to 95th percentile (band) over nodes confirmed all through stretches of ${duration(stretch)}, scaled to a year.${whyWide(record, stretch)}`,
    drawing: {
      panels: spreads.map(({ tier, stretches }) => nodePanel(record, tier, stretches)),
    },
    data: {
      caption: "Payout per node, FLUX a year",
      head: ["Heights", "Tier", "Nodes", "5 %", "Median", "Mean", "95 %"],
      text: [1],
      rows: spreads.flatMap(({ tier, stretches }) =>
        stretches.map(({ firstHeight, lastHeight, nodes, low, median, mean, high }): Content[] => [
          `${grouped(firstHeight)} – ${grouped(lastHeight)}`,
          TIER_NAME[tier],
          grouped(nodes),
          ...[low, median, mean, high].map(readableFlux),
        ]),
      ),
    },
  });
}

/** Below this many payments in a stretch a node gets visibly whole payments, and the band is as wide as one or two of them. */
const MANY_PAYMENTS = 10;

function whyWide(record: RunRecord, stretch: number): string {
  const few = TIERS.flatMap((tier) => {
    const payments = stretch / (waitSummary(record.tiers[tier].waits)?.median ?? 0);
    return payments < MANY_PAYMENTS ? [`${TIER_NAME[tier]} ${payments.toFixed(1)}`] : [];
  });
  return few.length === 0
    ? ""
    : ` The payments in a stretch are few (${listed(few)}), so the band shows whole payments.`;
}

function nodePanel(record: RunRecord, tier: Tier, stretches: readonly YearlySpread[]): Markup {
  const heading = element("h3", {}, TIER_NAME[tier]);
  if (stretches.length < 2) {
    const why = wasConfirmed(record, tier)
      ? "Fewer than two stretches had a node confirmed all through."
      : "No node of this tier was confirmed.";
    return element("div", { class: `panel ${tier}` }, heading, note(why));
  }
  const column = (of: (stretch: YearlySpread) => bigint) =>
    stretches.map((stretch) => fluxNumber(of(stretch)));
  const high = column((stretch) => stretch.high);
  const middle = column((stretch) => stretch.mean);
  const last = readableFlux(stretches.at(-1)!.mean);
  const panel = bandChart(
    {
      text: {
        id: `node-payout-${tier}`,
        title: `Payout per ${TIER_NAME[tier]} node over time`,
        description: `The mean goes from ${readableFlux(stretches[0]!.mean)} to ${last} FLUX a year.`,
      },
      width: 300,
      plotHeight: 150,
      clock: clockOf(record),
      unit: "FLUX a year",
      domain: [0, (max([...high, ...middle]) || 1) * 1.06],
      format: compact,
      marks: [],
      room: 8,
    },
    {
      className: tier,
      seconds: stretches.map(({ seconds }) => seconds),
      low: column((stretch) => stretch.low),
      middle,
      high,
    },
  );
  return element("div", { class: `panel ${tier}` }, heading, panel);
}

/** Part of the run that a node must have been confirmed for to count in {@link nodesTable}. */
const LEAST_CONFIRMED = 0.9;

function nodesTable(record: RunRecord): Content {
  const rows = TIERS.flatMap((tier, index): Content[][] => {
    const found = nodeYears(record.nodes, index, record.seconds * LEAST_CONFIRMED);
    if (found === undefined) return [];
    return [
      [TIER_NAME[tier], grouped(found.nodes), ...[found.low, found.median, found.high].map(readableFlux)],
    ];
  });
  if (rows.length === 0) return undefined;
  return table({
    caption: `Single nodes over the whole run, FLUX a year: those confirmed for at least ${percent(LEAST_CONFIRMED, 0)} of it`,
    head: ["Tier", "Nodes", "5 %", "Median", "95 %"],
    rows,
  });
}

const amount = (value: bigint | undefined): string => (value === undefined ? "–" : readableFlux(value));
