import { Random } from "@fluxlab/core";
import { expect, test } from "vitest";

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.bits32());

test("a stream is named by its seed and labels, not by what others drew", () => {
  const root = Random.root("7");
  const early = draw(root.fork("latency"), 5);
  draw(root, 100);
  expect(draw(root.fork("latency"), 5)).toEqual(early);
  expect(draw(root.fork("latencz"), 5)).not.toEqual(early);
  expect(draw(Random.root("8").fork("latency"), 5)).not.toEqual(early);
});

test("the first draws of a seed are these, on every engine and for good", () => {
  expect(draw(Random.root("1"), 3)).toEqual([4_108_752_797, 372_283_219, 1_938_741_485]);
});

test("below is even: no value is favoured", () => {
  const random = Random.root("even");
  const counts = new Uint32Array(6);
  for (let i = 0; i < 60_000; i++) counts[random.below(6)]!++;
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(20.5); // five degrees of freedom: 1 in 1,000
  expect(random.below(1)).toBe(0);
  expect(() => random.below(0)).toThrow();
});

test("exponential has its mean, and chance its ratio", () => {
  const random = Random.root("means");
  let sum = 0;
  let hits = 0;
  for (let i = 0; i < 100_000; i++) {
    sum += random.exponential(1_000);
    if (random.chance(1, 8)) hits++;
  }
  expect(sum / 100_000).toBeGreaterThan(985);
  expect(sum / 100_000).toBeLessThan(1_015);
  expect(hits).toBeGreaterThan(12_000);
  expect(hits).toBeLessThan(13_000);
});

test("shuffle keeps every element", () => {
  const items = Array.from({ length: 500 }, (_, i) => i);
  const shuffled = [...items];
  Random.root("cards").shuffle(shuffled);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
});

test("normal has mean 0, deviation 1, and half of it within 0.6745", () => {
  const random = Random.root("normal");
  const draws = Array.from({ length: 40_000 }, () => random.normal());
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const square = draws.reduce((sum, x) => sum + x * x, 0) / draws.length;
  const within = draws.filter((x) => Math.abs(x) < 0.6745).length / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(square - 1)).toBeLessThan(0.03);
  expect(Math.abs(within - 0.5)).toBeLessThan(0.01);
});

test("weighted takes each index as often as it weighs", () => {
  const random = Random.root("weights");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) counts[random.weighted([1, 0, 5, 4], 5)]!++;
  expect(counts[1]).toBe(0);
  [0.1, 0, 0.5, 0.4].forEach((share, i) => {
    expect(Math.abs(counts[i]! / 20_000 - share)).toBeLessThan(0.02);
  });
});
