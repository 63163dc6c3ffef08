import { blockBytes, toDisplayHex, toWireHex, wireHex } from "@fluxlab/core";
import { bestTip, chainTo, LOG_KINDS } from "@fluxlab/sim";
import { ObservedTrace } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";
import type { LoggedObservation } from "../../../testnet/src/fleet/observation.ts";
import { played, smallWorld } from "../../sim/witness/labRuns.ts";

// What nodes write, here of a chain that the simulator made, as the rows a page is told.

const world = smallWorld({ run: "1 min" });
const account = played(world);
const chain = chainTo(bestTip(account, account.params)!);
const base = world.base.length - 1;
const START = 1_700_000_000_000;

const hashAt = (height: number) => toDisplayHex(wireHex(chain[height]!.hash));
const block = (node: number, height: number, time: number): LoggedObservation => ({
  ...{ kind: "block", node, time: START + time, hash: hashAt(height), height },
  hex: toWireHex(blockBytes(chain[height]!.block)),
});
const tip = (
  node: number,
  height: number,
  time: number,
  disconnected = 0,
  connected = 1,
): LoggedObservation => ({
  ...{ kind: "tip", node, time: START + time, hash: hashAt(height), height, disconnected, connected },
});

function told(...calls: readonly (readonly LoggedObservation[])[]) {
  const trace = new ObservedTrace({ baseHeight: base, beganAt: START });
  for (const observations of calls) trace.take(observations);
  return { trace, rows: trace.drain() };
}

test("blocks that all began with are one row; each new block is one, with its parent and its first holder", () => {
  const { rows } = told([
    ...[block(0, base - 1, -900), block(0, base, -900), tip(0, base, -800, 0, 0), tip(1, base, -700, 0, 0)],
    ...[
      block(0, base + 1, 1_000),
      tip(0, base + 1, 1_000),
      block(0, base + 2, 2_500),
      tip(0, base + 2, 2_500),
    ],
    ...[block(1, base + 1, 1_200), tip(1, base + 1, 1_200)],
  ]);
  expect(rows.blocks).toMatchObject({
    parent: Uint32Array.of(0, 1),
    height: Uint32Array.of(1, 2),
    miner: Uint32Array.of(0, 0),
    seconds: Float64Array.of(1, 2.5),
  });
  expect(rows.blocks.hash).toEqual(
    Uint8Array.from([...wireHex(chain[base + 1]!.hash), ...wireHex(chain[base + 2]!.hash)]),
  );
  // In order of time, whatever the order of the logs; a miner's own tip came by nobody's message.
  expect(rows.tips).toEqual({
    seconds: Float64Array.of(0, 0, 1, 1.2, 2.5),
    node: Uint32Array.of(0, 1, 0, 1, 0),
    block: Uint32Array.of(0, 0, 1, 1, 2),
    from: Int32Array.of(-2, -2, -1, -2, -1),
  });
  expect(Array.from(rows.log.kind, (kind) => LOG_KINDS[kind])).toEqual(["mined", "mined"]);
});

test("lines that come late are told with what is told then, and time never falls", () => {
  const { rows, trace } = told(
    [block(0, base + 1, 3_000), tip(0, base + 1, 3_000)],
    [block(1, base + 1, 2_000), tip(1, base + 1, 2_000)],
  );
  expect(rows.tips.seconds).toEqual(Float64Array.of(3, 3));
  expect(trace.seconds).toBe(3);
});

test("reorganisations, restarts, refusals and bans are in the log", () => {
  const at = { node: 1, time: START + 5_000 };
  const { rows } = told([
    ...[block(0, base + 1, 1_000), tip(0, base + 1, 1_000, 2, 1), tip(0, base + 1, 4_000, 0, 0)],
    { ...at, kind: "blockRefused", hash: hashAt(base), violation: { rule: "bad-cb-amount" } },
    { ...at, kind: "banned", peer: 3, reason: "spam" },
    { ...at, kind: "transaction", txid: "", accepted: true },
  ]);
  const kinds = Array.from(rows.log.kind, (kind) => LOG_KINDS[kind]);
  expect(kinds).toEqual(["mined", "reorganised", "restarted", "refused", "banned"]);
  expect(Array.from(rows.log.depth)).toEqual([0, 2, 0, 0, 0]);
  expect(rows.reasons).toEqual(["bad-cb-amount", "spam"]);
  expect(Array.from(rows.log.reason)).toEqual([0, 0, 0, 1, 2]);
});

test("a block that cannot be read is an error that says so", () => {
  const bad = { ...block(0, base + 1, 0), hex: "00" };
  expect(() => told([bad])).toThrow("a node wrote a block that cannot be read");
});
