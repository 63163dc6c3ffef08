import type { MinedBlocks, SpreadRecord } from "@fluxlab/sim";

/** How the blocks of the chain that won spread, in seconds: means over blocks, and the worst. */
export interface SpreadFigures {
  readonly blocks: number;
  readonly staleBlocks: number;
  /** Part of all blocks that ended on no chain; 0 if there were none. */
  readonly staleRate: number;
  readonly meanSeconds: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly all: number;
  };
}

const COLUMNS = ["p50", "p90", "p99", "all"] as const;

/** Means are over blocks of the main chain that got as far before the run ended; NaN if none did. */
export function spreadFigures({ blocks }: Pick<SpreadRecord, "blocks">): SpreadFigures {
  const staleBlocks = blocks.onMainChain.reduce((count, main) => count + (main === 1 ? 0 : 1), 0);
  const means = COLUMNS.map((column) => [column, mean(reached(blocks, column))] as const);
  return {
    blocks: blocks.height.length,
    staleBlocks,
    staleRate: blocks.height.length === 0 ? 0 : staleBlocks / blocks.height.length,
    meanSeconds: Object.fromEntries(means) as SpreadFigures["meanSeconds"],
  };
}

/** Of the blocks of the main chain that reached so many nodes, how long that took, shortest first. */
export const reached = (blocks: MinedBlocks, column: (typeof COLUMNS)[number]): Float64Array =>
  blocks[column].filter((seconds, i) => blocks.onMainChain[i] === 1 && !Number.isNaN(seconds)).sort();

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
