import { expect, test } from "vitest";
import { growthABlock } from "../soak/growth.ts";
import { liveSoak } from "../soak/liveSoak.ts";
import { soak } from "../soak/soakWorld.ts";

// docs/node-soak.md has the curves of a whole day, and what the bounds are made of.

const LONG = process.env["FLUX_LAB_LONG"] === "1";
const HOURS = LONG ? 24 : 6;
/** Bytes that a chain keeps of a block for good: its header, and coins that nobody spends. */
const CHAIN_A_BLOCK = 1_024;

test(`six full nodes under churn grow by no more than their chain does in ${HOURS} hours`, () => {
  const points = soak(HOURS, () => {});
  expect(points.at(-1)!.height).toBeGreaterThan(HOURS * 80);
  expect(points.at(-1)!.restarts).toBeGreaterThan(HOURS * 10);
  const { chain, rest } = growthABlock(points, Math.floor(HOURS / 3));
  console.log(`${chain.toFixed(0)} bytes a block are the chain's, ${rest.toFixed(0)} the world's`);
  expect(chain).toBeLessThan(CHAIN_A_BLOCK);
  // What the simulator remembers of signatures and connections: it is bounded, but not full yet.
  expect(rest).toBeLessThan(LONG ? 1_024 : 3_072);
}, 600_000);

const BLOCKS = LONG ? 20_000 : 2_000;

test(`a live node that follows ${BLOCKS} blocks, restarts and strangers grows by no more than its chain does`, async () => {
  const points = await liveSoak(BLOCKS, () => {});
  const { chain, rest } = growthABlock(points, Math.floor(points.length / 3));
  console.log(`${chain.toFixed(0)} bytes a block are the chain's, ${rest.toFixed(0)} the node's`);
  expect(chain).toBeLessThan(CHAIN_A_BLOCK);
  // In so few blocks what is in memory at the moment weighs most: a short run finds a block that stays, a long one a record of it.
  expect(rest).toBeLessThan(LONG ? 256 : 1_536);
}, 1_800_000);
