import { compareQueuePositions, NO_ROW, PaymentQueues, type QueuePosition, TIERS } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assertProperty } from "../../support/property.ts";

interface Member extends QueuePosition {
  readonly row: number;
  readonly tier: number;
}

/** The obvious queue: a list sorted from scratch for every question. */
class SortedQueues {
  members: Member[] = [];

  order(tier: number): number[] {
    const inTier = this.members.filter((member) => member.tier === tier);
    return inTier.sort(compareQueuePositions).map(({ row }) => row);
  }
}

type Step = { readonly type: "join" | "pay" | "leave" | "undo"; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(
    "join" as const,
    "join" as const,
    "pay" as const,
    "pay" as const,
    "leave" as const,
    "undo" as const,
  ),
  pick: fc.nat(1_000),
});

/** Txids that share their first bytes, so that ties are decided late; displayed and wire order disagree. */
const txid = (n: number): Uint8Array => {
  const bytes = new Uint8Array(32).fill(0x22);
  bytes[31] = n & 3;
  bytes[4] = (n >> 2) & 1 ? 0x80 : 0x7f;
  bytes[15] = (n * 37) & 0xff;
  return bytes;
};

function play(history: readonly Step[]): void {
  const queues = new PaymentQueues(2);
  const model = new SortedQueues();
  const undo: (() => void)[] = [];
  let height = 100;
  let rows = 0;
  for (const { type, pick } of history) {
    height += pick % 3 === 0 ? 1 : 0; // several things happen in one block
    const chosen = model.members[pick % Math.max(model.members.length, 1)];
    if (type === "join") {
      const member = {
        row: rows++,
        tier: pick % TIERS.length,
        outpoint: { txid: txid(pick), index: 0x8000_0000 + rows },
        confirmedHeight: height,
        lastPaidHeight: 0,
      };
      enter(queues, model, member);
      undo.push(() => leave(queues, model, member.row));
    } else if (type === "pay") {
      const tier = pick % TIERS.length;
      const row = queues.head(tier);
      expect(row).toBe(model.order(tier)[0] ?? NO_ROW);
      if (row === NO_ROW) continue;
      const before = model.members.find((member) => member.row === row)!;
      reposition(queues, model, { ...before, lastPaidHeight: height });
      undo.push(() => reposition(queues, model, before));
    } else if (type === "leave" && chosen !== undefined) {
      leave(queues, model, chosen.row);
      undo.push(() => enter(queues, model, chosen));
    } else if (type === "undo") {
      for (let i = 0; i < pick % 7; i++) undo.pop()?.();
    }
    TIERS.forEach((tier, index) => {
      expect([...queues.order(tier)]).toEqual(model.order(index));
      expect(queues.size(index)).toBe(model.order(index).length);
    });
  }
}

function enter(queues: PaymentQueues, model: SortedQueues, member: Member): void {
  model.members.push(member);
  queues.setOutpoint(member.row, member.outpoint);
  queues.enter(member.row, member.tier, member.confirmedHeight, member.lastPaidHeight);
}

function leave(queues: PaymentQueues, model: SortedQueues, row: number): void {
  model.members = model.members.filter((member) => member.row !== row);
  queues.leave(row);
}

function reposition(queues: PaymentQueues, model: SortedQueues, member: Member): void {
  model.members = model.members.map((each) => (each.row === member.row ? member : each));
  queues.reposition(member.row, member.confirmedHeight, member.lastPaidHeight);
}

test("the linked queues are in the order of a sort from scratch, whatever joins, is paid, expires and is undone", () => {
  assertProperty(fc.property(fc.array(step, { maxLength: 120 }), play), { numRuns: 300 });
});

test("misuse is our bug and says so", () => {
  const queues = new PaymentQueues(1);
  queues.setOutpoint(0, { txid: txid(0), index: 0 });
  queues.enter(0, 0, 5, 0);
  expect(() => queues.enter(0, 0, 5, 0)).toThrow("queued already");
  expect(() => queues.setOutpoint(0, { txid: txid(1), index: 0 })).toThrow("its outpoint orders it");
  expect(() => queues.leave(1)).toThrow("in no queue");
});
