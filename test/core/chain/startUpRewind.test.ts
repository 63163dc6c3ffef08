import { mainnet, type Params, regtest, startUpRewind } from "@fluxlab/core";
import { expect, test } from "vitest";
import { withUpgrades } from "../../support/networks.ts";

const TIP = 1_000;
const before = withUpgrades(regtest, { pon: 900 });

test("blocks connected under the rules of now stay", () => {
  expect(startUpRewind(before, before, TIP)).toEqual({ outcome: "kept" });
  expect(startUpRewind(mainnet, mainnet, 2_000_000)).toEqual({ outcome: "kept" });
});

test("an upgrade that is still ahead of the tip changes nothing", () => {
  expect(startUpRewind(before, withUpgrades(before, { halving: TIP + 1 }), TIP)).toEqual({ outcome: "kept" });
});

test("the first block that an upgrade should have begun with has to go, and 40 blocks more may", () => {
  const upgradedAt = (height: number): Params => withUpgrades(before, { halving: height });
  expect(startUpRewind(before, upgradedAt(TIP), TIP)).toEqual({ outcome: "rewound", height: TIP - 1 });
  expect(startUpRewind(before, upgradedAt(TIP - 40), TIP)).toEqual({ outcome: "rewound", height: TIP - 41 });
  expect(startUpRewind(before, upgradedAt(TIP - 41), TIP)).toEqual({
    outcome: "refused",
    height: TIP - 42,
    depth: 41,
    limit: 40,
  });
});

test("so has the first block that an upgrade should not have begun with", () => {
  const later = withUpgrades(before, { pon: 990 });
  expect(startUpRewind(before, later, 920)).toEqual({ outcome: "rewound", height: 899 });
  expect(startUpRewind(before, later, TIP)).toMatchObject({ outcome: "refused", height: 899, depth: 100 });
});

test("a wider limit holds for tips around the change to proof of node", () => {
  const upgradedAt = (height: number): Params => withUpgrades(before, { halving: height });
  expect(startUpRewind(before, upgradedAt(2_015_000), 2_020_000)).toEqual({
    outcome: "rewound",
    height: 2_014_999,
  });
  expect(startUpRewind(before, upgradedAt(2_014_999), 2_020_000)).toMatchObject({
    outcome: "refused",
    limit: 5_000,
  });
  expect(startUpRewind(before, upgradedAt(2_024_960), 2_025_001)).toMatchObject({
    outcome: "refused",
    limit: 40,
  });
});

test("a branch id tells apart what flags do not", () => {
  const { base, lwma } = mainnet.upgrades;
  expect(base.branchId).not.toBe(lwma.branchId);
  const swapped = { ...mainnet, upgrades: { ...mainnet.upgrades, base: { ...base, branchId: 1 } } };
  expect(startUpRewind(mainnet, swapped, 10)).toEqual({ outcome: "rewound", height: 0 });
});
