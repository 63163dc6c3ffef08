import { decodeCompact, encodeCompact } from "../bytes/compactTarget.ts";
import { compareU256, isZeroU256, setU256Bytes, type U256, u256, u256FromHex } from "../bytes/u256.ts";
import { perParams } from "../params/perParams.ts";

/** An easiest target: as a number and in compact form, which has lost the digits beyond the mantissa. */
export interface TargetLimit {
  readonly target: U256;
  readonly bits: number;
}

export interface TargetLimits {
  readonly pow: TargetLimit;
  readonly pon: TargetLimit;
  /** Of the first blocks of proof of node. On main harder than `pon`, on test easier. */
  readonly ponStart: TargetLimit;
}

function limit(hex: string): TargetLimit {
  const target = u256FromHex(hex);
  return { target, bits: encodeCompact(target) };
}

/** The easiest targets of a network. Source: fluxd src/consensus/params.h powLimit, ponLimit, ponStartLimit. */
export const targetLimits = perParams<TargetLimits>(({ pow, pon }) => ({
  pow: limit(pow.limit),
  pon: limit(pon.limit),
  ponStart: limit(pon.startLimit),
}));

/** Compact form of `target`, or of the limit if that is harder. */
export const bitsWithin = (limit: TargetLimit, target: U256): number =>
  compareU256(target, limit.target) > 0 ? limit.bits : encodeCompact(target);

/** Sets `out` to the target `bits` stands for; false if that is negative, zero or above 2^256, and so no target. */
export const decodeTarget = (out: U256, bits: number): boolean =>
  decodeCompact(out, bits) === 0 && !isZeroU256(out);

/** Reused by the function below, which is done with them when it returns. */
const target = u256();
const value = u256();

/** Whether `bits` is a target no easier than `easiest` and `hash` (wire order), as a number, does not exceed it. */
export const meetsTarget = (hash: Uint8Array, bits: number, easiest: U256): boolean =>
  decodeTarget(target, bits) &&
  compareU256(target, easiest) <= 0 &&
  compareU256(setU256Bytes(value, hash), target) <= 0;
