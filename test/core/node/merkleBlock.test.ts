import {
  BloomFilter,
  merkleBlock,
  merkleTree,
  partialMerkleTree,
  readPartialMerkleTree,
  txid,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleBlocks } from "../../support/samples.ts";

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 });
const list = fc
  .uniqueArray(leaf, { minLength: 1, maxLength: 40, selector: (each) => Buffer.from(each).toString("hex") })
  .chain((leaves) =>
    fc.tuple(
      fc.constant(leaves),
      fc.array(fc.boolean(), { minLength: leaves.length, maxLength: leaves.length }),
    ),
  );

describe("partial merkle trees", () => {
  test("lead to the root of the whole tree and show the leaves that match, in order", () => {
    fc.assert(
      fc.property(list, ([leaves, matches]) => {
        const proof = partialMerkleTree(leaves, matches);
        expect(readPartialMerkleTree(proof)).toEqual({
          root: merkleTree(leaves).root,
          matched: leaves.filter((_, i) => matches[i]),
        });
      }),
    );
  });

  test("with a byte changed prove nothing of the same root but what they proved before", () => {
    fc.assert(
      fc.property(list, fc.nat(), fc.integer({ min: 1, max: 255 }), ([leaves, matches], at, flip) => {
        const proof = partialMerkleTree(leaves, matches);
        const { root } = merkleTree(leaves);
        const bytes = Uint8Array.from([...proof.hashes.flatMap((hash) => [...hash]), ...proof.flags]);
        bytes[at % bytes.length]! ^= flip;
        const hashes = proof.hashes.map((_, i) => bytes.slice(32 * i, 32 * i + 32));
        const read = readPartialMerkleTree({ ...proof, hashes, flags: bytes.slice(32 * hashes.length) });
        if (read === undefined || Buffer.compare(read.root, root) !== 0) return;
        // Only the padding of the last byte of flags says nothing; and a bit that hides a match hides no more than that.
        for (const shown of read.matched) expect(leaves).toContainEqual(shown);
      }),
    );
  });

  test("are refused when they are too short, too long, empty or of too many leaves", () => {
    const leaves = Array.from({ length: 5 }, (_, i) => new Uint8Array(32).fill(i));
    const proof = partialMerkleTree(leaves, [true, false, false, true, false]);
    expect(readPartialMerkleTree({ ...proof, hashes: proof.hashes.slice(1) })).toBeUndefined();
    expect(readPartialMerkleTree({ ...proof, hashes: [...proof.hashes, leaves[0]!] })).toBeUndefined();
    expect(readPartialMerkleTree({ ...proof, flags: proof.flags.slice(1) })).toBeUndefined();
    expect(readPartialMerkleTree({ ...proof, flags: Uint8Array.of(...proof.flags, 0) })).toBeUndefined();
    expect(readPartialMerkleTree({ ...proof, count: 0 })).toBeUndefined();
    expect(
      readPartialMerkleTree({ count: 33_334, hashes: [leaves[0]!], flags: Uint8Array.of(0) }),
    ).toBeUndefined();
    expect(
      readPartialMerkleTree({ count: 33_333, hashes: [leaves[0]!], flags: Uint8Array.of(0) }),
    ).toBeDefined();
  });

  test("with equal halves are refused: a shorter list has the same root", () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(readPartialMerkleTree(partialMerkleTree([a, b, a, b], [true, true, true, true]))).toBeUndefined();
  });
});

describe("a block for a peer with a filter", () => {
  for (const [name, block] of Object.entries(sampleBlocks)) {
    test(`${name}: without one, everything; with one, what it knows`, () => {
      const ids = block.transactions.map(txid);
      const everything = merkleBlock(block, undefined);
      expect(everything.matched).toEqual(block.transactions);
      const { transactions: count, ...rest } = everything.message;
      expect(readPartialMerkleTree({ count, ...rest })?.matched).toEqual(ids);
      const filter = new BloomFilter({ data: new Uint8Array(1_000), functions: 9, tweak: 1, flags: 0 });
      filter.insert(ids[0]!);
      const first = merkleBlock(block, filter);
      expect(first.matched).toEqual([block.transactions[0]]);
      expect(readPartialMerkleTree({ count, ...first.message })?.matched).toEqual([ids[0]]);
    });
  }
});
