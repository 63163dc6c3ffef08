import {
  BloomFilter,
  buildScript,
  filterFits,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  payToKeyHash,
  payToPublicKey,
  type Transaction,
  txid,
  Writer,
  writeOutpoint,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const NONE = 0;
const ALL = 1;
const KEYS_ONLY = 2;

const empty = (flags = NONE, bytes = 64): BloomFilter =>
  new BloomFilter({ data: new Uint8Array(bytes), functions: 5, tweak: 11, flags });

const KEY = new Uint8Array(33).fill(2);
const KEY_ID = new Uint8Array(20).fill(9);

const spending = (prevout: { txid: Uint8Array; index: number }, scriptSig: Uint8Array): Transaction =>
  payment([], [{ prevout, scriptSig, sequence: 0 }]);

function payment(
  scripts: readonly Uint8Array[],
  inputs: OrdinaryTransaction["inputs"] = [],
): OrdinaryTransaction {
  return {
    kind: "ordinary",
    overwintered: false,
    version: 1,
    versionGroupId: 0,
    inputs,
    outputs: scripts.map((scriptPubKey) => ({ value: 1n, scriptPubKey })),
    lockTime: 0,
    expiryHeight: 0,
    shielded: NOTHING_SHIELDED,
  };
}

function outpointBytes(id: Uint8Array, index: number): Uint8Array {
  const writer = new Writer();
  writeOutpoint(writer, { txid: id, index });
  return writer.copy();
}

describe("bloom filters", () => {
  test("never miss what was added", () => {
    const elements = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(elements, fc.nat(), (added, tweak) => {
        const filter = new BloomFilter({ data: new Uint8Array(20), functions: 7, tweak, flags: NONE });
        for (const element of added) filter.insert(element);
        for (const element of added) expect(filter.contains(element)).toBe(true);
      }),
    );
  });

  test("mostly know what was not", () => {
    const filter = empty();
    for (let i = 0; i < 20; i++) filter.insert(Uint8Array.of(1, i));
    const wrong = Array.from({ length: 1_000 }, (_, i) => Uint8Array.of(2, i & 255, i >> 8)).filter((each) =>
      filter.contains(each),
    );
    expect(wrong.length).toBeLessThan(20);
  });

  test.each([
    [0, "614e9b"],
    [2_147_483_649, "ce4299"],
  ])("set the bits that Bitcoin's do for three known elements, with tweak %i", (tweak, bits) => {
    const filter = (data: Uint8Array) => new BloomFilter({ data, functions: 5, tweak, flags: ALL });
    const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
    const elements = [
      "99108ad8ed9bb6274d3980bab5a85c048f0950c8",
      "b5a2c786d9ef4658287ced5914b37a1b4aa32eee",
      "b9300670b4c5366e95b2699e8b18bc75e5f729c5",
    ].map(hex);
    const knowsAll = (data: Uint8Array) => elements.every((each) => filter(data).contains(each));
    expect(knowsAll(hex(bits))).toBe(true);
    expect(filter(hex(bits)).contains(hex("19108ad8ed9bb6274d3980bab5a85c048f0950c8"))).toBe(false);
    for (let bit = 0; bit < 24; bit++) {
      const less = hex(bits);
      if ((less[bit >> 3]! & (1 << (bit & 7))) === 0) continue;
      less[bit >> 3]! ^= 1 << (bit & 7);
      expect(knowsAll(less)).toBe(false);
    }
  });

  test("full ones know everything, also those of no bytes; empty ones nothing, also those of no functions", () => {
    const full = (bytes: number) =>
      new BloomFilter({ data: new Uint8Array(bytes).fill(255), functions: 1, tweak: 0, flags: 0 });
    expect([full(0).contains(KEY), full(3).contains(KEY)]).toEqual([true, true]);
    expect([full(0).matches(payment([])), full(3).matches(payment([]))]).toEqual([true, true]);
    const nothing = new BloomFilter({ data: new Uint8Array(3), functions: 0, tweak: 0, flags: 0 });
    expect([empty().contains(KEY), nothing.contains(KEY), nothing.matches(payment([]))]).toEqual([
      false,
      false,
      false,
    ]);
    nothing.insert(KEY);
    expect(nothing.contains(KEY_ID)).toBe(true);
  });

  test("know a transaction by its id, by what its scripts push, and by what it spends", () => {
    const tx = payment([payToKeyHash(KEY_ID)]);
    const knowing = (element: Uint8Array) => {
      const filter = empty();
      filter.insert(element);
      return filter;
    };
    expect(empty().matches(tx)).toBe(false);
    expect(knowing(txid(tx)).matches(tx)).toBe(true);
    expect(knowing(KEY_ID).matches(tx)).toBe(true);
    const spent = { txid: new Uint8Array(32).fill(3), index: 1 };
    expect(knowing(outpointBytes(spent.txid, 1)).matches(spending(spent, new Uint8Array(0)))).toBe(true);
    expect(knowing(KEY).matches(spending(spent, buildScript(KEY)))).toBe(true);
    expect(knowing(KEY_ID).matches(spending(spent, buildScript(KEY)))).toBe(false);
  });

  test("add an output that matched, by what their flags say, so that its spending matches too", () => {
    const toKey = payment([payToPublicKey(KEY)]);
    const toHash = payment([payToKeyHash(KEY_ID)]);
    const spendingMatches = (flags: number, tx: Transaction) => {
      const filter = empty(flags, 512);
      filter.insert(KEY);
      filter.insert(KEY_ID);
      expect(filter.matches(tx)).toBe(true);
      return filter.matches(spending({ txid: txid(tx), index: 0 }, new Uint8Array(0)));
    };
    expect([spendingMatches(NONE, toKey), spendingMatches(NONE, toHash)]).toEqual([false, false]);
    expect([spendingMatches(ALL, toKey), spendingMatches(ALL, toHash)]).toEqual([true, true]);
    expect([spendingMatches(KEYS_ONLY, toKey), spendingMatches(KEYS_ONLY, toHash)]).toEqual([true, false]);
  });

  test("up to 36000 bytes and 50 functions are taken", () => {
    const fits = (bytes: number, functions: number) =>
      filterFits({ data: new Uint8Array(bytes), functions, tweak: 0, flags: 0 });
    expect([fits(36_000, 50), fits(36_001, 50), fits(36_000, 51)]).toEqual([true, false, false]);
  });
});
