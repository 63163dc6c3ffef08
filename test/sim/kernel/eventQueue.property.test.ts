import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../../../sim/src/kernel/eventQueue.ts";

type Event = readonly [time: number, kind: number, source: number, sequence: number];

const byTotalOrder = (a: Event, b: Event): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];

test("events leave in the order of a sorted list, whenever they were pushed", () => {
  const push = fc.tuple(fc.nat(30), fc.nat(3), fc.nat(5));
  const steps = fc.array(fc.oneof(push, fc.constant("pop" as const)), { maxLength: 400 });
  fc.assert(
    fc.property(steps, (history) => {
      const queue = new EventQueue(1);
      let model: Event[] = [];
      let sequence = 0;
      for (const step of history) {
        if (step !== "pop") {
          queue.push(...step);
          model = [...model, [...step, sequence++] as const].sort(byTotalOrder);
        } else if (model.length > 0) {
          const [next, ...rest] = model;
          queue.pop();
          expect([queue.time, queue.kind, queue.source]).toEqual(next!.slice(0, 3));
          model = rest;
        }
        expect(queue.length).toBe(model.length);
        expect(queue.nextTime).toBe(model[0]?.[0] ?? Number.POSITIVE_INFINITY);
      }
    }),
  );
});

test("taking from an empty queue is our bug", () => {
  expect(() => new EventQueue().pop()).toThrow("an event is pending");
});
