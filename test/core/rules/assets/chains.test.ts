import { assertAssetParams, DEFAULT_ASSETS, DEFAULT_CHAINS } from "@fluxlab/core";
import { expect, test } from "vitest";

test("the default list is native and ten parallel chains in order of release", () => {
  expect(DEFAULT_CHAINS.map(({ id, symbol }) => `${id} ${symbol}`)).toEqual([
    ...["0 FLUX", "1 KDA", "2 ETH", "3 BSC", "4 TRX", "5 SOL"],
    ...["6 AVAX", "7 ERG", "8 ALGO", "9 MATIC", "10 BASE"],
  ]);
  expect(() => assertAssetParams(DEFAULT_ASSETS)).not.toThrow();
});

test("a list with its chains out of place, or with waits that are no number of blocks, is our bug", () => {
  const [flux, kda] = DEFAULT_CHAINS;
  const list =
    (...chains: (typeof DEFAULT_CHAINS)[number][]) =>
    () =>
      assertAssetParams({ ...DEFAULT_ASSETS, chains });
  expect(list()).toThrow("1..31 chains, not 0");
  expect(list(kda!, flux!)).toThrow("chain 1 is in place 0 of its list");
  expect(list({ ...flux!, confirmations: 1.5 })).toThrow("chain 0 waits for 1.5 blocks");
  expect(list({ ...flux!, cancelAfterBlocks: 0 })).toThrow("chain 0 waits for 0 blocks");
});
