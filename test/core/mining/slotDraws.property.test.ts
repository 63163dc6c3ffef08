import {
  type BlockHash,
  checkProofOfNode,
  comparePonHashes,
  mainnet,
  type Outpoint,
  type ProductionRound,
  ponHash,
  SlotDraws,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

// Ranks that are drawn once for all nodes are those that each would find for itself.

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const outpoint = fc.record({ txid: bytes(32), index: fc.nat(3) });

/** Every second, sixteenth and 256th draw meets these, but for the first on main after its first window. */
const BITS = [0x207fffff, 0x200fffff, 0x2000ffff];

/** As the reference minter finds its own place: among all who draw as well or better. */
function obviousRank(round: ProductionRound, slot: number, own: Outpoint): number | undefined {
  const drawOf = (collateral: Outpoint) => ponHash(collateral, round.parentHash, slot);
  const eligible = (draw: Uint8Array) => checkProofOfNode(draw, round.bits, round.height, mainnet);
  const mine = drawOf(own);
  if (!round.confirmed.includes(own) || !eligible(mine)) return undefined;
  const draws = round.confirmed.map(drawOf).filter(eligible);
  return 1 + draws.filter((draw) => comparePonHashes(draw, mine) < 0).length;
}

test("a slot's ranks, in whatever order slots are asked about, are those that each node finds alone", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(outpoint, { maxLength: 40, selector: ({ txid, index }) => `${txid.join()} ${index}` }),
      outpoint,
      bytes(32),
      fc.constantFrom(...BITS),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }),
      (confirmed, stranger, parent, bits, slots) => {
        const parentHash = parent as BlockHash;
        const round = { parentHash, parentTime: 0, height: 2_100_000, bits, confirmed };
        const draws = new SlotDraws(round, mainnet);
        for (const slot of slots) {
          for (const own of [...confirmed, stranger]) {
            expect(draws.rank(slot, own)).toBe(obviousRank(round, slot, own));
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});
