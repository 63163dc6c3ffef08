import {
  type BlockHash,
  type BlockHeader,
  ForkWarnings,
  HeaderTree,
  type Params,
  partitionWarning,
  regtest,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { withUpgrades } from "../../support/networks.ts";

const ZERO = new Uint8Array(32);
const START = 1_700_000_000;

/** Every block has the work of every other. */
const header = (time: number): BlockHeader => ({
  kind: "pon",
  version: 100,
  previousHash: ZERO,
  merkleRoot: ZERO,
  saplingRoot: ZERO,
  time,
  bits: 0x207fffff,
  collateral: { txid: ZERO, index: 0 },
  signature: new Uint8Array(),
});

/** A tree and how to make it grow: `blocks` headers, `spacing` seconds apart, from `parent`; the last one's row. */
function treeOfHeaders() {
  const tree = new HeaderTree(header(START));
  const grow = (parent: number, blocks: number, spacing = 30): number => {
    let at = parent;
    for (let i = 0; i < blocks; i++) {
      const hash = new Uint8Array(32);
      new DataView(hash.buffer).setUint32(0, tree.size);
      at = tree.add(header(tree.time(at) + spacing), hash as BlockHash, at);
    }
    return at;
  };
  return { tree, grow };
}

test("a fork is large from the eighth block of its own on, and near if less than 72 blocks behind", () => {
  const { tree, grow } = treeOfHeaders();
  const base = grow(0, 5);
  const tip = grow(base, 10);
  const seven = grow(base, 7);
  const warnings = new ForkWarnings(tree);
  warnings.noteFork(seven, tip);
  expect(warnings.warning(tip, false)).toBeUndefined();
  const eight = grow(seven, 1);
  warnings.noteFork(eight, tip);
  expect(warnings.warning(tip, false)).toEqual({ kind: "largeFork", base, tip: eight });
  expect(warnings.warning(tip, true)).toBeUndefined();

  const [far, near] = [grow(base, 8 + 72), grow(base, 8 + 71)];
  for (const [end, isWarned] of [
    [far, false],
    [near, true],
  ] as const) {
    const late = new ForkWarnings(tree);
    late.noteFork(eight, end);
    expect(late.warning(end, false) !== undefined).toBe(isWarned);
  }
});

test("the highest large fork is remembered until it is 288 blocks behind", () => {
  const { tree, grow } = treeOfHeaders();
  const [low, high] = [grow(0, 8), grow(0, 9)];
  const tip = grow(0, 10);
  const warnings = new ForkWarnings(tree);
  warnings.noteFork(high, tip);
  warnings.noteFork(low, tip);
  expect(warnings.warning(tip, false)).toMatchObject({ tip: high });
  expect(warnings.warning(grow(tip, 286), false)).toMatchObject({ tip: high });
  expect(warnings.warning(grow(tip, 287), false)).toBeUndefined();
  expect(warnings.warning(tip, false)).toBeUndefined();
});

test("an invalid chain is reported when it has more than six blocks' work more than the tip", () => {
  const { tree, grow } = treeOfHeaders();
  const tip = grow(0, 10);
  const warnings = new ForkWarnings(tree);
  const six = grow(0, 16);
  warnings.noteInvalid(six);
  expect(warnings.warning(tip, false)).toBeUndefined();
  const seven = grow(six, 1);
  warnings.noteInvalid(seven);
  warnings.noteInvalid(six);
  expect(warnings.warning(tip, false)).toEqual({ kind: "largeInvalidChain", tip: seven });
  expect(warnings.warning(grow(tip, 1), false)).toBeUndefined();
  // What is folded away is forgotten.
  tree.fold(tip);
  expect(warnings.warning(tip, false)).toBeUndefined();
});

/** 30 seconds a block, by either proof. */
const params: Params = { ...regtest, pow: { ...regtest.pow, targetSpacing: 120 } };
const WARNED_SPAN = 14_400;

test("four hours of blocks as they should come say nothing; half as many and twice as many do", () => {
  const pon = withUpgrades(params, { pon: 1 });
  const warned = (spacing: number, rules: Params) => {
    const { tree, grow } = treeOfHeaders();
    const tip = grow(0, Math.ceil(20_000 / spacing), spacing);
    return partitionWarning(tree, tip, tree.time(tip), rules);
  };
  expect(warned(30, pon)).toBeUndefined();
  expect(warned(60, pon)).toEqual({ kind: "tooFewBlocks", blocks: 241, expected: 480 });
  expect(warned(15, pon)).toEqual({ kind: "tooManyBlocks", blocks: 961, expected: 480 });
  // Where proof of node was never activated the spacing is that of proof of work.
  expect(warned(120, params)).toBeUndefined();
  expect(warned(30, params)).toEqual({ kind: "tooManyBlocks", blocks: 481, expected: 120 });
});

test("the alarm is rung at one chance in 109,500, and not by a chain younger than four hours", () => {
  // By the Poisson distribution of mean 120: P(77) = 3.8e-6 and P(79) = 9.8e-6 enclose 1/109,500 = 9.13e-6.
  const probability = (count: number, mean: number): number => {
    let p = Math.exp(-mean);
    for (let n = 1; n <= count; n++) p *= mean / n;
    return p;
  };
  const rung: number[] = [];
  for (let blocks = 60; blocks <= 180; blocks++) {
    const { tree, grow } = treeOfHeaders();
    const tip = grow(grow(0, 1, 100_000), blocks, 1);
    const warning = partitionWarning(tree, tip, tree.time(tip) - blocks + 1 + WARNED_SPAN, params);
    expect(warning !== undefined, `${blocks}`).toBe(probability(blocks, 120) <= 1 / 109_500);
    if (warning !== undefined) rung.push(blocks);
  }
  expect(rung).toContain(60);
  expect(rung).toContain(180);
  const { tree, grow } = treeOfHeaders();
  const young = grow(0, 3);
  expect(partitionWarning(tree, young, tree.time(young), params)).toBeUndefined();
});
