import { bySeed, decodeTestnetScenario, randomScenario, reliabilityText } from "@fluxlab/testnet/fleet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/** "1500 ms" as a number. */
const ms = (text: string): number => Number.parseInt(text, 10);

describe("a scenario drawn from a seed", () => {
  test("is one, the same each time, and all is in order long before its end", () => {
    const holds = fc.property(fc.nat(), (seed) => {
      const drawn = randomScenario(seed, "regtest");
      expect(randomScenario(seed, "regtest")).toEqual(drawn);
      const scenario = decodeTestnetScenario(drawn);
      const lastEnd = Math.max(0, ...scenario.faults.map((fault) => ms(fault.at!) + ms(fault.for!)));
      expect(ms(scenario.run) - lastEnd).toBeGreaterThanOrEqual(29_000);
    });
    fc.assert(holds, { numRuns: 300 });
  });

  test("has every kind of fault sometimes, and none sometimes", () => {
    const all = Array.from({ length: 200 }, (_, seed) => randomScenario(seed, "regtest").faults ?? []);
    const kinds = new Set(all.flat().flatMap(({ at: _, for: __, ...kind }) => Object.keys(kind)));
    expect([...kinds].sort()).toEqual([
      ...["clock", "cut", "kill", "links", "partition", "pause", "stop", "wipe"],
    ]);
    expect(all.some((faults) => faults.length === 0)).toBe(true);
  });
});

test("a seed that fails each time is told from one that fails at times", () => {
  const runs = [
    ...[true, true].map((ok) => ({ seed: 1, ok })),
    ...[true, false].map((ok) => ({ seed: 2, ok })),
    ...[false, false].map((ok) => ({ seed: 3, ok })),
  ];
  const seeds = bySeed(runs);
  expect(seeds).toEqual([
    { seed: 1, runs: 2, failed: 0 },
    { seed: 2, runs: 2, failed: 1 },
    { seed: 3, runs: 2, failed: 2 },
  ]);
  expect(reliabilityText(seeds)).toBe(
    "1 of 3 seeds passed in every run; always failed: 3; flaky: 2 (1 of 2 failed)",
  );
});
