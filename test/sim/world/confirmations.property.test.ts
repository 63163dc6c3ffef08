import { updateDistance } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LOOK_BLOCKS, updatesUntil } from "../../../sim/src/world/confirmations.ts";
import { NETWORKS, withUpgrades } from "../../support/networks.ts";

test("a run of updates solved at once ends where playing it block by block ends", () => {
  const drawn = fc.record({
    halving: fc.integer({ min: 100, max: 2_000 }),
    ponLater: fc.nat(2_000),
    confirmed: fc.integer({ min: 90, max: 2_500 }),
    online: fc.nat(200),
    delay: fc.nat(LOOK_BLOCKS - 1),
    blocks: fc.nat(5_000),
  });
  fc.assert(
    fc.property(drawn, ({ halving, ponLater, confirmed, online, delay, blocks }) => {
      const params = withUpgrades(NETWORKS["regtest-nu"]!, { halving, pon: halving + ponLater });
      const onlineSince = confirmed + online;
      let lastConfirmed = confirmed;
      let count = 0;
      for (let height = confirmed + 1; height <= confirmed + blocks; height++) {
        if (height < onlineSince || height - lastConfirmed < updateDistance(params, height) + 2 + delay)
          continue;
        lastConfirmed = height;
        count++;
      }
      const solved = updatesUntil(params, confirmed, onlineSince, delay, confirmed + blocks);
      expect(solved).toEqual({ lastConfirmed, count });
    }),
    { numRuns: 500 },
  );
});
