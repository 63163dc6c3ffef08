import { canonicalJson, currentUpgrade, mainnet, regtest, rulesId, testnet, UPGRADES } from "@fluxlab/core";
import { expect, test } from "vitest";

test.each([
  [mainnet, 0, "base", 0],
  [mainnet, 124_999, "base", 0],
  [mainnet, 249_999, "equihash144", 3],
  [mainnet, 372_500, "kamiooka", 5],
  [mainnet, 1_076_532, "halving", 8],
  [mainnet, 2_020_000, "pon", 10],
  [testnet, 799, "p2shNodes", 9],
  [regtest, 1_000_000, "base", 0],
] as const)("the upgrade in force on $name at %d", (params, height, upgrade, index) => {
  expect(currentUpgrade(params.upgrades, height)).toBe(upgrade);
  expect(UPGRADES.indexOf(upgrade)).toBe(index);
});

test("rule sets are told apart by every number and nothing else", () => {
  expect(rulesId(mainnet)).not.toBe(rulesId(testnet));
  expect(rulesId({ ...mainnet, coinbaseMaturity: 101 })).not.toBe(rulesId(mainnet));
  const reordered = Object.fromEntries(Object.entries(mainnet).reverse()) as unknown as typeof mainnet;
  expect(rulesId(reordered)).toBe(rulesId(mainnet));
});

test("canonical JSON sorts keys, writes bigint as digits and leaves out what is undefined", () => {
  expect(canonicalJson({ b: [1n, null, "x"], a: undefined, A: { d: 1, c: true } })).toBe(
    '{"A":{"c":true,"d":1},"b":["1",null,"x"]}',
  );
});
