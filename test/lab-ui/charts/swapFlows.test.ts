import fc from "fast-check";
import { expect, test } from "vitest";
import { type FlowAmounts, flowGeometry } from "../../../lab-ui/src/charts/swapFlows.ts";
import { assertProperty } from "../../support/property.ts";

const CHAINS = ["FLUX", "ETH", "BSC", "SOL"];
const amount = fc.double({ min: 0, max: 1e7, noNaN: true });
const flows: fc.Arbitrary<FlowAmounts[]> = fc.uniqueArray(
  fc
    .record({ from: fc.nat(3), step: fc.integer({ min: 1, max: 3 }), unlocked: amount, inFlight: amount })
    .map(({ from, step, unlocked, inFlight }) => ({
      source: CHAINS[from]!,
      target: CHAINS[(from + step) % 4]!,
      unlocked,
      inFlight,
    })),
  { selector: ({ source, target }) => `${source} ${target}`, minLength: 1 },
);

test("bars hold what begins and ends at their chains, stay in the box and never overlap", () => {
  assertProperty(
    fc.property(
      flows,
      fc.integer({ min: 250, max: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (last, height, part) => {
        const all = last.map((flow) => ({
          ...flow,
          unlocked: flow.unlocked * part,
          inFlight: flow.inFlight * part,
        }));
        const view = { width: 900, height, names: 100, slot: 50 };
        const { sources, targets, ribbons } = flowGeometry(all, last, CHAINS, view);
        const end = flowGeometry(last, last, CHAINS, view);
        expect(sources.map(({ y }) => y)).toEqual(end.sources.map(({ y }) => y));
        for (const [bars, side] of [
          [sources, "source"],
          [targets, "target"],
        ] as const) {
          for (const [i, bar] of bars.entries()) {
            const mine = all.filter((flow) => flow[side] === bar.chain);
            expect(bar.amount).toBeCloseTo(
              mine.reduce((sum, flow) => sum + flow.unlocked + flow.inFlight, 0),
            );
            expect(bar.y + bar.height).toBeLessThanOrEqual(height + 1e-6);
            const below = bars[i + 1];
            if (below !== undefined) expect(below.y).toBeGreaterThanOrEqual(bar.y + bar.height + 50 - 1e-6);
          }
        }
        expect(ribbons).toHaveLength(all.length);
      },
    ),
    { numRuns: 100 },
  );
});

test("a flow that has not begun draws nothing, and half of the whole half as high as the whole", () => {
  const flow = { source: "FLUX", target: "ETH", unlocked: 0, inFlight: 0 };
  const view = { width: 900, height: 200, names: 100, slot: 50 };
  const last = [{ ...flow, unlocked: 100 }];
  const none = flowGeometry([flow], last, CHAINS, view);
  expect(none.ribbons[0]).toMatchObject({ path: "", flightPath: "" });
  const heightOf = (unlocked: number) =>
    flowGeometry([{ ...flow, unlocked }], last, CHAINS, view).sources[0]!.height;
  expect(heightOf(50)).toBeCloseTo(heightOf(100) / 2);
});
