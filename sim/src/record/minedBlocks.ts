import type { RelayBlocks } from "../relay/relayBlocks.ts";
import type { MinedBlocks } from "./spreadRecord.ts";

const SECOND = 1_000_000;

/** The blocks of a run as columns, without genesis. `settled`: one that is known to be on the chain that won. */
export function minedBlocks(blocks: RelayBlocks, settled = 0): MinedBlocks {
  const onMainChain = new Uint8Array(blocks.length);
  for (const block of blocks.mainChain(settled)) onMainChain[block] = 1;
  const seconds = (column: readonly number[]) => Float64Array.from(column.slice(1), (time) => time / SECOND);
  const [p50, p90, p99, all] = blocks.arrivals.map(seconds);
  return {
    height: Uint32Array.from(blocks.height.slice(1)),
    miner: Uint32Array.from(blocks.miner.slice(1)),
    minedSeconds: seconds(blocks.minedAt),
    onMainChain: onMainChain.slice(1),
    p50: p50!,
    p90: p90!,
    p99: p99!,
    all: all!,
  };
}
