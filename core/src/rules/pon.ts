import { compareBytes } from "../bytes/compare.ts";
import { sha256d } from "../bytes/hash.ts";
import { compareU256, type U256 } from "../bytes/u256.ts";
import { Writer } from "../bytes/writer.ts";
import type { Params } from "../params/params.ts";
import type { PonHeader } from "../primitives/header.ts";
import { type Outpoint, writeOutpoint } from "../primitives/outpoint.ts";
import { meetsTarget, targetLimits } from "./proofTarget.ts";

// The lottery of proof of node: each collateral draws a hash for each slot after each parent, and may produce a block if that
// meets the target. Source: fluxd src/pon/pon.cpp.

/**
 * Slot of a Unix time, u32. Truncates toward zero and then wraps, so the 59 seconds around genesis are slot 0 and earlier
 * ones are at the end of the range. Source: fluxd src/pon/pon.cpp GetSlotNumber.
 */
export const slotNumber = (time: number, { genesis, pon }: Params): number =>
  Math.trunc((time - genesis.time) / pon.targetSpacing) >>> 0;

/** First second of a slot after genesis. */
export const slotStart = (slot: number, { genesis, pon }: Params): number =>
  genesis.time + slot * pon.targetSpacing;

/** Reused by the function below, which is done with it when it returns. */
const scratch = new Writer();

/** What a collateral draws in a slot after block `parentHash`: 32 bytes, wire order. Source: fluxd src/pon/pon.cpp GetPONHash. */
export function ponHash(collateral: Outpoint, parentHash: Uint8Array, slot: number): Uint8Array {
  scratch.reset();
  writeOutpoint(scratch, collateral);
  scratch.bytes(parentHash);
  scratch.u32(slot);
  return sha256d(scratch.view());
}

/** The draw a header claims. */
export const headerPonHash = (header: PonHeader, params: Params): Uint8Array =>
  ponHash(header.collateral, header.previousHash, slotNumber(header.time, params));

/** The easiest target at `height`; undefined asks for the easier of both eras, for headers whose height is not known. */
function easiestTarget(height: number | undefined, params: Params): U256 {
  const pon = targetLimits(params).pon.target;
  const ponStart = targetLimits(params).ponStart.target;
  if (height === undefined) return compareU256(ponStart, pon) > 0 ? ponStart : pon;
  return height >= params.upgrades.pon.height + params.pon.difficultyWindow ? pon : ponStart;
}

/**
 * Whether a draw meets the target of a block at `height`, undefined where the parent is not known; where a network checks no
 * targets every draw does. Source: fluxd src/pon/pon.cpp CheckProofOfNode.
 */
export const checkProofOfNode = (
  hash: Uint8Array,
  bits: number,
  height: number | undefined,
  params: Params,
): boolean => !params.checkProofTargets || meetsTarget(hash, bits, easiestTarget(height, params));

/**
 * Negative if draw `a` is the better of two tips of equal work and height, and of the lower rank among producers of a slot.
 * The bytes are compared from the front, which is not the order of the numbers that targets are held against: the better of
 * two need not be the one further below its target. Source: fluxd src/main.cpp CBlockIndexWorkComparator.
 */
export const comparePonHashes = (a: Uint8Array, b: Uint8Array): number => compareBytes(a, b);
