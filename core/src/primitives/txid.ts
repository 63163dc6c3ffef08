import { sha256d } from "../bytes/hash.ts";
import { Writer } from "../bytes/writer.ts";
import type { Txid } from "./ids.ts";
import type { Transaction } from "./transaction.ts";
import { writeTransaction, writeTxidPreimage } from "./transactionCodec.ts";

/** Reused by the functions below, each of which is done with it when it returns. */
const scratch = new Writer();

/**
 * The id of `tx`: SHA256d of its canonical form, without the signatures if it is a FluxNode transaction.
 * Computed anew each time. Source: fluxd src/primitives/transaction.cpp CTransaction::UpdateHash.
 */
export function txid(tx: Transaction): Txid {
  writeTxidPreimage(scratch.reset(), tx);
  return sha256d(scratch.view()) as Txid;
}

const known = new WeakMap<Transaction, Txid>();

/** The id of `tx`, remembered as long as it lives: for transactions that are looked at again and again. Not to be written to. */
export function knownTxid(tx: Transaction): Txid {
  const id = known.get(tx);
  if (id !== undefined) return id;
  const computed = txid(tx);
  known.set(tx, computed);
  return computed;
}

/** Bytes of `tx` in its canonical form, signatures included. */
export function transactionSize(tx: Transaction): number {
  writeTransaction(scratch.reset(), tx);
  return scratch.length;
}

/** The canonical form of `tx`, signatures included. */
export function transactionBytes(tx: Transaction): Uint8Array {
  writeTransaction(scratch.reset(), tx);
  return scratch.copy();
}
