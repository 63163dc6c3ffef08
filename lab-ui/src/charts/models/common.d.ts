import type { RunRecord } from "@fluxlab/sim";
import type { Mark } from "../timeChart.ts";
/** Colour and dash of each tier; the same everywhere in the lab. */
export declare const TIER_LOOK: {
  readonly cumulus: {
    readonly color: "var(--cumulus)";
  };
  readonly nimbus: {
    readonly color: "var(--nimbus)";
    readonly dash: "7 3";
  };
  readonly stratus: {
    readonly color: "var(--stratus)";
    readonly dash: "2.5 2.5";
  };
};
export declare const OTHER_LOOK: {
  readonly producers: {
    readonly color: "var(--producers)";
  };
  readonly devFund: {
    readonly color: "var(--dev-fund)";
  };
  readonly funds: {
    readonly color: "var(--funds)";
  };
};
/** FLUX of a column of satoshi. */
export declare const fluxColumn: (amounts: BigUint64Array) => Float64Array;
/** A step's value from its beginning, so that moments and values pair up: the first step's holds at the first sample too. */
export declare const withFirst: (steps: ArrayLike<number>) => Float64Array;
/** A number for reading, with its unit. */
export declare const withUnit: (unit: string) => (value: number) => string;
export declare const tick: (value: number) => string;
/** Halvings, upgrades and funding at their moments. */
export declare const marksOf: ({ events, samples }: RunRecord) => Mark[];
