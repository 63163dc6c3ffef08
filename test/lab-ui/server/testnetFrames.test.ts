import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { blockBytes, toDisplayHex, toWireHex, wireHex } from "@fluxlab/core";
import { bestTip, chainTo } from "@fluxlab/sim";
import { expect, test } from "vitest";
import { TestnetFrames } from "../../../lab-ui/server/testnetFrames.ts";
import { played, smallWorld } from "../../sim/witness/labRuns.ts";
import { temporaryFolder } from "../../support/program.ts";

// What a page is told of a testnet's observations, here of three nodes on a chain that the simulator made.

const START = 1_700_000_000_000;
const NODES = 3;
const world = smallWorld({ run: "1 min" });
const account = played(world);
const chain = chainTo(bestTip(account, account.params)!);
const base = world.base.length - 1;

/** A block a second, at each node a little later. */
const lines = chain.slice(base + 1).flatMap((link, i) => {
  const [hash, height] = [toDisplayHex(wireHex(link.hash)), base + 1 + i];
  return Array.from({ length: NODES }, (_, node) => {
    const time = START + (i + 1) * 1_000 + node * 50;
    const block = { kind: "block", node, time, hash, height, hex: toWireHex(blockBytes(link.block)) };
    const tip = { kind: "tip", node, time: time + 1, hash, height, disconnected: 0, connected: 1 };
    return `${JSON.stringify(block)}\n${JSON.stringify(tip)}\n`;
  }).join("");
});

function written(text: string): string {
  const file = join(temporaryFolder(), "observations.jsonl");
  appendFileSync(file, text);
  return file;
}

test("all of a short testnet is told, and then what comes", () => {
  const [first, ...rest] = lines;
  const file = written(first!);
  const frames = new TestnetFrames({ baseHeight: base, beganAt: START }, file);
  const { rows, seconds } = frames.next();
  expect(frames.begin).toEqual({ baseHeight: base, since: 0 });
  expect(seconds).toBe(1.101);
  expect(Array.from(rows.blocks.height)).toEqual([1]);
  expect(Array.from(rows.tips.node)).toEqual([0, 1, 2]);
  appendFileSync(file, rest.join(""));
  const later = frames.next().rows;
  expect(Array.from(later.blocks.height)).toEqual(rest.map((_, i) => i + 2));
  expect(Array.from(later.blocks.parent)).toEqual(rest.map((_, i) => i + 1));
});

test("of a long one only the latest, on the highest block that nodes had then", () => {
  expect(lines.length).toBeGreaterThan(10);
  const file = written(lines.join(""));
  const tail = lines.slice(-6);
  const frames = new TestnetFrames(
    { baseHeight: base, beganAt: START },
    file,
    Buffer.byteLength(tail.join("")),
  );
  const { rows } = frames.next();
  const firstTold = base + lines.length - 5; // the height of the first block of the tail
  // Two seconds of the tail say how high nodes are: its first three blocks are the beginning.
  expect(frames.begin).toEqual({ baseHeight: firstTold + 2, since: lines.length - 5 });
  expect(Array.from(rows.blocks.height)).toEqual([1, 2, 3]);
  expect(Array.from(rows.blocks.parent)).toEqual([0, 1, 2]);
  expect(Array.from(rows.blocks.miner)).toEqual([0, 0, 0]);
  expect(new Set(rows.tips.block)).toEqual(new Set([0, 1, 2, 3]));
});

test("what is read at once is bounded, and pieces add up to the whole", () => {
  const long = Array.from(
    { length: 40 },
    (_, i) =>
      `${JSON.stringify({ kind: "tip", node: 0, time: START + i, hash: "00".repeat(32), height: base, padding: "x".repeat(100_000) })}\n`,
  );
  const frames = new TestnetFrames({ baseHeight: base, beganAt: START }, written(long.join("")));
  const pieces = [frames.next().rows.tips.node.length];
  while (frames.isBehind) pieces.push(frames.next().rows.tips.node.length);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.reduce((sum, count) => sum + count, 0)).toBe(long.length);
});
