import fc from "fast-check";
import { expect, test } from "vitest";
import { OpenRequests } from "../../../core/src/node/openRequests.ts";
import type { BlockRequest } from "../../../core/src/node/peer.ts";

const ROWS = 5;

test("open requests are those that a map would have", () => {
  const steps = fc.array(fc.record({ row: fc.nat(ROWS - 1), adds: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (taken) => {
      const open = new OpenRequests();
      const twin = new Map<number, BlockRequest>();
      for (const { row, adds } of taken) {
        if (!adds) {
          open.delete(row);
          twin.delete(row);
        } else if (twin.has(row)) {
          expect(() => open.add(twin.get(row)!)).toThrow("once at a time");
        } else {
          const request = { row, deadline: 0 } as BlockRequest;
          open.add(request);
          twin.set(row, request);
        }
        expect(open.size).toBe(twin.size);
        for (let each = 0; each < ROWS; each++) {
          expect(open.get(each)).toBe(twin.get(each));
          expect(open.has(each)).toBe(twin.has(each));
        }
      }
    }),
  );
});
