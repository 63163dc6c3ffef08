import fc from "fast-check";
import { expect, test } from "vitest";
import { CalendarQueue, type EventId } from "../../../sim/src/kernel/calendarQueue.ts";

// Against the obvious: a list that is searched for its least.

interface Expected {
  readonly order: readonly [time: number, kind: number, source: number, sequence: number];
  readonly target: number;
  readonly payload: number;
  readonly id: EventId;
}

const precedes = (a: Expected, b: Expected): boolean => {
  const differs = a.order.findIndex((value, i) => value !== b.order[i]);
  return a.order[differs]! < b.order[differs]!;
};

const takeFirst = (pending: Expected[]): Expected | undefined => {
  const first = pending.reduce<Expected | undefined>(
    (least, each) => (least === undefined || precedes(each, least) ? each : least),
    undefined,
  );
  if (first !== undefined) pending.splice(pending.indexOf(first), 1);
  return first;
};

/** Delays within a bucket, over neighbouring buckets, around the horizon, and far beyond it. */
const delay = fc.oneof(
  fc.nat(3),
  fc.nat(200),
  fc.integer({ min: 2_097_000, max: 2_097_300 }),
  fc.nat(5_000_000),
  fc.nat(2 ** 40),
);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ delay, kind: fc.nat(31), source: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.constant("pop" as const) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant("peek" as const) },
);

test("events come by time, kind, source and order of scheduling, wherever they waited", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = new CalendarQueue(2);
      const pending: Expected[] = [];
      let sequence = 0;
      const pop = () => {
        const first = takeFirst(pending);
        expect(queue.pop()).toBe(first !== undefined);
        if (first === undefined) return;
        const { time, kind, source, target, payload } = queue;
        expect([time, kind, source, target, payload]).toEqual([
          ...first.order.slice(0, 3),
          first.target,
          first.payload,
        ]);
      };
      for (const each of steps) {
        if (each === "pop") pop();
        else if (each === "peek") {
          const times = pending.map(({ order }) => order[0]);
          expect(queue.nextTime).toBe(Math.min(...times));
        } else if ("cancel" in each) {
          if (pending.length === 0) continue;
          const [cancelled] = pending.splice(each.cancel % pending.length, 1);
          queue.cancel(cancelled!.id);
        } else {
          const time = queue.time + each.delay;
          const [target, payload] = [sequence * 7, sequence];
          const id = queue.push(time, each.kind, each.source, target, payload);
          pending.push({ order: [time, each.kind, each.source, sequence++], target, payload, id });
        }
        expect(queue.length).toBe(pending.length);
      }
      while (pending.length > 0) pop();
      expect(queue.pop()).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("a bucket with thousands of events is sorted too, and times far apart keep their order", () => {
  const queue = new CalendarQueue();
  const count = 5_000;
  for (let i = 0; i < count; i++) queue.push(1_000 + ((i * 7_919) % 13), 0, (i * 104_729) % 97, i, 0);
  queue.push(2 ** 52, 0, 0, 1, 0);
  queue.push(2 ** 45, 0, 0, 0, 0);
  const delivered: (readonly [number, number, number])[] = [];
  for (let i = 0; i < count; i++) {
    queue.pop();
    delivered.push([queue.time, queue.source, queue.target]);
  }
  const sorted = delivered.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  expect(delivered).toEqual(sorted);
  expect([queue.pop(), queue.time, queue.pop(), queue.time]).toEqual([true, 2 ** 45, true, 2 ** 52]);
});

test("what is not in the future, cancelled twice or out of range is our bug", () => {
  const queue = new CalendarQueue();
  const event = queue.push(10, 0, 0, 0, 0);
  queue.push(20, 0, 0, 0, 0);
  queue.cancel(event);
  expect(() => queue.cancel(event)).toThrow("cancelled once");
  queue.pop();
  expect(() => queue.push(19, 0, 0, 0, 0)).toThrow("past");
  expect(() => queue.push(21, 32, 0, 0, 0)).toThrow("below 32");
  expect(() => queue.push(21, 0, 2 ** 26, 0, 0)).toThrow("below 2^26");
});
