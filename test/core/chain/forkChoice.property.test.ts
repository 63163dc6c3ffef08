import fc from "fast-check";
import { expect, test } from "vitest";
import { Candidates } from "../../../core/src/chain/forkChoice.ts";

// Candidates are a list without order; the obvious twin is a set that is searched from end to end.

const ROWS = 12;

const steps = fc.array(
  fc.record({
    what: fc.constantFrom("add", "delete", "keep", "prune"),
    row: fc.nat(ROWS - 1),
  }),
  { maxLength: 40 },
);
/** How good each row is: the higher the better, and many are alike. */
const worths = fc.array(fc.nat(4), { minLength: ROWS, maxLength: ROWS });

test("candidates are those that a set would have, and the best is the best of the set", () => {
  fc.assert(
    fc.property(steps, worths, (taken, worth) => {
      const compare = (a: number, b: number): number => worth[b]! - worth[a]!;
      const candidates = new Candidates(compare);
      let twin = new Set<number>();
      for (const { what, row } of taken) {
        if (what === "add") {
          candidates.add(row);
          twin.add(row);
        } else if (what === "delete") {
          candidates.delete(row);
          twin.delete(row);
        } else if (what === "keep") {
          candidates.keep((each) => each >= row);
          twin = new Set([...twin].filter((each) => each >= row));
        } else {
          candidates.prune(row);
          twin = new Set([...twin].filter((each) => compare(row, each) >= 0));
        }
        for (let tip = 0; tip < ROWS; tip++) {
          const [best] = [tip, ...twin].toSorted((a, b) => compare(a, b) || a - b);
          expect(candidates.best(tip)).toBe(best);
        }
      }
    }),
  );
});
