import { displayHash, wireHex } from "../bytes/hex.ts";
import { verifyDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";
import { emergencySignatures } from "../primitives/emergencySignatures.ts";
import { type BlockHeader, isEmergencyHeader, type PonHeader } from "../primitives/header.ts";
import type { Outpoint } from "../primitives/outpoint.ts";

// Blocks that keyholders sign in place of a FluxNode: any time from proof of node on, as many as they like.
// Source: fluxd src/emergencyblock.cpp.

const keysOf = perParams(({ emergency }) => ({
  marker: displayHash(emergency.collateralTxid),
  publicKeys: emergency.publicKeys.map(wireHex),
}));

/** What the header of an emergency block names as its producer. */
export const emergencyCollateral = (params: Params): Outpoint => ({ txid: keysOf(params).marker, index: 0 });

/** SEC form of the keys that may sign, in list order. */
export const emergencyKeys = (params: Params): readonly Uint8Array[] => keysOf(params).publicKeys;

/** Whether emergency keys, not a producer, sign the header. Source: fluxd src/emergencyblock.cpp IsEmergencyBlock. */
export const isEmergencyBlock = (header: BlockHeader, params: Params): boolean =>
  isEmergencyHeader(header, keysOf(params).marker);

/**
 * Whether enough of the keys signed block `hash`, each once. Signatures are looked at in order until there are enough: one
 * that no unused key made is passed over, one that is too long refuses the header. regtest only counts them.
 * Source: fluxd src/emergencyblock.cpp ValidateEmergencyBlockSignatures.
 */
export function emergencySignaturesValid(
  ecdsa: EcdsaBackend,
  header: PonHeader,
  hash: Uint8Array,
  params: Params,
): boolean {
  const { minSignatures } = params.emergency;
  const unused = [...keysOf(params).publicKeys];
  const signatures = emergencySignatures(header.signature, unused.length);
  if (signatures === undefined || signatures.length < minSignatures) return false;
  if (params.kind === "regtest") return true;
  let matched = 0;
  for (const signature of signatures) {
    if (signature === "oversized") return false;
    const signer = unused.findIndex((key) => verifyDer(ecdsa, key, hash, signature));
    if (signer === -1) continue;
    unused.splice(signer, 1);
    matched++;
    if (matched === minSignatures) return true;
  }
  return false;
}
