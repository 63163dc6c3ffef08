import type { CurveColumns, PredictionCurves } from "@fluxlab/lab-ui/api";
import { duration } from "@fluxlab/reports/metrics";
import type { SpreadRecord } from "@fluxlab/sim";
import type { HistoryCurves } from "../../network/historyCurves.ts";
import type { SpreadHistory } from "../../network/spreadHistory.ts";
import { text } from "../../text/en.ts";
import type { TimeChart } from "../timeChart.ts";
import { tick, withUnit } from "./common.ts";
import { trafficCharts } from "./spread.ts";

// The charts that testnets have besides those of every network.

const words = text.testnets;

/** Height of the chain that most nodes are on, over time. */
export function heightChart({ agreement }: SpreadRecord): TimeChart {
  return {
    id: "height",
    ...words.charts.heights,
    lines: [
      {
        name: words.charts.main,
        color: "var(--accent)",
        x: agreement?.seconds ?? [],
        y: agreement?.height ?? [],
      },
    ],
    floor: agreement?.height[0] ?? 0,
    format: withUnit(""),
    tick,
  };
}

/** Bytes a second over all links; nothing where nobody counted. */
export const bytesCharts = (history: SpreadHistory): TimeChart[] =>
  trafficCharts(history)
    .filter(({ id }) => id === "bytes")
    .map((chart) => ({ ...chart, ...words.charts.bytes }));

const CURVES = ["height", "tips", "half", "all"] as const satisfies readonly (keyof CurveColumns)[];

/** The real network as lines over what simulations of it span. */
export function predictionCharts(
  { seconds, simulated }: Pick<PredictionCurves, "seconds" | "simulated">,
  real: HistoryCurves | CurveColumns,
): TimeChart[] {
  const range = words.prediction.range(simulated.length);
  return CURVES.map((curve): TimeChart => {
    const spans = seconds.map((_, i) => span(simulated.map((each) => each[curve][i])));
    const known = [...spans.map(([low]) => low), ...numbers(real[curve])].filter(
      (value) => !Number.isNaN(value),
    );
    const inSeconds = curve === "half" || curve === "all";
    return {
      id: `simulated-${curve}`,
      ...words.prediction[curve],
      bands: [
        {
          ...{ name: range, color: "var(--nimbus)", opacity: 0.3, x: seconds },
          ...{ low: spans.map(([low]) => low), high: spans.map(([, high]) => high) },
        },
      ],
      lines: [{ name: words.prediction.real, color: "var(--accent)", x: seconds, y: numbers(real[curve]) }],
      ...(curve === "height" ? { floor: Math.min(...known) } : {}),
      format: inSeconds ? (value) => duration(value) : withUnit(""),
      tick,
    };
  });
}

const numbers = (values: ArrayLike<number | null>): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN);

/** From the least to the most; NaN: nobody has a value. */
function span(values: readonly (number | null | undefined)[]): readonly [low: number, high: number] {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? [Number.NaN, Number.NaN] : [Math.min(...known), Math.max(...known)];
}
