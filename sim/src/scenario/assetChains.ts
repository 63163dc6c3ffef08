import {
  type AssetParams,
  type ChainId,
  DEFAULT_ASSETS,
  NATIVE_CHAIN,
  type Params,
  targetSpacing,
} from "@fluxlab/core";

/** The chains of the default list; the native one keeps the pace of block `height`. */
export const assetsAt = (params: Params, height: number): AssetParams => ({
  ...DEFAULT_ASSETS,
  chains: DEFAULT_ASSETS.chains.map((chain) =>
    chain.id === NATIVE_CHAIN ? { ...chain, blockIntervalMs: targetSpacing(params, height) * 1_000 } : chain,
  ),
});

/** The schema knows the symbols of the default list only. */
export const chainNamed = (symbol: string): ChainId =>
  DEFAULT_ASSETS.chains.findIndex((chain) => chain.symbol === symbol);
