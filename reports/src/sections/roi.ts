import { TIERS } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { barChart } from "../charts/barChart.ts";
import { dollars, grouped, percent, readableFlux, trimmedFlux } from "../format.ts";
import { figure, note, paragraph, type Section, table } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { type TierReturn, tierReturn } from "../metrics/roi.ts";
import { TIER_NAME } from "../names.ts";
import { bothWidths } from "./context.ts";

export function roiSection(record: RunRecord): Section {
  const returns = TIERS.map((tier) => tierReturn(record, tier));
  const { economics, parallelAssets } = record.scenario;
  const parallel =
    parallelAssets === undefined
      ? ""
      : ` On top, with ${parallelAssets.released} parallel chains released, model ${parallelAssets.model}: what the node becomes eligible for there, counted at the value of native FLUX and as if claimed in full.`;
  return {
    id: "roi",
    title: "Return on collateral",
    body: [
      paragraph(
        `A year's payout to a confirmed node as a part of the collateral it locks, averaged over the run.${parallel}`,
      ),
      roiFigure(returns, parallelAssets !== undefined),
      economics === undefined
        ? note("The scenario gives no prices, so there are no dollar figures.")
        : [
            dollarTable(returns, economics.price, parallelAssets !== undefined),
            note(
              "At a constant price. Break-even: the years of net income that add up to the collateral's worth today; the collateral itself stays the operator's.",
            ),
          ],
    ],
  };
}

function roiFigure(returns: readonly TierReturn[], withParallel: boolean): Markup {
  const bars = returns.map(({ tier, nativeRoi, totalRoi }) => ({
    name: TIER_NAME[tier],
    className: tier,
    parts: [nativeRoi ?? 0, (totalRoi ?? 0) - (nativeRoi ?? 0)],
    value: roiText(nativeRoi, totalRoi, withParallel),
  }));
  const title = "Return on collateral per tier, a year";
  const described = bars.map(({ name, value }) => `${name}: ${value}`).join("; ");
  return figure({
    caption: withParallel ? `${title}: native, and with parallel assets (lighter)` : title,
    drawing: bothWidths("roi-chart", (id, width) =>
      barChart({ id, title, description: described }, width, bars),
    ),
    shown: true,
    data: {
      caption: "Payout and return per node",
      head: [
        "Tier",
        "Collateral, FLUX",
        "Payout, FLUX a year",
        "Native ROI",
        ...(withParallel ? ["Parallel, FLUX a year", "ROI with parallel"] : []),
      ],
      rows: returns.map(({ tier, collateral, native, parallel, nativeRoi, totalRoi }): Content[] => [
        TIER_NAME[tier],
        trimmedFlux(collateral),
        optional(native, readableFlux),
        optional(nativeRoi, percentTwo),
        ...(withParallel ? [optional(parallel, readableFlux), optional(totalRoi, percentTwo)] : []),
      ]),
    },
  });
}

function roiText(native: number | undefined, total: number | undefined, withParallel: boolean): string {
  if (native === undefined || total === undefined) return "no confirmed node";
  return withParallel ? `${percent(native)}, ${percent(total)} in all` : percent(native);
}

function dollarTable(returns: readonly TierReturn[], price: string, withParallel: boolean): Markup {
  return table({
    caption: `US dollars per node and month, one FLUX at ${price}`,
    head: [
      "Tier",
      "Gross",
      ...(withParallel ? ["Parallel"] : []),
      "Cost",
      "Net",
      "Collateral",
      "Break-even, years",
      ...(withParallel ? ["Net with parallel", "Break-even with parallel, years"] : []),
    ],
    rows: returns.map(({ tier, usd }): Content[] => [
      TIER_NAME[tier],
      optional(usd?.gross, dollars),
      ...(withParallel ? [optional(usd?.parallel, dollars)] : []),
      optional(usd?.cost, dollars),
      optional(usd?.net, dollars),
      optional(usd?.collateral, wholeDollars),
      usd === undefined ? "–" : years(usd.breakEvenYears),
      ...(withParallel
        ? [
            optional(usd?.netWithParallel, dollars),
            usd === undefined ? "–" : years(usd.breakEvenYearsWithParallel),
          ]
        : []),
    ]),
  });
}

const wholeDollars = (amount: number): string => `$${grouped(Math.round(amount))}`;

const years = (count: number | undefined): string => (count === undefined ? "never" : count.toFixed(1));

const percentTwo = (ratio: number): string => percent(ratio, 2);

/** A figure, or a dash where there is none. */
const optional = <T>(value: T | undefined, format: (value: T) => string): string =>
  value === undefined ? "–" : format(value);
