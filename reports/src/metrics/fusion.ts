import type { FusionChainRecord, RunRecord } from "@fluxlab/sim";

/** The swaps of a run that has a relayer with a float. */
export type Fusion = NonNullable<RunRecord["fusion"]>;

/** A chain whose float did not reach for a swap, and when that was first, seconds. */
export interface DryChain {
  readonly chain: FusionChainRecord;
  readonly seconds: number;
}

/** The chains that ran dry, the first first; at one moment in the record's order. */
export const dryChains = ({ chains }: Fusion): DryChain[] =>
  chains
    .flatMap((chain): DryChain[] => {
      const { firstDrySeconds: seconds } = chain;
      return seconds === undefined ? [] : [{ chain, seconds }];
    })
    .sort((a, b) => a.seconds - b.seconds);

/** Seconds from a refill's order until it was there: the shortest and the longest; undefined where none was delivered. */
export function refillSeconds({ refills }: FusionChainRecord): readonly [number, number] | undefined {
  const lengths = Array.from(refills.deliveredSeconds, (at, i) => at - refills.orderedSeconds[i]!);
  if (lengths.length === 0) return undefined;
  return [Math.min(...lengths), Math.max(...lengths)];
}

/** Styles of lines, one for each chain in the record's order; with more than ten chains they come again. */
const STYLES = ["cumulus", "nimbus", "stratus", "other", "alarm"] as const;
export const chainStyle = (place: number): string => {
  const style = STYLES[place % STYLES.length]!;
  return Math.floor(place / STYLES.length) % 2 === 0 ? style : `${style} thin`;
};
