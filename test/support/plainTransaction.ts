import {
  FINAL_SEQUENCE,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  type TxOutput,
} from "@fluxlab/core";

/** A transaction with `inputs` unsigned inputs that spend made-up outpoints, different for each `nonce`. */
export const plainTransaction = (
  inputs: number,
  outputs: readonly TxOutput[],
  nonce = 0,
): OrdinaryTransaction => ({
  kind: "ordinary",
  overwintered: true,
  version: SAPLING_VERSION,
  versionGroupId: SAPLING_GROUP_ID,
  inputs: Array.from({ length: inputs }, (_, index) => ({
    prevout: { txid: new Uint8Array(32).fill(1), index },
    scriptSig: new Uint8Array(0),
    sequence: FINAL_SEQUENCE,
  })),
  outputs,
  lockTime: nonce,
  expiryHeight: 0,
  shielded: NOTHING_SHIELDED,
});
