import { ABSENT, type Coin, CoinTable, KeyTable, type Outpoint } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

// Tables in typed columns against a plain Map.

const WORDS = 3;

test("a key table finds what was added and not removed, in a row of its own", () => {
  const step = fc.record({
    add: fc.boolean(),
    a: fc.nat(6),
    b: fc.nat(6),
    c: fc.constantFrom(0, 0xffff_ffff),
  });
  const holds = fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
    const table = new KeyTable(WORDS);
    const model = new Map<string, number>();
    for (const { add, a, b, c } of steps) {
      table.key.set([a, b, c]);
      const text = `${a},${b},${c}`;
      expect(table.find()).toBe(model.get(text) ?? ABSENT);
      if (add && !model.has(text)) model.set(text, table.add());
      else if (!add && model.has(text)) {
        expect(table.remove()).toBe(model.get(text));
        model.delete(text);
      }
      expect(table.size).toBe(model.size);
    }
    expect([...table.rows()].sort()).toEqual([...model.values()].sort());
    expect(new Set(model.values()).size).toBe(model.size);
    for (const row of table.rows()) {
      expect(row).toBeLessThan(table.capacity);
      const text = [0, 1, 2].map((word) => table.wordOf(row, word)).join(",");
      expect(model.get(text)).toBe(row);
    }
  });
  fc.assert(holds, { numRuns: 60 });
});

test("misuse is our bug and says so", () => {
  const table = new KeyTable(1);
  expect(() => table.remove()).toThrow("only keys of the table are removed");
  table.add();
  expect(() => table.add()).toThrow("one row");
  expect(() => new CoinTable().remove({ txid: new Uint8Array(32), index: 0 })).toThrow(
    "only a coin is spent",
  );
});

const p2pkh = (seed: number) => Uint8Array.of(0x76, 0xa9, 20, ...new Uint8Array(20).fill(seed), 0x88, 0xac);
const p2sh = (seed: number) => Uint8Array.of(0xa9, 20, ...new Uint8Array(20).fill(seed), 0x87);
const scripts = [
  p2pkh(1),
  p2pkh(2),
  p2sh(3),
  new Uint8Array(0),
  Uint8Array.of(0x51),
  // As long as what a usual script has a column for, and longer.
  new Uint8Array(20).fill(7),
  new Uint8Array(21).fill(8),
  new Uint8Array(300).fill(9),
];

/** Twenty transactions, each of one block and kind. */
const txidOf = (n: number): Uint8Array => new Uint8Array(32).map((_, i) => (i === 13 ? n : 0x80 + (i & 3)));
const coin = (tx: number, script: number): Coin => ({
  value: BigInt(tx) * 44_000_000_000_000n,
  scriptPubKey: scripts[script]!,
  height: tx * 100_000,
  coinbase: tx % 2 === 1,
});

test("a coin table holds what was added and not removed, and counts the outputs of each transaction", () => {
  const step = fc.record({
    add: fc.boolean(),
    tx: fc.nat(19),
    index: fc.constantFrom(0, 1, 2, 70_000, 0xffff_ffff),
    script: fc.nat(scripts.length - 1),
  });
  const holds = fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
    const table = new CoinTable();
    const model = new Map<string, Coin>();
    const key = ({ txid, index }: Outpoint) => `${txid.join()}:${index}`;
    for (const { add, tx, index, script } of steps) {
      const outpoint = { txid: txidOf(tx), index };
      expect(table.get(outpoint)).toEqual(model.get(key(outpoint)));
      if (add && !model.has(key(outpoint))) {
        table.add(outpoint, coin(tx, script));
        model.set(key(outpoint), coin(tx, script));
      } else if (!add && model.delete(key(outpoint))) table.remove(outpoint);
      const siblings = [...model.keys()].filter((each) => each.startsWith(`${txidOf(tx).join()}:`));
      expect(table.outputsOf(txidOf(tx))).toBe(siblings.length);
    }
    expect(table.size).toBe(model.size);
    expect(new Map(Array.from(table.entries(), ([outpoint, each]) => [key(outpoint), each]))).toEqual(model);
  });
  fc.assert(holds, { numRuns: 60 });
});
