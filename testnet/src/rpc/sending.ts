import { AS_IT_IS, FROM_USER, knownTxid, rejectMessage, type Transaction, toDisplayHex } from "@fluxlab/core";
import type { CommandContext } from "./command.ts";
import { RPC, RpcError } from "./rpcError.ts";

// What all who make transactions share. Source: fluxd src/rpc/rawtransaction.cpp sendrawtransaction.

/** The next block's height, for which new transactions are made. */
export const nextHeight = ({ api }: CommandContext): number => api.node.chain.tipHeight + 1;

/** Gives a transaction to the node, as the user's own. @throws RpcError with what fluxd says if it is not taken */
export function sendTransaction(tx: Transaction, context: CommandContext, allowHighFees = false): string {
  const { api } = context;
  const id = knownTxid(tx);
  const { pool } = api.node.mempool;
  const known = pool.get(id) !== undefined;
  if (!known && api.node.chain.state().unspentOutputs(id) > 0) {
    throw new RpcError(RPC.alreadyInChain, "transaction already in block chain");
  }
  const acceptance = api.submitTransaction(tx, allowHighFees ? AS_IT_IS : FROM_USER);
  if (acceptance.accepted || known) return toDisplayHex(id);
  const { refusal } = acceptance;
  if (refusal.kind === "missingInputs") throw new RpcError(RPC.verify, "Missing inputs");
  if (refusal.kind === "absurdFee") {
    throw new RpcError(
      RPC.verify,
      `absurdly high fees ${id === undefined ? "" : toDisplayHex(id)}, ${refusal.fee} > ${refusal.limit}`,
    );
  }
  if (refusal.kind === "cannotTell") {
    throw new RpcError(RPC.verify, `this node cannot verify ${refusal.unverified} proofs`);
  }
  const message = rejectMessage(refusal, api.node.catchingUp);
  // What fluxd drops in silence has no text there, either.
  if (message === undefined) throw new RpcError(RPC.verify, "");
  throw new RpcError(RPC.rejected, `${message.code}: ${message.reason}`);
}
