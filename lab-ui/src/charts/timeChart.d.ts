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
export interface Band {
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
  readonly cap?: {
    readonly value: number;
    readonly label: string;
  };
  readonly marks?: readonly Mark[];
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
  readonly surfaces: readonly (Drawn & {
    readonly opacity: number;
  })[];
  readonly lines: readonly Drawn[];
  readonly xTicks: readonly {
    readonly at: number;
    readonly text: string;
  }[];
  readonly yTicks: readonly {
    readonly at: number;
    readonly text: string;
  }[];
  readonly cap:
    | {
        readonly at: number;
        readonly label: string;
      }
    | undefined;
  readonly marks: readonly (Mark & {
    readonly at: number;
    readonly row: number;
    readonly flipped: boolean;
  })[];
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  readonly secondsAt: (x: number) => number;
}
/** Lays a chart out. */
export declare function timeGeometry(chart: TimeChart, view: TimeView): TimeGeometry;
/** The upper edge of each surface of a stack. */
export declare function stackedTops(lines: readonly Series[]): number[][];
/** The value at a moment: the latest that was known by then; undefined before the first. */
export declare function valueAt({ x, y }: Pick<Series, "x" | "y">, seconds: number): number | undefined;
/** The chart as rows: a moment and each line's value, bands by their edges. */
export declare function chartRows({ lines, bands }: TimeChart): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly [seconds: number, ...values: (number | undefined)[]])[];
};
/** At most `most` of a chart's rows, evenly spread, the first and the last among them. */
export declare function thinned<T>(rows: readonly T[], most: number): readonly T[];
