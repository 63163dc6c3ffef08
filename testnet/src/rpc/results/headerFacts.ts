import { ABSENT, type ChainView, type Params, targetLimits, u256Hex } from "@fluxlab/core";
import { JsonReal } from "@fluxlab/core/host";

// What the chain says of a header.

/** How much harder than the easiest target. Source: fluxd src/rpc/blockchain.cpp GetDifficultyINTERNAL. */
export function difficulty(bits: number, params: Params): JsonReal {
  const limit = targetLimits(params).pow.bits;
  const exponents = (limit >>> 24) - (bits >>> 24);
  return new JsonReal(((limit & 0xff_ffff) / (bits & 0xff_ffff)) * 256 ** exponents);
}

/** Blocks on top of it and itself, -1 if it is not on the best chain. */
export const confirmations = (chain: ChainView, row: number): number =>
  chain.isActive(row) ? chain.tipHeight - chain.shared.tree.height(row) + 1 : -1;

/** 64 hex digits. */
export const chainWork = (chain: ChainView, row: number): string => u256Hex(chain.shared.tree.work(row));

/** The block after it on the best chain, or {@link ABSENT}. */
export function nextRow(chain: ChainView, row: number): number {
  const { tree } = chain.shared;
  const height = tree.height(row);
  return chain.isActive(row) && height < chain.tipHeight ? tree.ancestor(chain.tip, height + 1) : ABSENT;
}
