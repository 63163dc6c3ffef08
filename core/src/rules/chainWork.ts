import {
  addU256,
  bitLengthU256,
  compareU256,
  incrementU256,
  isZeroU256,
  mulU256,
  notU256,
  type U256,
  u256,
} from "../bytes/u256.ts";
import { quotientU256 } from "../bytes/u256Quotient.ts";
import { PON_VERSION } from "../primitives/header.ts";
import { decodeTarget } from "./proofTarget.ts";

/** 2^40, as limbs: the second one's bit 8. */
const PON_PROOF_LIMB = 1;
const PON_PROOF_LIMB_VALUE = 1 << 8;

/** Reused by the functions below, which are done with them when they return. */
const target = u256();
const proof = u256();

/**
 * Sets `out` to the work a header stands for: 2^40 for proof of node, whatever its nBits; else the hashes it takes on average
 * to meet its target, 2^256 / (target + 1), and 0 if nBits is no target. Source: fluxd src/pow.cpp GetBlockProof.
 */
export function blockProof(out: U256, version: number, bits: number): U256 {
  out.fill(0);
  if (version >= PON_VERSION) {
    out[PON_PROOF_LIMB] = PON_PROOF_LIMB_VALUE;
    return out;
  }
  if (!decodeTarget(target, bits)) return out;
  // 2^256 itself does not fit: (2^256 - (target + 1)) / (target + 1) + 1 is the same.
  notU256(out, target);
  quotientU256(out, out, incrementU256(target, target));
  return incrementU256(out, out);
}

/** Sets `out` to the work of a chain from that of its parent. Source: fluxd src/main.cpp AddToBlockIndex. */
export const addBlockProof = (out: U256, parentWork: U256, version: number, bits: number): U256 =>
  addU256(out, parentWork, blockProof(proof, version, bits));

/** Bits of the seconds that fluxd can tell; doubles hold 53 of them exactly. */
const EXACT_BITS = 53;
const LIMB = 0x1_0000_0000;

/**
 * Seconds that it would take to make up for the work that `from` lacks to `to` in blocks of the proof `blockWork`, one each
 * `spacing` seconds; below zero if `from` has more, and infinite if that does not fit.
 * Source: fluxd src/pow.cpp GetBlockProofEquivalentTime.
 */
export function equivalentSeconds(to: U256, from: U256, blockWork: U256, spacing: number): number {
  const isMore = compareU256(to, from) > 0;
  const [high, low] = isMore ? [to, from] : [from, to];
  notU256(target, addU256(target, notU256(target, high), low)); // high - low
  if (isZeroU256(target)) return 0;
  const sign = isMore ? 1 : -1;
  if (isZeroU256(blockWork)) return sign * Number.POSITIVE_INFINITY;
  quotientU256(target, mulU256(target, target, spacing), blockWork);
  if (bitLengthU256(target) > EXACT_BITS) return sign * Number.POSITIVE_INFINITY;
  return sign * (target[1]! * LIMB + target[0]!);
}
