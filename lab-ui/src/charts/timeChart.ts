import {
  bandPath,
  linePath,
  type Point,
  placeFlags,
  type TimeTick,
  timeTicks,
} from "@fluxlab/reports/charts";
import type { Samples } from "@fluxlab/sim";
import { bisectRight } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";

// Charts over a run's time: what is drawn as data (TimeChart), and from it where everything lies (timeGeometry). No page here.

/** Numbers at moments: `x` are seconds since the first block, ascending. */
export interface Series {
  readonly name: string;
  /** A CSS colour. */
  readonly color: string;
  /** Dash pattern; whole if left out. Tiers differ in it too, for readers who do not tell colours apart. */
  readonly dash?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** The surface between two lines. */
interface Band {
  readonly name: string;
  readonly color: string;
  readonly opacity: number;
  readonly x: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** A moment that something happened at. */
export interface Mark {
  readonly seconds: number;
  readonly label: string;
  readonly alarm: boolean;
}

/** A chart as data. */
export interface TimeChart {
  /** Short name: file names of exports. */
  readonly id: string;
  readonly title: string;
  /** One line: what is shown, and in what unit. */
  readonly note: string;
  readonly lines: readonly Series[];
  readonly bands?: readonly Band[];
  /** The lines are surfaces, one on another; they share their moments. */
  readonly stacked?: boolean;
  /** A value that is always in sight. */
  readonly cap?: { readonly value: number; readonly label: string };
  readonly marks?: readonly Mark[];
  /** Seconds at its left end, where it shows more than the page's stretch of time: what was before the run. */
  readonly since?: number;
  /** Where history ends and projection begins. */
  readonly now?: { readonly seconds: number; readonly before: string; readonly after: string };
  /** Where the axis begins, instead of zero; it begins there on purpose, and the note says so. */
  readonly floor?: number;
  /** A value with its unit, and one for an axis. */
  readonly format: (value: number) => string;
  readonly tick: (value: number) => string;
}

/** How a chart is looked at. */
export interface TimeView {
  readonly width: number;
  readonly height: number;
  /** Seconds at the left and the right end. */
  readonly domain: readonly [number, number];
  readonly logarithmic: boolean;
  readonly startDate: string | undefined;
}

interface Drawn {
  readonly name: string;
  readonly color: string;
  readonly dash: string | undefined;
  readonly path: string;
}

/** Where everything lies, pixels. */
export interface TimeGeometry {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly surfaces: readonly (Drawn & { readonly opacity: number })[];
  readonly lines: readonly Drawn[];
  readonly xTicks: readonly { readonly at: number; readonly text: string }[];
  readonly yTicks: readonly { readonly at: number; readonly text: string }[];
  readonly cap: { readonly at: number; readonly label: string } | undefined;
  readonly now: { readonly at: number; readonly before: string; readonly after: string } | undefined;
  readonly marks: readonly (Mark & {
    readonly at: number;
    readonly row: number;
    readonly flipped: boolean;
  })[];
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  readonly secondsAt: (x: number) => number;
}

const LEFT = 56;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 26;
const ROW = 17;
const MOST_ROWS = 3;
const LETTER = 6.6;

/** Lays a chart out. */
export function timeGeometry(chart: TimeChart, view: TimeView): TimeGeometry {
  const right = Math.max(view.width - RIGHT, LEFT + 1);
  const domain = [chart.since ?? view.domain[0], view.domain[1]] as const;
  const x = scaleLinear(domain, [LEFT, right]);
  const firstRow = chart.now === undefined ? 0 : 1;
  const marks = layMarks(chart.marks ?? [], x, right, firstRow);
  const rows = marks.reduce((most, { row }) => Math.max(most, row + 1), firstRow);
  const top = TOP + rows * ROW;
  const bottom = Math.max(view.height - BOTTOM, top + 1);
  const y = yScale(chart, view.logarithmic, bottom, top);
  const toPoints = (xs: ArrayLike<number>, ys: ArrayLike<number>): Point[] =>
    Array.from(xs)
      .map((seconds, i): Point => [x(seconds), y(ys[i]!)])
      .filter((point) => Number.isFinite(point[1]));
  const drawn = ({ name, color, dash }: Series, path: string): Drawn => ({ name, color, dash, path });
  const bands = (chart.bands ?? []).map((band) => ({
    name: band.name,
    color: band.color,
    dash: undefined,
    opacity: band.opacity,
    path: surface(toPoints(band.x, band.high), toPoints(band.x, band.low)),
  }));
  const stack = chart.stacked === true ? stackedTops(chart.lines) : undefined;
  const floor = y.domain()[0]!;
  const stackedSurfaces = (stack ?? []).map((tops, i) => {
    const series = chart.lines[i]!;
    const below = stack?.[i - 1] ?? Array.from(tops, () => floor);
    return {
      ...drawn(series, surface(toPoints(series.x, tops), toPoints(series.x, below))),
      opacity: 0.82,
    };
  });
  return {
    left: LEFT,
    right,
    top,
    bottom,
    surfaces: [...bands, ...stackedSurfaces],
    lines: stack ? [] : chart.lines.map((series) => drawn(series, linePath(toPoints(series.x, series.y)))),
    xTicks: xTicks({ ...view, domain }).map(({ seconds, text }) => ({ at: x(seconds), text })),
    yTicks: yTicks(y, view.logarithmic, bottom - top).map((value) => ({
      at: y(value),
      text: chart.tick(value),
    })),
    cap: chart.cap && { at: y(chart.cap.value), label: chart.cap.label },
    now: chart.now && { at: x(chart.now.seconds), before: chart.now.before, after: chart.now.after },
    marks,
    x,
    y,
    secondsAt: (at) => Math.min(Math.max(x.invert(at), domain[0]), domain[1]),
  };
}

const surface = (upper: readonly Point[], lower: readonly Point[]): string =>
  upper.length === 0 ? "" : bandPath(upper, lower);

/** The upper edge of each surface of a stack. */
export function stackedTops(lines: readonly Series[]): number[][] {
  const tops: number[][] = [];
  for (const { y } of lines) {
    const below = tops.at(-1);
    tops.push(Array.from(y, (value, i) => value + (below?.[i] ?? 0)));
  }
  return tops;
}

type YScale = ReturnType<typeof scaleLinear<number, number>> | ReturnType<typeof scaleLog<number, number>>;

function yScale(chart: TimeChart, logarithmic: boolean, bottom: number, top: number): YScale {
  const drawn = chart.stacked === true ? stackedTops(chart.lines) : chart.lines.map(({ y }) => y);
  const edges = (chart.bands ?? []).flatMap(({ low, high }) => [low, high]);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of [...drawn, ...edges]) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  if (chart.cap !== undefined) most = Math.max(most, chart.cap.value);
  if (!(most >= least)) [least, most] = [logarithmic ? 1 : 0, logarithmic ? 10 : 1];
  const nice = chart.floor === undefined ? 6 : 0;
  if (logarithmic) return scaleLog([least, most > least ? most : least * 10], [bottom, top]).nice();
  const room = (most - least) * 0.04;
  const from = chart.floor ?? Math.min(0, least);
  const to = most > from ? most + (chart.cap === undefined ? 0 : room) : from + 1;
  return scaleLinear([from, to], [bottom, top]).nice(nice);
}

function yTicks(y: YScale, logarithmic: boolean, height: number): number[] {
  const most = Math.max(2, Math.round(height / 44));
  const ticks = y.ticks(most);
  if (!logarithmic || ticks.length <= most + 2) return ticks;
  const decades = ticks.filter((value) => Math.abs(Math.log10(value) % 1) < 1e-9);
  return decades.length >= 2 ? decades : ticks.filter((_, i) => i % Math.ceil(ticks.length / most) === 0);
}

function xTicks({ width, domain, startDate }: TimeView): TimeTick[] {
  if (domain[1] <= domain[0]) return [];
  const most = Math.max(2, Math.floor((width - LEFT) / 96));
  return timeTicks({ startDate, samples: NO_SAMPLES }, domain, most);
}

/** Ticks ask a clock for its date alone. */
const NO_SAMPLES = {} as Samples;

function layMarks(marks: readonly Mark[], x: (seconds: number) => number, right: number, firstRow: number) {
  const flags = marks.map(({ seconds, label }) => ({ x: x(seconds), width: label.length * LETTER }));
  const places = placeFlags(flags, LEFT, right);
  return marks.map((mark, i) => {
    const { row, flipped } = places[i]!;
    const label = row < MOST_ROWS ? mark.label : "";
    return { ...mark, label, at: flags[i]!.x, row: firstRow + Math.min(row, MOST_ROWS - 1), flipped };
  });
}

/** The value at a moment: the latest that was known by then; undefined before the first. */
export function valueAt({ x, y }: Pick<Series, "x" | "y">, seconds: number): number | undefined {
  const at = bisectRight(x as ArrayLike<number> & number[], seconds + 1e-6) - 1;
  const value = at < 0 ? undefined : y[Math.min(at, y.length - 1)];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** The chart as rows: a moment and each line's value, bands by their edges. */
export function chartRows({ lines, bands = [] }: TimeChart): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly [seconds: number, ...values: (number | undefined)[]])[];
} {
  const columns = [
    ...lines.map(({ name, x, y }) => ({ name, x, y })),
    ...bands.flatMap(({ name, x, low, high }) => [
      { name: `${name}, low`, x, y: low },
      { name: `${name}, high`, x, y: high },
    ]),
  ];
  const moments = [...new Set(columns.flatMap(({ x }) => Array.from(x)))].sort((a, b) => a - b);
  const rows = moments.map((seconds): [number, ...(number | undefined)[]] => [seconds]);
  for (const { x, y } of columns) {
    const row = new Map(Array.from(x, (seconds, i) => [seconds, y[i]]));
    for (const cells of rows) cells.push(finite(row.get(cells[0])));
  }
  return { head: columns.map(({ name }) => name), rows };
}

const finite = (value: number | undefined): number | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : value;

/** At most `most` of a chart's rows, evenly spread, the first and the last among them. */
export function thinned<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (most - 1))]!);
}
