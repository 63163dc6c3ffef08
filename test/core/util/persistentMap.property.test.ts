import { PersistentMap } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const key = fc.integer({ min: 0, max: 60 }).map((n) => `k${n}`);
const step = fc.oneof(
  fc.record({ type: fc.constant("set" as const), key, value: fc.nat() }),
  fc.record({ type: fc.constant("delete" as const), key }),
);

const sorted = (map: ReadonlyMap<string, number>): [string, number][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test("a persistent map is a Map sorted by key, and none of its earlier versions ever changes", () => {
  const check = fc.property(fc.array(step, { maxLength: 120 }), key, key, (steps, first, last) => {
    const plain = new Map<string, number>();
    let map = PersistentMap.empty<number>();
    const versions: [PersistentMap<number>, [string, number][]][] = [];
    for (const each of steps) {
      if (each.type === "set") {
        plain.set(each.key, each.value);
        map = map.set(each.key, each.value);
      } else {
        plain.delete(each.key);
        map = map.delete(each.key);
      }
      expect(map.get(each.key)).toBe(plain.get(each.key));
      versions.push([map, sorted(plain)]);
    }
    for (const [version, entries] of versions) {
      expect([...version.entries()]).toEqual(entries);
      expect(version.size).toBe(entries.length);
    }
    const between = sorted(plain).filter(([k]) => k >= first && k <= last);
    expect([...map.entries(first, last)]).toEqual(between);
  });
  fc.assert(check, { numRuns: 200 });
});

test("keys in order do not make it slow: a hundred thousand of them are set and found", () => {
  let map = PersistentMap.empty<number>();
  for (let n = 0; n < 100_000; n++) map = map.set(n.toString().padStart(6, "0"), n);
  expect(map.size).toBe(100_000);
  expect(map.get("054321")).toBe(54_321);
  expect([...map.entries("099997")].map(([, n]) => n)).toEqual([99_997, 99_998, 99_999]);
});
