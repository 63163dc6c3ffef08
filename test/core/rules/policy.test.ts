import {
  dustThreshold,
  feeAtRate,
  isExpiringSoon,
  isFinal,
  MIN_RELAY_FEE_RATE,
  ParseError,
  parse,
  readTransaction,
  whyNonStandard,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { labnet } from "../../support/networks.ts";
import { plainScriptPolicy } from "../../support/plainScripts.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

test("dust thresholds follow output size", () => {
  expect(dustThreshold(new Uint8Array(25))).toBe(54n);
  expect(dustThreshold(new Uint8Array(23))).toBe(54n);
  expect(dustThreshold(new Uint8Array(300))).toBe(135n);
  expect(dustThreshold(Uint8Array.of(0x6a, 1, 1))).toBe(0n);
  expect(feeAtRate(MIN_RELAY_FEE_RATE, 9)).toBe(100n); // never rounded down to nothing
  expect(feeAtRate(MIN_RELAY_FEE_RATE, 19)).toBe(1n);
});

vectorTest("the recorded pool refuses for these reasons what is not standard, and nothing else", () => {
  const params = labnet();
  const REASONS =
    /^64: (version|sapling-version|scriptsig-size|scriptsig-not-pushonly|scriptpubkey|dust|multi-op-return)$/;
  type Case = { name: string; hex?: string; result: { txid?: string; error?: { message: string } } };
  const seen = new Set<string>();
  for (const { tipHeight, cases } of readJson<{ tipHeight: number; cases: Case[] }[]>(
    "labnet/mempool-cases.json",
  )) {
    for (const { name, hex, result } of cases) {
      const tx = parse(wireHex(hex ?? ""), readTransaction);
      if (tx instanceof ParseError) continue;
      const message = result.error?.message ?? "";
      const expected = REASONS.exec(message)?.[1];
      const soon = isExpiringSoon(tx, tipHeight + 1);
      if (message.startsWith("tx-expiring-soon")) expect(soon, name).toBe(true);
      if (result.txid !== undefined || expected !== undefined) {
        expect(whyNonStandard(tx, tipHeight + 1, params, plainScriptPolicy), name).toBe(expected);
        expect(soon, name).toBe(false);
      }
      if (expected !== undefined) seen.add(expected);
    }
  }
  expect([...seen].sort()).toEqual([
    "dust",
    "multi-op-return",
    "scriptpubkey",
    "scriptsig-not-pushonly",
    "scriptsig-size",
    "version",
  ]);
});

test("a lock time below 500,000,000 is a height, others are times; final sequences ignore both", () => {
  const base = parse(wireHex(`0100000001${"11".repeat(36)}00fefffffF00${"00".repeat(4)}`), readTransaction);
  if (base instanceof ParseError || base.kind !== "ordinary") throw new Error(String(base));
  const locked = (lockTime: number) => ({ ...base, lockTime });
  expect([isFinal(locked(100), 100, 0), isFinal(locked(100), 101, 0)]).toEqual([false, true]);
  const time = 1_600_000_000;
  expect([isFinal(locked(time), 9, time), isFinal(locked(time), 9, time + 1)]).toEqual([false, true]);
  expect(
    isFinal(
      { ...locked(100), inputs: base.inputs.map((each) => ({ ...each, sequence: 0xffff_ffff })) },
      1,
      0,
    ),
  ).toBe(true);
});
