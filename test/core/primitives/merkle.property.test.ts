import { merkleTree, sha256d, ZERO_HASH } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** The definition, spelled out: pad an odd level with its last hash, then pair. */
function obviousRoot(level: readonly Uint8Array[]): Uint8Array {
  if (level.length === 0) return ZERO_HASH;
  if (level.length === 1) return level[0]!;
  const even = level.length % 2 === 0 ? level : [...level, level.at(-1)!];
  const above = [];
  for (let i = 0; i < even.length; i += 2) above.push(sha256d(Uint8Array.of(...even[i]!, ...even[i + 1]!)));
  return obviousRoot(above);
}

test("roots are those of the definition, and distinct hashes are never called duplicated", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { maxLength: 40, selector: String }), (hashes) => {
      expect(merkleTree(hashes)).toEqual({ root: obviousRoot(hashes), duplicated: false });
    }),
  );
});

test("a list lengthened by the hashes an odd level repeats has the same root and is called duplicated", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(hash, { minLength: 1, maxLength: 40, selector: String }),
      fc.nat(5),
      (hashes, level) => {
        const width = 2 ** level;
        fc.pre(
          Math.ceil(hashes.length / width) % 2 === 1 && hashes.length > width && hashes.length % width === 0,
        );
        const longer = [...hashes, ...hashes.slice(-width)];
        expect(merkleTree(longer)).toEqual({ root: merkleTree(hashes).root, duplicated: true });
      },
    ),
    { numRuns: 300 },
  );
});

test("equal hashes that do not end a level are not duplication", () => {
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(merkleTree([a, a, b]).duplicated).toBe(false);
  expect(merkleTree([b, a, a]).duplicated).toBe(false);
  expect(merkleTree([a, a]).duplicated).toBe(true);
});
