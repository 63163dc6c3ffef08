import type { Params } from "../../params/params.ts";
import { ponHeightReached, upgradeActive } from "../../params/upgrades.ts";

// How long a FluxNode may stay in each state, in blocks, by height of the block under test.
// absent -> STARTED -> CONFIRMED, or STARTED -> DoS -> absent; see 03 section 5.2 of the protocol description.

/** Height difference a collateral output must have reached. Source: fluxd src/coins.cpp CheckFluxnodeTxInput. */
export const COLLATERAL_MATURITY = 100;

/**
 * W: a node STARTED in block A may be confirmed in A+1 .. A+W; block A+W moves it to the DoS list otherwise.
 * Source: fluxd src/fluxnode/fluxnode.cpp CheckForExpiredStartTx.
 */
export const startExpiryBlocks = (params: Params, height: number): number =>
  ponHeightReached(params.upgrades, height) ? 240 : 60;

/** When the DoS list releases a node STARTED in block A. */
export interface DosRelease {
  readonly blocks: number;
  /** "exact": in block A + blocks only. "atOrBelow": in the first block at or after A + blocks. */
  readonly match: "exact" | "atOrBelow";
}

/** Source: fluxd src/fluxnode/fluxnode.cpp GetUndoDataForExpiredFluxnodeDosScores. */
export const dosRelease = (params: Params, height: number): DosRelease =>
  upgradeActive(params.upgrades, "pon", height)
    ? { blocks: 720, match: "atOrBelow" }
    : { blocks: 180, match: "exact" };

/**
 * E: block `height` expires a node last confirmed in block L when L < height - E, unless that block updates it. The
 * last saving block is therefore L + E + 1. Never falls with height.
 * Source: fluxd src/fluxnode/fluxnode.cpp GetFluxnodeExpirationCount.
 */
export function confirmExpiryBlocks(params: Params, height: number): number {
  if (upgradeActive(params.upgrades, "pon", height)) return 640;
  if (upgradeActive(params.upgrades, "halving", height)) return 160;
  if (upgradeActive(params.upgrades, "flux", height)) return 80;
  return 60;
}

/**
 * D: an UPDATE confirm is valid in block `height` when height - L is greater than D. Never falls with height.
 * Source: fluxd src/fluxnode/fluxnode.cpp FluxnodeCache::CheckConfirmationHeights.
 */
export function updateDistance(params: Params, height: number): number {
  if (upgradeActive(params.upgrades, "pon", height)) return 500;
  if (upgradeActive(params.upgrades, "halving", height)) return 120;
  return 40;
}

/** From this height difference an UPDATE that changes the ip is valid early; undefined: no such rule yet. Same source. */
export const ipChangeDistance = (params: Params, height: number): number | undefined =>
  upgradeActive(params.upgrades, "flux", height) ? 5 : undefined;

/** Whether an UPDATE is far enough from the node's last confirm. Same source. */
export function updateAllowed(
  params: Params,
  height: number,
  lastConfirmed: number,
  newIp: boolean,
): boolean {
  const distance = height - lastConfirmed;
  const ipDistance = ipChangeDistance(params, height);
  if (newIp && ipDistance !== undefined && distance >= ipDistance) return true;
  return distance > updateDistance(params, height);
}

/** Whether FluxNode transactions exist at all. Source: fluxd src/main.cpp ContextualCheckTransaction. */
export const fluxnodesActive = (params: Params, height: number): boolean =>
  upgradeActive(params.upgrades, "kamata", height);

/** Whether version 6 FluxNode transactions (normal and P2SH) are valid. Same source. */
export const version6Allowed = (params: Params, height: number): boolean =>
  upgradeActive(params.upgrades, "p2shNodes", height);

/** Whether a START may carry a delegate part. Same source. */
export const delegatesAllowed = (params: Params, height: number): boolean =>
  upgradeActive(params.upgrades, "pon", height);

// When the windows above close, solved for the height: the same heights as testing every node in every block gives, because no
// window shrinks as heights grow.

/** The block that moves a node STARTED in `started` to the DoS list if it is not confirmed by then. */
export const startExpiryHeight = (params: Params, started: number): number =>
  firstHeight(started, (height) => startExpiryBlocks(params, height));

/** The block in which the DoS list releases a node STARTED in `started`. */
export const dosReleaseHeight = (params: Params, started: number): number =>
  firstHeight(started, (height) => dosRelease(params, height).blocks);

/** The block that expires a node last confirmed in `lastConfirmed` if no UPDATE comes: the last one that can save it. */
export const confirmExpiryHeight = (params: Params, lastConfirmed: number): number =>
  firstHeight(lastConfirmed, (height) => confirmExpiryBlocks(params, height) + 1);

/**
 * First block, at or after `notBefore`, in which an UPDATE with the same ip is valid after a confirm in `lastConfirmed`
 * with `slack` blocks to spare.
 */
export const nextUpdateHeight = (
  params: Params,
  lastConfirmed: number,
  slack: number,
  notBefore: number,
): number => firstHeight(lastConfirmed, (height) => updateDistance(params, height) + 1 + slack, notBefore);

/** Smallest height >= notBefore with height - origin >= window(height), for a window that never falls with height. */
function firstHeight(origin: number, window: (height: number) => number, notBefore = origin): number {
  let height = Math.max(notBefore, origin + window(origin));
  while (height - origin < window(height)) height = origin + window(height);
  return height;
}
