import { equalBytes } from "../bytes/compare.ts";
import { toWireHex, wireHex } from "../bytes/hex.ts";
import { keyId } from "../crypto/keys.ts";
import { buildScript, type ScriptPart } from "../script/instructions.ts";
import { OP } from "../script/opcodes.ts";
import { matchTemplate, type ScriptTemplate } from "../script/standard.ts";
import type { SpendableCoin } from "./spendableCoin.ts";

// What an input has to hold so that it may spend its coin.

/** An input and the signatures made for it so far. */
export interface PartialInput {
  readonly coin: SpendableCoin;
  /** Signatures with their hash type by the signing public key, in wire hex. */
  readonly signatures: ReadonlyMap<string, Uint8Array>;
}

/** The script that signatures commit to. */
export const signedScript = ({ output, redeemScript }: SpendableCoin): Uint8Array =>
  redeemScript ?? output.scriptPubKey;

/** Whether the owner of a key may sign for what a script asks. */
export function asksFor(template: ScriptTemplate | undefined, publicKey: Uint8Array): boolean {
  switch (template?.type) {
    case "publicKey":
      return equalBytes(template.publicKey, publicKey);
    case "keyHash":
      return equalBytes(template.keyId, keyId(publicKey));
    case "multisig":
      return template.keys.some((key) => equalBytes(key, publicKey));
    default:
      return false;
  }
}

/** The scriptSig, undefined while signatures are missing. */
export function scriptSig({ coin, signatures }: PartialInput): Uint8Array | undefined {
  const parts = satisfaction(matchTemplate(signedScript(coin)), signatures);
  return parts && withRedeemScript(parts, coin);
}

/**
 * What to hand to the next signer while signatures are missing: a multisig's signatures so far, in order, with an empty
 * element for each that is missing, as fluxd's signrawtransaction leaves it. Empty for the other forms.
 */
export function unfinishedScriptSig({ coin, signatures }: PartialInput): Uint8Array {
  const template = matchTemplate(signedScript(coin));
  if (template?.type !== "multisig" || signatures.size === 0) return new Uint8Array(0);
  const made = template.keys.flatMap((key) => signatures.get(toWireHex(key)) ?? []);
  const missing = new Array<ScriptPart>(Math.max(0, template.required - made.length)).fill(OP.ZERO);
  return withRedeemScript([OP.ZERO, ...made, ...missing], coin);
}

const withRedeemScript = (parts: readonly ScriptPart[], { redeemScript }: SpendableCoin): Uint8Array =>
  redeemScript === undefined ? buildScript(...parts) : buildScript(...parts, redeemScript);

/** What the signed script wants to find on the stack. */
function satisfaction(
  template: ScriptTemplate | undefined,
  signatures: ReadonlyMap<string, Uint8Array>,
): ScriptPart[] | undefined {
  switch (template?.type) {
    case "publicKey": {
      const signature = signatures.get(toWireHex(template.publicKey));
      return signature && [signature];
    }
    case "keyHash": {
      const isAskedFor = ([key]: [string, Uint8Array]) => asksFor(template, wireHex(key));
      const signed = [...signatures].find(isAskedFor);
      return signed && [signed[1], wireHex(signed[0])];
    }
    case "multisig": {
      const inOrder = template.keys.flatMap((key) => signatures.get(toWireHex(key)) ?? []);
      if (inOrder.length < template.required) return undefined;
      return [OP.ZERO, ...inOrder.slice(0, template.required)];
    }
    default:
      return undefined;
  }
}
