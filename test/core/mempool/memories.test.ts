import {
  AS_IT_IS,
  BaseState,
  FROM_PEER,
  Mempool,
  ParseError,
  type PoolClock,
  parse,
  Random,
  readTransaction,
  type Transaction,
  toDisplayHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { FreeRelayLimiter } from "../../../core/src/mempool/freeRelay.ts";
import { RecentTxids } from "../../../core/src/mempool/recentTxids.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { moveTo, replayedDeltas } from "../../support/replay.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

type Txid = Parameters<RecentTxids["add"]>[0];
const id = (byte: number): Txid => new Uint8Array(32).fill(byte) as Txid;

test("ids are forgotten after their time, and the oldest when there is no room", () => {
  const recent = new RecentTxids(60, 2);
  recent.add(id(1), 100);
  expect([recent.has(id(1), 160), recent.has(id(1), 161)]).toEqual([true, false]);
  for (const [i, time] of [200, 201, 202].entries()) recent.add(id(i), time);
  expect([0, 1, 2].map((i) => recent.has(id(i), 203))).toEqual([false, true, true]);
  recent.add(id(1), 260);
  expect(recent.has(id(1), 262), "an id that comes again keeps its time").toBe(false);
});

test("the limit of free transactions holds at once and fades by a factor of e in ten minutes", () => {
  const limiter = new FreeRelayLimiter(500);
  const now = 1_700_000_000;
  expect(limiter.admit(4_999_999, now)).toBe(true);
  expect(limiter.admit(1_000_000, now), "asked before it is counted").toBe(true);
  expect(limiter.admit(1, now)).toBe(false);
  // 5,999,999 * (599/600)^109 = 5,002,516; one second more: 4,994,178.
  expect(limiter.admit(1, now + 109)).toBe(false);
  expect(limiter.admit(1, now + 110)).toBe(true);
});

interface Batch {
  readonly name: string;
  readonly tipHeight: number;
  readonly mockTime: number;
  readonly cases: readonly { readonly name: string; readonly hex: string }[];
}

const HALF_AN_HOUR = 1_800;

vectorTest("FluxNode transactions are not taken twice: not from blocks, nor within half an hour", () => {
  const params = labnet();
  const batches = readJson<Batch[]>("labnet/mempool-cases.json");
  const batch = batches.find(({ name }) => name === "era-1720")!;
  const deltas = replayedDeltas("labnet/chain-a.jsonl", params, { ecdsa: fastEcdsa, trust: "signatures" });
  const state = moveTo(new BaseState(), deltas, batch.tipHeight);
  const named = (wanted: string): Transaction => {
    const { hex } = batch.cases.find(({ name }) => name === wanted)!;
    const tx = parse(Buffer.from(hex, "hex"), readTransaction);
    if (tx instanceof ParseError) throw new Error(String(tx));
    return tx;
  };
  const mempool = new Mempool(params, fastEcdsa, Random.root("memories"));
  const tip = { state, medianTime: batch.mockTime };
  const at = (seconds: number): PoolClock => {
    const now = batch.mockTime + seconds;
    return { now, adjustedTime: now };
  };
  const offer = (tx: Transaction, seconds: number) => mempool.accept(tx, tip, at(seconds), FROM_PEER);
  const start = named("start-valid");
  const confirm = named("initial-confirm-valid");
  const silently = (why: string) => ({ accepted: false, refusal: { kind: "silent", why } });

  expect(offer(start, 0)).toMatchObject({ accepted: true, departed: [] });
  expect(mempool.blockConnected([start], batch.tipHeight + 1, at(0))).toMatchObject([{ why: "mined" }]);
  expect(offer(start, 1)).toMatchObject(silently("recentlyInBlock"));

  // It does not come back with its block, but others may send it again, later.
  const undone = deltas[batch.tipHeight]!;
  expect(mempool.blockDisconnected([start], undone, tip, at(2))).toEqual([]);
  expect(mempool.pool.size).toBe(0);
  expect(offer(start, 3)).toMatchObject(silently("recentlySeen"));
  expect(offer(confirm, HALF_AN_HOUR)).toMatchObject({ accepted: true });
  expect(offer(start, HALF_AN_HOUR)).toMatchObject(silently("recentlySeen"));

  // The next one to be taken is what makes the pool look for those that have waited too long.
  const update = named("update-valid");
  const later = HALF_AN_HOUR + 1;
  expect(offer(update, later)).toMatchObject({ accepted: true, departed: [] });
  expect(offer(start, later)).toMatchObject({ accepted: true });
  const newer = named("update-second-newer-replaces");
  const replacing = mempool.accept(newer, tip, at(later), AS_IT_IS);
  expect(replacing).toMatchObject({ accepted: true, departed: [{ why: "replaced" }] });
  expect(replacing.departed.map(({ entry }) => toDisplayHex(entry.txid))).toHaveLength(1);
});
