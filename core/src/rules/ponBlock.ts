import { equalBytes } from "../bytes/compare.ts";
import { displayHash } from "../bytes/hex.ts";
import { verifyDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import type { PonHeader } from "../primitives/header.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { emergencySignaturesValid, isEmergencyBlock } from "./emergencyBlock.ts";
import { checkProofOfNode, headerPonHash } from "./pon.ts";
import { SIGNATURE_FAILED, type Violation, violation } from "./violation.ts";

// Who signed a proof-of-node block. Source: fluxd src/pon/pon.cpp ContextualCheckPONBlockHeader.

/**
 * Operating key (field pubKey of its START) of the node with this collateral, if the state after the parent block knows it as
 * started, in the DoS list or confirmed. Unlike the reference minter, validation does not ask for confirmed.
 * Source: fluxd src/fluxnode/fluxnode.cpp FluxnodeCache::GetFluxnodeData.
 */
export type ProducerKey = (collateral: Outpoint) => Uint8Array | undefined;

/** Collateral with which anybody produces blocks on test and regtest: "TESTNODE" in ASCII, as a txid in display order. */
const TEST_COLLATERAL_TXID = displayHash("544553544e4f4400000000000000000000000000000000000000000000000000");

/** The collateral that needs no node and no signature; undefined where there is none. Source: fluxd src/pon/pon.cpp. */
export const testCollateral = ({ kind }: Params): Outpoint | undefined =>
  kind === "test" || kind === "regtest" ? { txid: TEST_COLLATERAL_TXID, index: 0 } : undefined;

function isTestCollateral({ txid, index }: Outpoint, params: Params): boolean {
  const test = testCollateral(params);
  return test !== undefined && index === test.index && equalBytes(txid, test.txid);
}

/**
 * What a proof-of-node block at `height` breaks, given the state after its parent: its draw, its producer or its signature.
 * `hash` is its block hash. fluxd also asks when a block arrives, with whatever state its tip then has, and marks some blocks
 * of other branches invalid for good; only this answer, at connection, is the same on every node.
 */
export function checkPonBlock(
  header: PonHeader,
  hash: Uint8Array,
  height: number,
  producerKey: ProducerKey,
  ecdsa: EcdsaBackend,
  params: Params,
): Violation | undefined {
  if (isEmergencyBlock(header, params)) {
    return emergencySignaturesValid(ecdsa, header, hash, params) ? undefined : signatureFailed;
  }
  if (!checkProofOfNode(headerPonHash(header, params), header.bits, height, params)) {
    return violation("bad-pon-block", { height, bits: header.bits });
  }
  if (isTestCollateral(header.collateral, params)) return undefined;
  const key = producerKey(header.collateral);
  if (key === undefined) return violation("bad-pon-block", { height, index: header.collateral.index });
  return verifyDer(ecdsa, key, hash, header.signature) ? undefined : signatureFailed;
}

/** The hash does not cover the signature: the same header with a good one is still valid. */
const signatureFailed = violation("bad-pon-block", { [SIGNATURE_FAILED]: 1 });
