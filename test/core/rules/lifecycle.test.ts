import {
  confirmExpiryBlocks,
  confirmExpiryHeight,
  dosRelease,
  dosReleaseHeight,
  nextUpdateHeight,
  startExpiryBlocks,
  startExpiryHeight,
  updateAllowed,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NETWORKS, withUpgrades } from "../../support/networks.ts";

/** Upgrades a few hundred blocks apart or at once, in order, so that windows close in another era than they open. */
const network = fc
  .tuple(...[1, 2, 3, 4, 5].map(() => fc.integer({ min: 0, max: 700 })))
  .map(([kamata = 0, flux = 0, halving = 0, p2shNodes = 0, pon = 0]) =>
    withUpgrades(NETWORKS["regtest-nu"]!, {
      kamata,
      flux: kamata + flux,
      halving: kamata + flux + halving,
      p2shNodes: kamata + flux + halving + p2shNodes,
      pon: kamata + flux + halving + p2shNodes + pon,
    }),
  );

/** First height above `origin` at which the rule, asked block by block, says yes. */
function scan(origin: number, holds: (height: number) => boolean): number {
  for (let height = origin + 1; height < origin + 2_000; height++) if (holds(height)) return height;
  throw new Error("no such height");
}

test("the heights at which windows close are those at which the block-by-block rules first say so", () => {
  fc.assert(
    fc.property(network, fc.integer({ min: 0, max: 4_000 }), (params, origin) => {
      expect(startExpiryHeight(params, origin)).toBe(
        scan(origin, (height) => origin === height - startExpiryBlocks(params, height)),
      );
      const release = scan(startExpiryHeight(params, origin), (height) => {
        const { blocks, match } = dosRelease(params, height);
        return match === "exact" ? origin === height - blocks : origin <= height - blocks;
      });
      expect(dosReleaseHeight(params, origin)).toBe(release);
      expect(confirmExpiryHeight(params, origin)).toBe(
        scan(origin, (height) => origin < height - confirmExpiryBlocks(params, height)),
      );
      expect(nextUpdateHeight(params, origin, 0, origin)).toBe(
        scan(origin, (height) => updateAllowed(params, height, origin, false)),
      );
    }),
    { numRuns: 300 },
  );
});

test("an update that comes when it may always comes in time", () => {
  fc.assert(
    fc.property(network, fc.integer({ min: 0, max: 4_000 }), (params, confirmed) => {
      expect(nextUpdateHeight(params, confirmed, 6, confirmed)).toBeLessThanOrEqual(
        confirmExpiryHeight(params, confirmed),
      );
    }),
  );
});

test("an ip change is accepted after five blocks, but not before the Flux upgrade", () => {
  const params = NETWORKS["main"]!;
  expect(updateAllowed(params, 900_005, 900_000, true)).toBe(true);
  expect(updateAllowed(params, 900_004, 900_000, true)).toBe(false);
  expect(updateAllowed(params, 900_005, 900_000, false)).toBe(false);
  expect(updateAllowed(params, 835_553, 835_548, true)).toBe(false);
});

test("an update with the same ip must be further away than its era says", () => {
  const main = NETWORKS["main"]!;
  const first = (height: number) =>
    [40, 41, 120, 121, 500, 501].find((distance) => updateAllowed(main, height, height - distance, false));
  expect([558_000, 1_076_531].map(first)).toEqual([41, 41]);
  expect([1_076_532, 2_019_999].map(first)).toEqual([121, 121]);
  expect([2_020_000, 9_000_000].map(first)).toEqual([501, 501]);
});
