import { maxReorgDepth, regtest, settledHeight } from "@fluxlab/core";
import { expect, test } from "vitest";

test("what is settled is refused by this tip and by every higher one", () => {
  const tips = [39, 40, 1_000, 2_014_999, 2_015_040, 2_019_999, 2_020_000, 2_025_000, 2_025_001, 3_000_000];
  for (const tip of tips) {
    const settled = settledHeight(tip, regtest);
    // Around every change of the limit, and far above.
    for (const later of [...tips, tip + 1, tip + 10_000].filter((each) => each >= tip))
      expect(later - settled, `${tip}, then ${later}`).toBeGreaterThanOrEqual(maxReorgDepth(later, regtest));
  }
  expect(settledHeight(1_000, regtest)).toBe(960);
  expect(settledHeight(2_019_999, regtest)).toBe(2_015_000);
  expect(settledHeight(2_025_001, regtest)).toBe(2_024_961);
});
