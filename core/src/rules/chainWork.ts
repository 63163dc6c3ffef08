import { addU256, incrementU256, notU256, type U256, u256 } from "../bytes/u256.ts";
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
