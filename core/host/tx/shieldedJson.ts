import {
  GROTH16_JOIN_SPLIT_BYTES,
  JOIN_SPLIT_PROOF_OFFSET,
  type JoinSplit,
  joinSplitAnchor,
  joinSplitCommitments,
  joinSplitNullifiers,
  joinSplitRandomSeed,
  joinSplitVpubNew,
  joinSplitVpubOld,
  outputCommitment,
  PHGR13_JOIN_SPLIT_BYTES,
  type ShieldedOutput,
  type ShieldedSpend,
  spendAnchor,
  spendNullifier,
  toDisplayHex,
  toWireHex,
  Writer,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { FluxAmount } from "../json.ts";

// Shielded descriptions, both ways. Source: fluxd src/rpc/rawtransaction.cpp TxJoinSplitToJSON, TxShieldedSpendsToJSON,
// TxShieldedOutputsToJSON. The layouts are those of core's shielded.ts.

const PROOF_BYTES = 192;
const JOIN_SPLIT_CIPHERTEXT_BYTES = 601;

export function joinSplitJson(part: JoinSplit) {
  const ciphertexts = part.length - 2 * JOIN_SPLIT_CIPHERTEXT_BYTES;
  return {
    vpub_old: new FluxAmount(joinSplitVpubOld(part)),
    vpub_oldZat: joinSplitVpubOld(part),
    vpub_new: new FluxAmount(joinSplitVpubNew(part)),
    vpub_newZat: joinSplitVpubNew(part),
    anchor: toDisplayHex(joinSplitAnchor(part)),
    nullifiers: joinSplitNullifiers(part).map(toDisplayHex),
    commitments: joinSplitCommitments(part).map(toDisplayHex),
    onetimePubKey: toDisplayHex(part.subarray(176, 208)),
    randomSeed: toDisplayHex(joinSplitRandomSeed(part)),
    macs: [part.subarray(240, 272), part.subarray(272, JOIN_SPLIT_PROOF_OFFSET)].map(toDisplayHex),
    proof: toWireHex(part.subarray(JOIN_SPLIT_PROOF_OFFSET, ciphertexts)),
    ciphertexts: [
      part.subarray(ciphertexts, ciphertexts + JOIN_SPLIT_CIPHERTEXT_BYTES),
      part.subarray(ciphertexts + JOIN_SPLIT_CIPHERTEXT_BYTES),
    ].map(toWireHex),
  };
}

export const spendJson = (part: ShieldedSpend) => ({
  cv: toDisplayHex(part.subarray(0, 32)),
  anchor: toDisplayHex(spendAnchor(part)),
  nullifier: toDisplayHex(spendNullifier(part)),
  rk: toDisplayHex(part.subarray(96, 128)),
  proof: toWireHex(part.subarray(128, 320)),
  spendAuthSig: toWireHex(part.subarray(320)),
});

export const outputJson = (part: ShieldedOutput) => ({
  cv: toDisplayHex(part.subarray(0, 32)),
  cmu: toDisplayHex(outputCommitment(part)),
  ephemeralKey: toDisplayHex(part.subarray(64, 96)),
  encCiphertext: toWireHex(part.subarray(96, 676)),
  outCiphertext: toWireHex(part.subarray(676, 756)),
  proof: toWireHex(part.subarray(756)),
});

/** Exactly two members. */
function pair<T>(list: Field, read: (member: Field) => T): [T, T] {
  if (list.items().length !== 2) list.fail("a list of 2");
  return [read(list.at(0)), read(list.at(1))];
}

export function readJoinSplitJson(field: Field, groth16: boolean): JoinSplit {
  const hash = (member: Field): Uint8Array => member.hash();
  const bytes = groth16 ? GROTH16_JOIN_SPLIT_BYTES : PHGR13_JOIN_SPLIT_BYTES;
  const proofBytes = bytes - JOIN_SPLIT_PROOF_OFFSET - 2 * JOIN_SPLIT_CIPHERTEXT_BYTES;
  const writer = new Writer();
  writer.i64(field.get("vpub_oldZat").satoshi());
  writer.i64(field.get("vpub_newZat").satoshi());
  writer.bytes(field.get("anchor").hash());
  for (const key of ["nullifiers", "commitments"]) {
    for (const each of pair(field.get(key), hash)) writer.bytes(each);
  }
  writer.bytes(field.get("onetimePubKey").hash());
  writer.bytes(field.get("randomSeed").hash());
  for (const mac of pair(field.get("macs"), hash)) writer.bytes(mac);
  writer.bytes(field.get("proof").bytes(proofBytes));
  const ciphertext = (member: Field): Uint8Array => member.bytes(JOIN_SPLIT_CIPHERTEXT_BYTES);
  for (const each of pair(field.get("ciphertexts"), ciphertext)) writer.bytes(each);
  return writer.copy() as JoinSplit;
}

export function readSpendJson(field: Field): ShieldedSpend {
  const writer = new Writer();
  for (const key of ["cv", "anchor", "nullifier", "rk"]) writer.bytes(field.get(key).hash());
  writer.bytes(field.get("proof").bytes(PROOF_BYTES));
  writer.bytes(field.get("spendAuthSig").bytes(64));
  return writer.copy() as ShieldedSpend;
}

export function readOutputJson(field: Field): ShieldedOutput {
  const writer = new Writer();
  for (const key of ["cv", "cmu", "ephemeralKey"]) writer.bytes(field.get(key).hash());
  writer.bytes(field.get("encCiphertext").bytes(580));
  writer.bytes(field.get("outCiphertext").bytes(80));
  writer.bytes(field.get("proof").bytes(PROOF_BYTES));
  return writer.copy() as ShieldedOutput;
}
