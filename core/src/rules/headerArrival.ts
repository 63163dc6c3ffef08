import { toDisplayHex } from "../bytes/hex.ts";
import type { Params } from "../params/params.ts";
import type { BlockHeader } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import type { HeaderHistory } from "./headerHistory.ts";
import { checkHeader, checkHeaderAfter, type HeaderVerifier } from "./headerRules.ts";
import { type Violation, violation } from "./violation.ts";

// A header that arrives at a node: the rules of headerRules.ts, and between them those that depend on the node's clock, tip
// and index. A verdict of these is the node's own and may change. Source: fluxd src/main.cpp AcceptBlockHeader.

/** What a node knows besides the header's branch. */
export interface Arrival {
  /** Unix seconds by the node's clock and its peers. */
  readonly adjustedTime: number;
  /** Height of the node's best block. */
  readonly tipHeight: number;
  /** Height of the highest checkpoint whose header the node has; undefined if it ignores checkpoints. */
  readonly lastCheckpoint: number | undefined;
  /** This very header is remembered to obey headerRules.ts in its place: those rules are not asked again. */
  readonly knownToObey?: boolean;
}

/** The first rule a new header breaks, in fluxd's order. Its parent is the last of `parents` and not known to be invalid. */
export const checkArrivingHeader = (
  parents: HeaderHistory,
  header: BlockHeader,
  hash: BlockHash,
  arrival: Arrival,
  verifier: HeaderVerifier,
  params: Params,
): Violation | undefined =>
  checkUnplacedHeader(header, hash, arrival, verifier, params) ??
  checkPlacedHeader(parents, header, hash, arrival, verifier, params);

/** What is asked before the parent is looked for. Source: fluxd src/main.cpp CheckBlockHeader. */
export const checkUnplacedHeader = (
  header: BlockHeader,
  hash: BlockHash,
  arrival: Arrival,
  verifier: HeaderVerifier,
  params: Params,
): Violation | undefined =>
  (arrival.knownToObey ? undefined : checkHeader(header, hash, verifier, params)) ??
  checkNotFromFuture(header, arrival, params);

/** What is asked once the parent is found. Source: fluxd src/main.cpp ContextualCheckBlockHeader. */
export const checkPlacedHeader = (
  parents: HeaderHistory,
  header: BlockHeader,
  hash: BlockHash,
  arrival: Arrival,
  verifier: HeaderVerifier,
  params: Params,
): Violation | undefined =>
  checkForkDepth(parents.height, arrival, params) ??
  (arrival.knownToObey ? undefined : checkHeaderAfter(parents, header, hash, verifier, params)) ??
  checkCheckpoints(parents.height + 1, hash, arrival, params);

/** Seconds a header may be ahead of the node's clock: before LWMA, and from then on. Source: fluxd src/main.cpp CheckBlockHeader. */
const MAX_AHEAD_BEFORE_LWMA = 7_200;
const MAX_AHEAD_POW = 360;
const MAX_AHEAD_PON = 300;

/**
 * Seconds by which a header may be ahead of the clock of a node on a tip. The *tip's* height decides, as an unsigned number: where
 * LWMA is at -1 it never comes.
 */
export function maxAhead(kind: BlockHeader["kind"], tipHeight: number, params: Params): number {
  if (tipHeight < params.upgrades.lwma.height >>> 0) return MAX_AHEAD_BEFORE_LWMA;
  return kind === "pon" ? MAX_AHEAD_PON : MAX_AHEAD_POW;
}

/** Whether a node on a tip takes a header of this time now. */
export function checkNotFromFuture(
  header: Pick<BlockHeader, "kind" | "time">,
  { adjustedTime, tipHeight }: Pick<Arrival, "adjustedTime" | "tipHeight">,
  params: Params,
): Violation | undefined {
  const limit = maxAhead(header.kind, tipHeight, params);
  const ahead = header.time - adjustedTime;
  return ahead > limit ? violation("time-too-new", { ahead, limit }) : undefined;
}

/** Tips around the change to proof of node, on any network's numbers, for which deep forks are let in. */
const FIRST_DEEP_TIP = 2_020_000;
const LAST_DEEP_TIP = 2_025_000;
const DEEP_FORK_DEPTH = 5_000;

/** How far below a tip a fork may not start any more. Source: fluxd src/main.cpp GetMaxReorgDepth. */
export const maxReorgDepth = (tipHeight: number, params: Params): number =>
  tipHeight >= FIRST_DEEP_TIP && tipHeight <= LAST_DEEP_TIP ? DEEP_FORK_DEPTH : params.maxReorgDepth;

/**
 * The highest parent that this tip and every higher one refuse a new header: the depth of {@link maxReorgDepth}, and below the
 * tips with deep forks the lowest parent that those will let in.
 */
export function settledHeight(tipHeight: number, params: Params): number {
  const settled = tipHeight - maxReorgDepth(tipHeight, params);
  return tipHeight < FIRST_DEEP_TIP ? Math.min(settled, FIRST_DEEP_TIP - DEEP_FORK_DEPTH) : settled;
}

/** Asked of new headers only: a branch that was let in and kept up with may still win from any depth. */
function checkForkDepth(parentHeight: number, { tipHeight }: Arrival, params: Params): Violation | undefined {
  const depth = tipHeight - parentHeight;
  return depth >= maxReorgDepth(tipHeight, params)
    ? violation("bad-fork-prior-to-maxreorgdepth", { depth, tipHeight })
    : undefined;
}

/** No new header below the last checkpoint passed, and none but the named one at a checkpoint's height. */
function checkCheckpoints(
  height: number,
  hash: BlockHash,
  { lastCheckpoint }: Arrival,
  { checkpoints }: Params,
): Violation | undefined {
  if (lastCheckpoint === undefined) return undefined;
  if (height < lastCheckpoint) return violation("fork-below-checkpoint", { height, lastCheckpoint });
  const expected = checkpoints[height];
  return expected === undefined || expected === toDisplayHex(hash)
    ? undefined
    : violation("not-the-checkpoint", { height, expected });
}
