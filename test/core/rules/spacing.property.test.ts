import { heightAfter, secondsBetween, targetSpacing } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NETWORKS, withUpgrades } from "../../support/networks.ts";

const network = fc.integer({ min: -1, max: 80 }).map((pon) => withUpgrades(NETWORKS["main"]!, { pon }));

test("time between heights is the sum of the spacings on the way", () => {
  fc.assert(
    fc.property(network, fc.nat(100), fc.nat(100), (params, from, blocks) => {
      let seconds = 0;
      for (let height = from + 1; height <= from + blocks; height++) seconds += targetSpacing(params, height);
      expect(secondsBetween(params, from, from + blocks)).toBe(seconds);
    }),
  );
});

test("the height after a time is the first that is late enough", () => {
  fc.assert(
    fc.property(network, fc.nat(100), fc.nat(20_000), (params, from, seconds) => {
      const height = heightAfter(params, from, seconds);
      expect(secondsBetween(params, from, height)).toBeGreaterThanOrEqual(seconds);
      if (height > from) expect(secondsBetween(params, from, height - 1)).toBeLessThan(seconds);
    }),
  );
});
