import {
  decodeWif,
  type EcdsaBackend,
  type FluxnodeStart,
  type KeyPair,
  keyPair,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Params,
  resumeSigning,
  SCRIPT_ERROR_TEXT,
  type ScriptFlags,
  SignatureHasher,
  type SpendableCoin,
  STANDARD_SCRIPT_FLAGS,
  signedSoFar,
  signPartial,
  signStart,
  startSignatureValid,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  verifyInput,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import type { JsonObject } from "../json.ts";

const ecdsa: EcdsaBackend = nobleEcdsa;

/** A key in wallet import format. @throws InputError, which does not repeat the key. */
export function readKey(wif: string, params: Params): KeyPair {
  const key = decodeWif(wif, params);
  if (key === undefined) throw new InputError(`a key is not in the wallet import format of ${params.name}`);
  return keyPair(ecdsa, key.secretKey, key.compressed);
}

export interface Signed {
  readonly complete: boolean;
  readonly json: JsonObject;
}

/**
 * Adds the signatures that `keys` can make to those the transaction has. An input that was already good stays as it was.
 * What comes out is shaped like the result of fluxd's signrawtransaction.
 */
export function signOrdinary(
  tx: OrdinaryTransaction,
  coins: readonly SpendableCoin[],
  keys: readonly KeyPair[],
  branchId: number,
  hashType: number,
): Signed {
  const partial = signPartial(ecdsa, resumeSigning(ecdsa, tx, coins, branchId), keys, hashType);
  const made = signedSoFar(partial);
  const before = inputErrors(tx, coins, branchId, STANDARD_SCRIPT_FLAGS);
  const after = inputErrors(made, coins, branchId, STANDARD_SCRIPT_FLAGS);
  const keepOld = (i: number): boolean => after[i] !== undefined && before[i] === undefined;
  const inputs = made.inputs.map((input, i) => (keepOld(i) ? tx.inputs[i]! : input));
  const errors = inputs.flatMap(({ prevout, scriptSig, sequence }, i) => {
    const error = keepOld(i) ? undefined : after[i];
    if (error === undefined) return [];
    const outpoint = { txid: toDisplayHex(prevout.txid), vout: prevout.index };
    return [{ ...outpoint, scriptSig: toWireHex(scriptSig), sequence, error }];
  });
  const complete = errors.length === 0;
  const hex = toWireHex(transactionBytes({ ...made, inputs }));
  return { complete, json: { hex, complete, errors: complete ? undefined : errors } };
}

/** Why each input may not spend its coin, in fluxd's words; undefined for those that may. */
export function inputErrors(
  tx: OrdinaryTransaction,
  coins: readonly SpendableCoin[],
  branchId: number,
  flags: ScriptFlags,
): (string | undefined)[] {
  const hasher = new SignatureHasher(tx, branchId);
  return coins.map(({ output }, i) => {
    const error = verifyInput(hasher, i, output, flags, ecdsa);
    return error && SCRIPT_ERROR_TEXT[error];
  });
}

/** Signs the START of a FluxNode with its owner's key, or one of them. Only a delegate's right to sign is not known here. */
export function signStartWith(tx: FluxnodeStart, keys: readonly KeyPair[]): Signed {
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0) throw new InputError("a START is signed with one key");
  const signed = signStart(ecdsa, tx, key);
  const complete = startSignatureValid(ecdsa, signed, [key.publicKey]);
  return { complete, json: { hex: toWireHex(transactionBytes(signed)), complete } };
}
