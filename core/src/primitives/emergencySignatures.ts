import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";

/** Longest DER signature. Source: fluxd src/consensus/consensus.h MAX_BLOCK_SIG_SIZE. */
export const MAX_BLOCK_SIGNATURE_BYTES = 73;

/** An announced signature; "oversized" if longer than any can be, which is refused whatever its bytes. */
export type EmergencySignature = Uint8Array | "oversized";

/**
 * The signatures packed into an emergency header's signature field: a count, then each with its length. fluxd takes a field
 * that ends early for what it announced: the entry that is cut short reads as zeros of its length, those after it as empty.
 * Bytes after the last are ignored. Undefined if more than `countMax` are announced, which is refused whatever follows.
 * Source: fluxd src/emergencyblock.cpp.
 */
export function emergencySignatures(field: Uint8Array, countMax: number): EmergencySignature[] | undefined {
  const reader = new Reader(field);
  const count = reader.compactSize("count");
  return count > countMax ? undefined : Array.from({ length: count }, () => readSignature(reader));
}

function readSignature(reader: Reader): EmergencySignature {
  const length = reader.compactSize("length"); // 0 once the field has ended
  const bytes = reader.bytes(length, "signature");
  if (length > MAX_BLOCK_SIGNATURE_BYTES) return "oversized";
  return reader.failed ? new Uint8Array(length) : bytes;
}

/** The field that holds these signatures. Source: fluxd src/emergencyblock.cpp EncodeMultiSig. */
export function emergencySignatureField(signatures: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer();
  writer.vector(signatures, (to, signature) => to.varBytes(signature));
  return writer.copy();
}
