import { mainnet } from "@fluxlab/core";
import { runScenario } from "@fluxlab/sim";
import { decodeScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { curveGeometry } from "../../../lab-ui/src/charts/curveChart.ts";
import { chainAssetsAt, mostOn } from "../../../lab-ui/src/charts/models/assets.ts";
import { breakEvenCurves, dollarsOf, returnsWith } from "../../../lab-ui/src/charts/models/returns.ts";

const play = (cumulus: number) =>
  runScenario(
    decodeScenario({
      name: "returns",
      title: "Returns",
      network: "main",
      from: 1_200_000,
      run: "7200 blocks",
      population: { cumulus, nimbus: 12, stratus: 5 },
      economics: { price: "0.5 USD", monthlyCost: { cumulus: "7 USD", nimbus: "17 USD", stratus: "45 USD" } },
      parallelAssets: { model: "wp2-equal", released: 3 },
    }),
    mainnet,
    1,
  );
const record = play(30);

test("the curve by nodes foretells what a run with that many nodes pays", () => {
  const curve = breakEvenCurves(record, dollarsOf(record), "nodes").find(({ tier }) => tier === "cumulus")!;
  const [first, last] = [curve.x[0]!, curve.x.at(-1)!];
  expect([first, last].map(Math.round)).toEqual([8, 120]);
  const played = play(60);
  const near = curve.x.findIndex((nodes) => nodes >= 60);
  const { native, parallel } = returnsWith(played, dollarsOf(played))[0]!;
  const scale = curve.x[near]! / 60;
  expect((curve.flux[near]! * scale * 1e8) / Number(native! + parallel!)).toBeCloseTo(1, 1);
});

test("the curve by price is the return at each of its prices", () => {
  const dollars = dollarsOf(record);
  const curves = breakEvenCurves(record, dollars, "price");
  for (const [i, { tier, x, years }] of curves.entries()) {
    const at = 33;
    const expected = returnsWith(record, { ...dollars, price: x[at]! })[i]!;
    expect(expected.tier).toBe(tier);
    expect(years[at]).toBe(expected.usd?.breakEvenYearsWithParallel);
  }
});

test("every chain's parts add up to 440,000,000 at any moment, whatever was claimed", () => {
  for (const seconds of [0, record.seconds / 3, record.seconds]) {
    for (const claimed of [0, 37.5, 100]) {
      const chains = chainAssetsAt(record, seconds, claimed);
      expect(chains.map(({ state }) => state).filter((state) => state === "released")).toHaveLength(3);
      for (const each of chains) {
        const parts =
          each.claimed + each.unclaimed + each.holders + each.outstanding + each.reserve + each.swap;
        expect(parts).toBe(each.total);
        expect(mostOn(each.chain).most).toBe(mostOn(each.chain).everywhere); // the natural supply of all chains together
      }
    }
  }
  const end = chainAssetsAt(record, record.seconds, 0)[1]!;
  const fluxnodes = Object.values(record.tiers).reduce((sum, { paid }) => sum + paid, 0n);
  expect(end.unclaimed).toBe(fluxnodes / 10n + record.toProducers / 10n);
});

test("what is out of sight is not drawn", () => {
  const view = { width: 400, height: 200, logarithmic: false, tickX: String, tickY: String };
  const curves = [
    { x: [1, 2, 4], y: [900, 40, 20] },
    { x: [1, 2, 4], y: [Number.NaN, Number.NaN, Number.NaN] },
  ];
  const { paths, xTicks, bottom, top } = curveGeometry(curves, 50, view);
  expect(paths[1]).toBe("");
  expect(paths[0]).not.toContain("NaN");
  expect(xTicks.map(({ text }) => text)).toEqual(["1", "2"]);
  expect(bottom).toBeGreaterThan(top);
});
