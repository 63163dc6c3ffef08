import type { Random } from "@fluxlab/core";

/** Where nodes stand, how far apart they are and how fast their lines are; one entry of each list a region. */
export interface Regions {
  readonly names: readonly string[];
  /** Shares of all nodes; what they sum to is all. */
  readonly shares: readonly number[];
  /** Mean one-way delay in milliseconds, from region to region, more than 5. */
  readonly meanLatencyMs: readonly (readonly number[])[];
  /** Bits per second. */
  readonly upload: readonly number[];
  readonly download: readonly number[];
}

/**
 * Bitcoin's network of 2019, as SimBlock has it (dsg-titech/simblock 5fc7f9f, settings/NetworkConfiguration.java: the tables
 * LATENCY_2019, UPLOAD_BANDWIDTH_2019, DOWNLOAD_BANDWIDTH_2019 and REGION_DISTRIBUTION_BITCOIN_2019, which its authors took
 * from verizonenterprise.com, testmy.net and bitnodes.io). Its seventh bandwidth, between regions, is not used there either.
 */
export const BITCOIN_2019: Regions = {
  names: ["North America", "Europe", "South America", "Asia-Pacific", "Japan", "Australia"],
  shares: [0.3316, 0.4998, 0.009, 0.1177, 0.0224, 0.0195],
  meanLatencyMs: [
    [32, 124, 184, 198, 151, 189],
    [124, 11, 227, 237, 252, 294],
    [184, 227, 88, 325, 301, 322],
    [198, 237, 325, 85, 58, 198],
    [151, 252, 301, 58, 12, 126],
    [189, 294, 322, 198, 126, 16],
  ],
  upload: [19.2e6, 20.7e6, 5.8e6, 15.7e6, 10.2e6, 11.3e6],
  download: [52e6, 40e6, 18e6, 22.8e6, 22.8e6, 29.9e6],
};

/**
 * Deals `count` places out to groups in proportion to their shares, in random order: one group number a place. How many a
 * group gets is not left to chance.
 */
export function dealByShare(shares: readonly number[], count: number, random: Random): Uint8Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const dealt = new Uint8Array(count);
  let sum = 0;
  let at = 0;
  for (const [group, share] of shares.entries()) {
    sum += share;
    const end = Math.round((sum / total) * count);
    dealt.fill(group, at, end);
    at = end;
  }
  random.shuffle(dealt);
  return dealt;
}
