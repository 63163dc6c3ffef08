import { equalBytes } from "../bytes/compare.ts";
import { toWireHex } from "../bytes/hex.ts";
import { signDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { KeyPair } from "../crypto/keys.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { STANDARD_SCRIPT_FLAGS } from "../script/flags.ts";
import type { ScriptError } from "../script/scriptError.ts";
import { SIGHASH, SignatureHasher } from "../script/sighash.ts";
import { matchTemplate } from "../script/standard.ts";
import { verifyInput } from "../script/verifyInput.ts";
import { assert } from "../util/assert.ts";
import { asksFor, type PartialInput, scriptSig, signedScript } from "./inputScript.ts";
import type { SpendableCoin } from "./spendableCoin.ts";

// Signing in steps, by several people if need be: start, sign with the keys at hand, combine what came back, finalise.
// Nothing changes in place; every step returns a new value, so copies can be signed apart and combined in any order.

/** What is known of the signatures of one transaction. */
export interface PartialTransaction {
  /** With empty scriptSigs. */
  readonly tx: OrdinaryTransaction;
  /** Of the block it is made for. */
  readonly branchId: number;
  /** One for each input. */
  readonly inputs: readonly PartialInput[];
}

/** `coins` in the order of the inputs of `tx`. */
export function startSigning(
  tx: OrdinaryTransaction,
  coins: readonly SpendableCoin[],
  branchId: number,
): PartialTransaction {
  assert(coins.length === tx.inputs.length, "every input has its coin");
  const inputs = tx.inputs.map((input) => ({ ...input, scriptSig: new Uint8Array(0) }));
  return { tx: { ...tx, inputs }, branchId, inputs: coins.map((coin) => ({ coin, signatures: new Map() })) };
}

/** Adds the signatures that `keys` can make; inputs that ask for none of them stay as they are. */
export function signPartial(
  ecdsa: EcdsaBackend,
  partial: PartialTransaction,
  keys: readonly KeyPair[],
  hashType: number = SIGHASH.ALL,
): PartialTransaction {
  const hasher = new SignatureHasher(partial.tx, partial.branchId);
  const inputs = partial.inputs.map(({ coin, signatures }, index) => {
    const added = new Map(signatures);
    const scriptCode = signedScript(coin);
    const template = matchTemplate(scriptCode);
    for (const key of keys) {
      if (!asksFor(template, key.publicKey)) continue;
      const digest = hasher.digest({ index, scriptCode, amount: coin.output.value }, hashType);
      if (digest === undefined) continue; // SINGLE without its output, in the old format
      const der = signDer(ecdsa, key.secretKey, digest);
      added.set(toWireHex(key.publicKey), Uint8Array.from([...der, hashType]));
    }
    return { coin, signatures: added };
  });
  return { ...partial, inputs };
}

/** All signatures of both; undefined if they are not of one transaction. Where both have one of a key, `a`'s stays. */
export function combinePartials(
  a: PartialTransaction,
  b: PartialTransaction,
): PartialTransaction | undefined {
  if (!equalBytes(txid(a.tx), txid(b.tx)) || a.branchId !== b.branchId) return undefined;
  const inputs = a.inputs.map(({ coin, signatures }, i) => ({
    coin,
    signatures: new Map([...b.inputs[i]!.signatures, ...signatures]),
  }));
  return { ...a, inputs };
}

/** An input whose output may not be spent yet, and why. */
export interface UnsignedInput {
  readonly index: number;
  readonly why: ScriptError | "signaturesMissing";
}

/** What {@link finalise} came to. */
export type Finalised =
  | { readonly kind: "signed"; readonly tx: OrdinaryTransaction }
  | { readonly kind: "unsigned"; readonly inputs: readonly UnsignedInput[] };

/** Puts the scriptSigs together and runs every script under the flags of the pool: signatures of others may be wrong. */
export function finalise(ecdsa: EcdsaBackend, partial: PartialTransaction): Finalised {
  const inputs = partial.tx.inputs.map((input, i) => ({
    ...input,
    scriptSig: scriptSig(partial.inputs[i]!) ?? new Uint8Array(0),
  }));
  const tx = { ...partial.tx, inputs };
  const hasher = new SignatureHasher(tx, partial.branchId);
  const unsigned: UnsignedInput[] = [];
  for (const [index, { scriptSig }] of inputs.entries()) {
    const spent = partial.inputs[index]!.coin.output;
    const why =
      scriptSig.length === 0
        ? "signaturesMissing"
        : verifyInput(hasher, index, spent, STANDARD_SCRIPT_FLAGS, ecdsa);
    if (why !== undefined) unsigned.push({ index, why });
  }
  return unsigned.length === 0 ? { kind: "signed", tx } : { kind: "unsigned", inputs: unsigned };
}

/** All in one, for a signer who has all keys. */
export function signTransaction(
  ecdsa: EcdsaBackend,
  tx: OrdinaryTransaction,
  coins: readonly SpendableCoin[],
  keys: readonly KeyPair[],
  branchId: number,
): Finalised {
  return finalise(ecdsa, signPartial(ecdsa, startSigning(tx, coins, branchId), keys));
}
