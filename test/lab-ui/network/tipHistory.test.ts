import fc from "fast-check";
import { expect, test } from "vitest";
import { type TipChange, TipHistory } from "../../../lab-ui/src/network/tipHistory.ts";

const NODES = 5;

const changes = fc
  .array(
    fc.record({
      gap: fc.nat(3),
      node: fc.nat(NODES - 1),
      block: fc.nat(50),
      from: fc.integer({ min: -1, max: NODES - 1 }),
    }),
    { maxLength: 80 },
  )
  .map((rows) => {
    let seconds = 0;
    return rows.map(({ gap, ...row }): TipChange => {
      seconds += gap;
      return { ...row, seconds };
    });
  });

const columns = (rows: readonly TipChange[]) => ({
  seconds: Float64Array.from(rows, ({ seconds }) => seconds),
  node: Uint32Array.from(rows, ({ node }) => node),
  block: Uint32Array.from(rows, ({ block }) => block),
  from: Int32Array.from(rows, ({ from }) => from),
});

test("any moment in any order is what playing all changes up to it gives", () => {
  fc.assert(
    fc.property(changes, fc.array(fc.nat(260), { maxLength: 20 }), fc.nat(40), (all, moments, first) => {
      const history = new TipHistory(NODES, 8, 1_000);
      history.append(columns(all.slice(0, first)));
      history.append(columns(all.slice(first)));
      for (const moment of moments) {
        const expected = new Uint32Array(NODES);
        const since = new Float64Array(NODES).fill(Number.NEGATIVE_INFINITY);
        for (const { seconds, node, block } of all) {
          if (seconds > moment) break;
          expected[node] = block;
          since[node] = seconds;
        }
        expect(history.read(moment)).toEqual({ tips: expected, since });
      }
    }),
  );
});

test("changes between two moments are those of a plain list", () => {
  fc.assert(
    fc.property(changes, fc.nat(250), fc.nat(250), fc.integer({ min: 1, max: 30 }), (all, a, b, most) => {
      const history = new TipHistory(NODES, 8, 1_000);
      history.append(columns(all));
      const found = all.filter(({ seconds }) => seconds > a && seconds <= b);
      expect(history.between(a, b, most)).toEqual(found.slice(-most));
    }),
  );
});

test("an endless run keeps its newest chunks, and what nodes were on before them", () => {
  const rows = Array.from(
    { length: 100 },
    (_, i): TipChange => ({ seconds: i, node: i % NODES, block: i, from: -1 }),
  );
  const history = new TipHistory(NODES, 8, 3);
  history.append(columns(rows));
  expect(history.rows).toBeLessThanOrEqual(3 * 8);
  expect(history.firstSeconds).toBeGreaterThan(70);
  expect([...history.read(99).tips]).toEqual([95, 96, 97, 98, 99]);
  const first = history.firstSeconds;
  expect(Math.max(...history.read(first).tips)).toBe(first);
});
