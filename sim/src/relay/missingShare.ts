import type { Random } from "@fluxlab/core";

/**
 * How many of 945 compact blocks that failed at nodes that come and go lacked 1 %, 2 %, … of the block: SimBlock's table
 * CBR_FAILURE_BLOCK_SIZE_DISTRIBUTION_FOR_CHURN_NODE (dsg-titech/simblock 5fc7f9f, settings/SimulationConfiguration.java).
 * Its table for steady nodes says 1 % throughout.
 */
const CHURN_COUNTS = [
  ...[546, 66, 39, 27, 21, 17, 14, 12, 11, 10, 9, 8, 7, 7, 6, 6, 5, 5, 5],
  ...new Array<number>(5).fill(4),
  ...new Array<number>(8).fill(3),
  ...new Array<number>(16).fill(2),
  ...new Array<number>(48).fill(1),
];

const CHURN_PERCENTS = Uint8Array.from(
  CHURN_COUNTS.flatMap((count, i) => new Array<number>(count).fill(i + 1)),
);

/** Percent of a block that `getblocktxn` asks for. */
export const missingPercent = (churn: boolean, random: Random): number =>
  churn ? CHURN_PERCENTS[random.below(CHURN_PERCENTS.length)]! : 1;
