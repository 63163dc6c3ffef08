import { TIERS, type Tier } from "@fluxlab/core";
import { bandPath, linePath, type Point } from "@fluxlab/reports/charts";
import type { ScenarioFacts } from "../backend/library.ts";

/** Parts of the height: room above the subsidy, the subsidy, the operators below. */
const ROOM = 0.3;
const SUBSIDY = 0.36;
const OPERATORS = 0.26;

/** A scenario at a glance: operators by tier, stacked, from the first block to the last; above them the block subsidy. */
export function scenarioPicture({ subsidy, population }: ScenarioFacts, width: number, height: number) {
  const most = Math.max(
    subsidy.reduce((a, b) => Math.max(a, b), 0),
    1e-9,
  );
  const x = (i: number) => (i / Math.max(subsidy.length - 1, 1)) * width;
  const line = subsidy.map((flux, i): Point => [x(i), height * (ROOM + (1 - flux / most) * SUBSIDY)]);
  const totals = [0, 1].map((end) => TIERS.reduce((sum, tier) => sum + population[tier][end]!, 0));
  const scale = (height * OPERATORS) / Math.max(...totals, 1);
  const base = [height, height];
  const tiers = TIERS.map((tier): { tier: Tier; path: string } => {
    const edge = (): Point[] => [
      [0, base[0]!],
      [width, base[1]!],
    ];
    const lower = edge();
    for (const end of [0, 1]) base[end]! -= population[tier][end]! * scale;
    return { tier, path: bandPath(edge(), lower) };
  });
  const floor = line.map(([at]): Point => [at, height]);
  return { subsidy: linePath(line), below: bandPath(line, floor), tiers };
}
