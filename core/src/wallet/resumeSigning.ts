import { toWireHex } from "../bytes/hex.ts";
import { verifyDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { ScriptCursor } from "../script/instructions.ts";
import { SignatureHasher } from "../script/sighash.ts";
import { withoutHashType } from "../script/signatureEncoding.ts";
import { matchTemplate, type ScriptTemplate } from "../script/standard.ts";
import { asksFor, type PartialInput, scriptSig, signedScript, unfinishedScriptSig } from "./inputScript.ts";
import { type PartialTransaction, startSigning } from "./signing.ts";
import type { SpendableCoin } from "./spendableCoin.ts";

// Signing across programs: what is signed so far travels inside the transaction itself, in its scriptSigs.

/**
 * Begins where earlier signers stopped: the signatures in the scriptSigs of `tx` that hold are kept, everything else in them is
 * left out. `coins` in the order of the inputs. Source: fluxd src/script/sign.cpp CombineSignatures.
 */
export function resumeSigning(
  ecdsa: EcdsaBackend,
  tx: OrdinaryTransaction,
  coins: readonly SpendableCoin[],
  branchId: number,
): PartialTransaction {
  const start = startSigning(tx, coins, branchId);
  const hasher = new SignatureHasher(start.tx, branchId);
  const inputs = start.inputs.map(({ coin }, index) => ({
    coin,
    signatures: signaturesIn(tx.inputs[index]!.scriptSig, coin, index, hasher, ecdsa),
  }));
  return { ...start, inputs };
}

/** By the key that made them, in wire hex. */
function signaturesIn(
  script: Uint8Array,
  coin: SpendableCoin,
  index: number,
  hasher: SignatureHasher,
  ecdsa: EcdsaBackend,
): PartialInput["signatures"] {
  const scriptCode = signedScript(coin);
  const pushes = pushesOf(script);
  const found = new Map<string, Uint8Array>();
  for (const key of keysAskedFor(matchTemplate(scriptCode), pushes)) {
    const signature = pushes.find((push) => {
      if (push.length === 0) return false;
      const hashType = push[push.length - 1]!;
      const digest = hasher.digest({ index, scriptCode, amount: coin.output.value }, hashType);
      return digest !== undefined && verifyDer(ecdsa, key, digest, withoutHashType(push));
    });
    if (signature !== undefined) found.set(toWireHex(key), signature);
  }
  return found;
}

function pushesOf(script: Uint8Array): Uint8Array[] {
  const cursor = new ScriptCursor(script);
  const pushes: Uint8Array[] = [];
  while (cursor.next()) pushes.push(cursor.data);
  return pushes;
}

/** A script that names a key's hash only is answered with the key itself. */
function keysAskedFor(
  template: ScriptTemplate | undefined,
  pushes: readonly Uint8Array[],
): readonly Uint8Array[] {
  if (template?.type === "publicKey") return [template.publicKey];
  if (template?.type === "multisig") return template.keys;
  return pushes.filter((push) => asksFor(template, push));
}

/**
 * The transaction as far as it is signed: to be sent if every input is, to be handed to the next signer if not. Nothing is
 * verified here.
 */
export function signedSoFar({ tx, inputs }: PartialTransaction): OrdinaryTransaction {
  const signed = tx.inputs.map((input, i) => ({
    ...input,
    scriptSig: scriptSig(inputs[i]!) ?? unfinishedScriptSig(inputs[i]!),
  }));
  return { ...tx, inputs: signed };
}
