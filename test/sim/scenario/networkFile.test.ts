import { regtest } from "@fluxlab/core";
import { InvalidInput, parseNetwork } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { labnet } from "../../support/networks.ts";

const parse = (file: object) => parseNetwork(JSON.stringify({ name: "mine", networkId: "lab", ...file }));

function problemsOf(json: string): string[] {
  try {
    parseNetwork(json);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ path, expected }) => `${path.join(".")}|${expected}`);
  }
}

test("the recorded laboratory network", () => {
  const params = labnet();
  expect(params.name).toBe("labnet");
  expect(params.messageStart).toBe("1ab0a001");
  expect(params.upgrades.pon).toEqual({ height: 960, branchId: 0x76b809bb, protocolVersion: 170_020 });
  expect(params.fluxnodes.transitions.stratus).toEqual({ begin: 600, end: 690 });
  expect(params.funds.swapPool).toMatchObject({
    startHeight: 450,
    interval: 30,
    count: 4,
    amount: 220_000_000_000_000n,
  });
  expect(params.pon).toMatchObject({
    initialSubsidy: 1_400_000_000n,
    reductionInterval: 300,
    maxReductions: 3,
  });
  expect(params.genesis.bits).toBe(0x2000ffff);
  expect(params.pow.minDifficultyAfterHeight).toBe(880);
  expect(params.checkProofTargets).toBe(true);
  expect(params.addressPrefixes.extendedPublic).toBe(regtest.addressPrefixes.extendedPublic);
});

test("what a file leaves out is as on regtest", () => {
  expect(parse({})).toEqual({ ...regtest, name: "mine", kind: "lab" });
  expect(parse({ upgrades: { KAMATA: { height: 10 } } }).upgrades).toEqual({
    ...regtest.upgrades,
    kamata: { ...regtest.upgrades.kamata, height: 10 },
  });
});

test("a height of -1 lets no late block use the limit, whatever regtest does", () => {
  const from = (height: number) =>
    parse({ pow: { allowMinDifficultyAfterHeight: height } }).pow.minDifficultyAfterHeight;
  expect([from(-1), from(0), from(7)]).toEqual([undefined, 0, 7]);
});

test("proof of work is real unless the file says otherwise", () => {
  expect(parse({}).proof).toBe("real");
  expect(parse({ proof: "modelled" })).toEqual({ ...parse({}), proof: "modelled" });
});

test("remarks are skipped, wherever they are", () => {
  expect(
    parse({ note: "hello", pow: { targetSpacing: 5, targetSpacingNote: "fast" } }).pow.targetSpacing,
  ).toBe(5);
});

test.each<[string, object, string]>([
  ["a proof nobody knows", { proof: "none" }, 'proof|one of "real", "modelled"'],
  [
    "a main network without work",
    { networkId: "main", proof: "modelled" },
    'proof|real, as networkId is not "lab"',
  ],
  ["an upgrade that does not exist", { upgrades: { HALVENING: { height: 1 } } }, "upgrades.HALVENING|no key"],
  [
    "upgrades out of order",
    { upgrades: { FLUX: { height: 9 }, PON: { height: 8 } } },
    "upgrades.PON.height|a height from 9 (FLUX) on",
  ],
  [
    "a division by zero",
    { subsidy: { halvingInterval: 0 } },
    "subsidy.halvingInterval|a number of blocks, 1 or more",
  ],
  [
    "a retarget over a window without time",
    { pon: { difficultyWindow: 1 } },
    "pon.difficultyWindow|a number of blocks, 2 to 10000",
  ],
  [
    "a target that shrinks below zero",
    { pow: { digishieldMaxAdjustUp: 101 } },
    "pow.digishieldMaxAdjustUp|percent, 0 to 100",
  ],
  [
    "a window beyond exact sums",
    { pow: { lwmaAveragingWindow: 145 } },
    "pow.lwmaAveragingWindow|a number of blocks, 1 to 144",
  ],
  [
    "an amount as a number",
    { funds: { exchange: { height: 1, amount: 5, address: "x" } } },
    "funds.exchange.amount|an amount in satoshi",
  ],
  [
    "a window that ends before it begins",
    { fluxnodes: { transitions: { cumulus: [9, 3], nimbus: [0, 1], stratus: [0, 1] } } },
    "fluxnodes.transitions.cumulus|an end not before its beginning",
  ],
  ["a short target", { pow: { powLimit: "00ff" } }, "pow.powLimit|a target, 64 hex digits"],
  ["a key that is none", { emergency: { publicKeys: ["02ab"] } }, "emergency.publicKeys.0|a public key"],
  ["an id that fluxd has no rules for", { networkId: "moon" }, 'networkId|one of "lab"'],
])("%s is refused", (_, change, expected) => {
  const problems = problemsOf(JSON.stringify({ name: "mine", networkId: "lab", ...change }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(expected);
});

test("text that is not JSON is refused with its place", () => {
  expect(problemsOf('{"name": ')).toHaveLength(1);
});
