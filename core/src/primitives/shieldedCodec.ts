import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import {
  GROTH16_JOIN_SPLIT_BYTES,
  JOIN_SPLIT_PROOF_OFFSET,
  type JoinSplit,
  PHGR13_JOIN_SPLIT_BYTES,
  SHIELDED_OUTPUT_BYTES,
  SHIELDED_SPEND_BYTES,
  type ShieldedOutput,
  type ShieldedSpend,
} from "./shielded.ts";

/** Each reads as many bytes as its form has; a proof is not looked at. */
export const readShieldedSpend = (reader: Reader): ShieldedSpend =>
  reader.bytes(SHIELDED_SPEND_BYTES, "spend") as ShieldedSpend;
export const readShieldedOutput = (reader: Reader): ShieldedOutput =>
  reader.bytes(SHIELDED_OUTPUT_BYTES, "output") as ShieldedOutput;
export const readGroth16JoinSplit = (reader: Reader): JoinSplit =>
  reader.bytes(GROTH16_JOIN_SPLIT_BYTES, "joinSplit") as JoinSplit;

/**
 * Where the eight points of a PHGR13 proof begin: A, A', B, B', C, C', K, H. Each has a lead byte and 32 bytes, but B, which
 * has 64. Source: fluxd src/flux/Proof.hpp PHGRProof.
 */
const PHGR13_POINT_OFFSETS = [0, 33, 66, 131, 164, 197, 230, 263];
const PHGR13_B = 2;

/** fluxd refuses to deserialise a compressed point with another lead byte; the last bit is the parity of y. */
const leadByteValid = (point: number, lead: number): boolean =>
  (lead & ~1) === (point === PHGR13_B ? 0x0a : 0x02);

/** A joinsplit of the first form, refused where fluxd cannot read a point of its proof. */
export function readPhgr13JoinSplit(reader: Reader): JoinSplit {
  const start = reader.offset;
  const joinSplit = reader.bytes(PHGR13_JOIN_SPLIT_BYTES, "joinSplit") as JoinSplit;
  if (reader.failed) return joinSplit;
  for (const [point, offset] of PHGR13_POINT_OFFSETS.entries()) {
    const at = JOIN_SPLIT_PROOF_OFFSET + offset;
    if (!leadByteValid(point, joinSplit[at]!)) reader.fail("badProofPoint", "proof", start + at);
  }
  return joinSplit;
}

/** All shielded descriptions are kept as the bytes they are on the wire. */
export const writeDescription = (writer: Writer, description: Uint8Array): void => writer.bytes(description);
