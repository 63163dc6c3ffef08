import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeClocks } from "../../../sim/src/world/nodeClocks.ts";

test("a wake-up comes at the first moment at which the node's clock shows the time it asked for", () => {
  const offset = fc.integer({ min: -1e9, max: 1e9 });
  const drift = fc.integer({ min: -1_000, max: 1_000 });
  const time = fc.nat(1e12);
  fc.assert(
    fc.property(offset, drift, time, fc.nat(1e10), (ahead, ppm, now, wait) => {
      const clocks = new NodeClocks(1, 1_700_000_000);
      clocks.offset[0] = ahead;
      clocks.drift[0] = ppm;
      const asked = clocks.local(0, now) + wait;
      const woken = clocks.worldTime(0, asked, now);
      expect(woken).toBeGreaterThanOrEqual(now);
      expect(clocks.local(0, woken)).toBeGreaterThanOrEqual(asked);
      if (woken > now) expect(clocks.local(0, woken - 1)).toBeLessThan(asked);
    }),
  );
});
