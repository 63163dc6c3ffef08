import { equalBytes } from "../bytes/compare.ts";
import { signDer, verifyDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { KeyPair } from "../crypto/keys.ts";
import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import { emergencySignatureField, emergencySignatures } from "../primitives/emergencySignatures.ts";
import { blockHash, type PonHeader } from "../primitives/header.ts";
import { emergencyKeys, emergencySignaturesValid, isEmergencyBlock } from "../rules/emergencyBlock.ts";

// Emergency blocks are templates whose producer is `emergencyCollateral`; the keyholders sign one after another, each where he is.
// Source: fluxd src/rpc/emergencyblock.cpp.

/** Why a signature is not added. */
export type EmergencyRefusal = "notAnEmergencyBlock" | "keyNotListed" | "alreadySigned" | "fieldUnreadable";

/** The block with one more signature. regtest takes any key. Source: fluxd src/rpc/emergencyblock.cpp signemergencyblock. */
export function addEmergencySignature(
  { header, transactions }: Block,
  key: KeyPair,
  ecdsa: EcdsaBackend,
  params: Params,
): Block | EmergencyRefusal {
  if (header.kind !== "pon" || !isEmergencyBlock(header, params)) return "notAnEmergencyBlock";
  const listed = emergencyKeys(params).some((publicKey) => equalBytes(publicKey, key.publicKey));
  if (!listed && params.kind !== "regtest") return "keyNotListed";
  const signatures = signaturesOf(header);
  if (signatures === undefined) return "fieldUnreadable";
  const hash = blockHash(header);
  if (signatures.some((signature) => verifyDer(ecdsa, key.publicKey, hash, signature)))
    return "alreadySigned";
  const signature = emergencySignatureField([...signatures, signDer(ecdsa, key.secretKey, hash)]);
  return { header: { ...header, signature }, transactions };
}

/** Those in the header so far; undefined if one is longer than any signature. */
function signaturesOf({ signature }: PonHeader): readonly Uint8Array[] | undefined {
  const signatures = emergencySignatures(signature, MAX_LISTED) ?? [];
  return signatures.every((each) => each !== "oversized") ? signatures : undefined;
}

/** More signatures than fit the field. */
const MAX_LISTED = 0xff;

/** How far an emergency block has come. Source: fluxd src/rpc/emergencyblock.cpp verifyemergencyblock. */
export interface EmergencyStatus {
  /** In the field, whoever made them. */
  readonly signatures: number;
  readonly required: number;
  /** Listed keys that signed, SEC form, in the order of their signatures. */
  readonly signers: readonly Uint8Array[];
  /** Whether the rules are satisfied. */
  readonly valid: boolean;
}

/** Undefined if it is no emergency block. */
export function emergencyStatus(
  { header }: Block,
  ecdsa: EcdsaBackend,
  params: Params,
): EmergencyStatus | undefined {
  if (header.kind !== "pon" || !isEmergencyBlock(header, params)) return undefined;
  const hash = blockHash(header);
  const signatures = emergencySignatures(header.signature, MAX_LISTED) ?? [];
  const signers = signatures.flatMap((signature) => {
    const made = (key: Uint8Array) => signature !== "oversized" && verifyDer(ecdsa, key, hash, signature);
    return emergencyKeys(params).find(made) ?? [];
  });
  return {
    signatures: signatures.length,
    required: params.emergency.minSignatures,
    signers,
    valid: emergencySignaturesValid(ecdsa, header, hash, params),
  };
}
