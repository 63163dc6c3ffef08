import type { Params } from "../params/params.ts";
import { branchIdAt, UPGRADES, type UpgradeSchedule } from "../params/upgrades.ts";
import { maxReorgDepth } from "../rules/headerArrival.ts";

/** What becomes of a stored chain when a node starts. */
export type StartUpRewind =
  | { readonly outcome: "kept" }
  /** Disconnected down to `height`, and connected again from there by the present rules. */
  | { readonly outcome: "rewound"; readonly height: number }
  /** The node does not start: `depth` blocks would go, and `limit` may. */
  | { readonly outcome: "refused"; readonly height: number; readonly depth: number; readonly limit: number };

/**
 * What a node does that starts under `params` with a chain whose blocks, up to `tipHeight`, were connected under `before`. Every
 * stored block says under which branch id it was connected and whether an upgrade began with it; the first that says otherwise
 * than `params` has to go, and all above it. Source: fluxd src/main.cpp RewindBlockIndex.
 */
export function startUpRewind(before: Params, params: Params, tipHeight: number): StartUpRewind {
  const height = rewindHeight(before, params, tipHeight);
  if (height === tipHeight) return { outcome: "kept" };
  // fluxd leaves the first of the blocks that have to go out of the count.
  const depth = tipHeight - (height + 1);
  const limit = maxReorgDepth(tipHeight, params);
  return depth > limit ? { outcome: "refused", height, depth, limit } : { outcome: "rewound", height };
}

/** The height up to which blocks connected under `before` say what `params` expects of them; at most `tipHeight`. */
export function rewindHeight(before: Params, params: Params, tipHeight: number): number {
  const [was, is] = [before.upgrades, params.upgrades];
  // Between activations nothing changes.
  const heights = [1, ...activationHeights(was), ...activationHeights(is)].sort((a, b) => a - b);
  const differing = heights.find(
    (height) =>
      height >= 1 &&
      (branchIdAt(was, height) !== branchIdAt(is, height) ||
        activationHeights(was).includes(height) !== activationHeights(is).includes(height)),
  );
  return differing === undefined ? tipHeight : Math.min(differing - 1, tipHeight);
}

/** Source: fluxd src/consensus/upgrades.cpp IsActivationHeightForAnyUpgrade. */
const activationHeights = (schedule: UpgradeSchedule): number[] =>
  UPGRADES.map((upgrade) => schedule[upgrade].height);
