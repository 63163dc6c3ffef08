import type { Transaction } from "../primitives/transaction.ts";
import { isCoinbase, type TxOutput } from "../primitives/transaction.ts";
import { isPushOnly, ScriptCursor } from "./instructions.ts";
import { OP, smallInteger } from "./opcodes.ts";
import { isPayToScriptHash } from "./standard.ts";

// Signature checks a transaction may cause, counted without running anything; blocks limit them.
// Source: fluxd src/script/script.cpp CScript::GetSigOpCount, src/main.cpp GetLegacySigOpCount, GetP2SHSigOpCount.

/** What a CHECKMULTISIG counts for where its number of keys is not looked at or not known. */
const MULTISIG_SIGOPS = 20;

/**
 * Counts in one script, up to the first malformed push. `accurate`: a CHECKMULTISIG right after OP_1..OP_16 counts for
 * that number of keys.
 */
export function scriptSigops(script: Uint8Array, accurate: boolean): number {
  const cursor = new ScriptCursor(script);
  let count = 0;
  let keys: number | undefined;
  while (cursor.next()) {
    const { opcode } = cursor;
    if (opcode === OP.CHECKSIG || opcode === OP.CHECKSIGVERIFY) count += 1;
    else if (opcode === OP.CHECKMULTISIG || opcode === OP.CHECKMULTISIGVERIFY) {
      count += accurate && keys !== undefined ? keys : MULTISIG_SIGOPS;
    }
    keys = opcode === OP.ZERO ? undefined : smallInteger(opcode);
  }
  return count;
}

/** In all scripts of `tx` as they stand, the coinbase's included. FluxNode transactions have none. */
export function legacySigops(tx: Transaction): number {
  if (tx.kind !== "ordinary") return 0;
  let count = 0;
  for (const { scriptSig } of tx.inputs) count += scriptSigops(scriptSig, false);
  for (const { scriptPubKey } of tx.outputs) count += scriptSigops(scriptPubKey, false);
  return count;
}

/** In the redeem scripts that `tx` brings; `spent` holds the output each input spends. */
export function p2shSigops(tx: Transaction, spent: readonly TxOutput[]): number {
  if (tx.kind !== "ordinary" || isCoinbase(tx)) return 0;
  let count = 0;
  for (const [i, { scriptSig }] of tx.inputs.entries()) {
    if (!isPayToScriptHash(spent[i]!.scriptPubKey)) continue;
    const redeemScript = lastPush(scriptSig);
    if (redeemScript !== undefined) count += scriptSigops(redeemScript, true);
  }
  return count;
}

/** What a scriptSig leaves on top, which a P2SH output runs; undefined if it does more than push. Empty if it pushes no bytes. */
export function lastPush(scriptSig: Uint8Array): Uint8Array | undefined {
  if (!isPushOnly(scriptSig)) return undefined;
  const cursor = new ScriptCursor(scriptSig);
  while (cursor.next());
  return cursor.data;
}
