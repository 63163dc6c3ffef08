import { Random } from "@fluxlab/core";
import { expect, test } from "vitest";
import { Latency, paretoMicroseconds } from "../../../sim/src/net/latency.ts";
import { BITCOIN_2019 } from "../../../sim/src/net/regions.ts";

const { meanLatencyMs } = BITCOIN_2019;
const DRAWS = 200_000;

test.each([
  [0, 0],
  [1, 1],
  [2, 3],
  [4, 3],
])("from region %i to %i: the mean asked for, and Pareto's quantiles", (from, to) => {
  const latency = new Latency(meanLatencyMs);
  const random = Random.root("draws");
  const draws = Float64Array.from({ length: DRAWS }, () => latency.draw(from, to, random)).sort();
  const meanMs = meanLatencyMs[from]![to]!;
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / DRAWS;
  expect(Math.abs(mean / 1_000 / meanMs - 1)).toBeLessThan(0.01);
  for (const chance of [0.999, 0.9, 0.5, 0.1, 0.05, 0.01, 0.001]) {
    const drawn = draws[Math.round((1 - chance) * DRAWS)]!;
    expect(Math.abs(drawn / paretoMicroseconds(meanMs, chance) - 1)).toBeLessThan(
      4 / Math.sqrt(chance * DRAWS),
    );
  }
});

test("a draw is within a thousandth of the exact quantile", () => {
  const latency = new Latency([[11]]);
  let bits = 0;
  const fixed = { bits32: () => bits } as Random;
  for (let i = 0; i < 50_000; i++) {
    bits = (i * 85_899) >>> 0;
    const exact = paretoMicroseconds(11, (bits + 1) / 2 ** 32);
    expect(Math.abs(latency.draw(0, 0, fixed) - exact)).toBeLessThanOrEqual(exact / 1_000 + 1);
  }
});

test("a mean that the law cannot have is refused", () => {
  expect(() => new Latency([[5]])).toThrow("more than 5");
});
