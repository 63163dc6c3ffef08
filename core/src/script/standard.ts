import { hash160 } from "../bytes/hash.ts";
import { isPublicKeyForm } from "../crypto/keys.ts";
import { buildScript, ScriptCursor, type ScriptPart } from "./instructions.ts";
import { OP, smallInteger, smallIntegerOpcode } from "./opcodes.ts";

// The forms of scriptPubKey that wallets make. Source: fluxd src/script/standard.cpp Solver.

/** Bytes of a key or script id. */
export const ID_BYTES = 20;

/** What a scriptPubKey asks for. Keys are any 33 to 65 bytes here: nothing is said about their form. */
export type ScriptTemplate =
  | { readonly type: "scriptHash"; readonly scriptId: Uint8Array }
  | { readonly type: "publicKey"; readonly publicKey: Uint8Array }
  | { readonly type: "keyHash"; readonly keyId: Uint8Array }
  | MultisigTemplate
  | { readonly type: "nullData" };

/** A bare multisig: CHECKMULTISIG over keys that are listed. */
export interface MultisigTemplate {
  readonly type: "multisig";
  /** Signatures needed: 1 .. number of keys. */
  readonly required: number;
  readonly keys: readonly Uint8Array[];
}

/** Data bytes after which OP_RETURN is no longer standard. Source: fluxd src/script/standard.cpp nMaxDatacarrierBytes. */
const MAX_NULL_DATA_BYTES = 80;

const MIN_KEY_BYTES = 33;
const MAX_KEY_BYTES = 65;

interface Instruction {
  readonly opcode: number;
  readonly data: Uint8Array;
}

/** No template has more instructions than a multisig of 16 keys. */
const MAX_INSTRUCTIONS = 19;

/** The instructions of a script, or undefined if it is malformed or longer than any template. */
function fewInstructions(scriptPubKey: Uint8Array): Instruction[] | undefined {
  const cursor = new ScriptCursor(scriptPubKey);
  const found: Instruction[] = [];
  while (cursor.next()) {
    if (found.length === MAX_INSTRUCTIONS) return undefined;
    found.push({ opcode: cursor.opcode, data: cursor.data });
  }
  return cursor.malformed ? undefined : found;
}

const isKeySized = ({ data }: Instruction): boolean =>
  data.length >= MIN_KEY_BYTES && data.length <= MAX_KEY_BYTES;

/** Exactly HASH160, a direct push of 20 bytes, EQUAL. Source: fluxd src/script/script.cpp CScript::IsPayToScriptHash. */
export const isPayToScriptHash = (scriptPubKey: Uint8Array): boolean =>
  scriptPubKey.length === 23 &&
  scriptPubKey[0] === OP.HASH160 &&
  scriptPubKey[1] === ID_BYTES &&
  scriptPubKey[22] === OP.EQUAL;

/** Exactly the 25 bytes of {@link payToKeyHash}. Source: fluxd src/script/script.cpp CScript::IsPayToPublicKeyHash. */
export const isPayToKeyHash = (scriptPubKey: Uint8Array): boolean =>
  scriptPubKey.length === 25 &&
  scriptPubKey[0] === OP.DUP &&
  scriptPubKey[1] === OP.HASH160 &&
  scriptPubKey[2] === ID_BYTES &&
  scriptPubKey[23] === OP.EQUALVERIFY &&
  scriptPubKey[24] === OP.CHECKSIG;

/** The template that `scriptPubKey` fits, if any. Data counts by its length, whichever opcode pushes it. */
export function matchTemplate(scriptPubKey: Uint8Array): ScriptTemplate | undefined {
  if (isPayToScriptHash(scriptPubKey)) {
    return { type: "scriptHash", scriptId: scriptPubKey.subarray(2, 22) };
  }
  const instructions = fewInstructions(scriptPubKey);
  if (instructions === undefined) return undefined;
  return (
    matchPublicKey(instructions) ??
    matchKeyHash(instructions) ??
    matchMultisig(instructions) ??
    matchNullData(instructions)
  );
}

function matchPublicKey(instructions: readonly Instruction[]): ScriptTemplate | undefined {
  const [key, check] = instructions;
  if (instructions.length !== 2 || check!.opcode !== OP.CHECKSIG || !isKeySized(key!)) return undefined;
  return { type: "publicKey", publicKey: key!.data };
}

function matchKeyHash(instructions: readonly Instruction[]): ScriptTemplate | undefined {
  const [dup, hash, id, equal, check] = instructions;
  if (instructions.length !== 5 || dup!.opcode !== OP.DUP || hash!.opcode !== OP.HASH160) return undefined;
  if (equal!.opcode !== OP.EQUALVERIFY || check!.opcode !== OP.CHECKSIG) return undefined;
  return id!.data.length === ID_BYTES ? { type: "keyHash", keyId: id!.data } : undefined;
}

function matchMultisig(instructions: readonly Instruction[]): MultisigTemplate | undefined {
  const count = instructions.length - 3;
  if (count < 1 || instructions.at(-1)!.opcode !== OP.CHECKMULTISIG) return undefined;
  const required = smallInteger(instructions[0]!.opcode);
  const keys = instructions.slice(1, -2);
  if (required === undefined || required < 1 || required > count) return undefined;
  if (smallInteger(instructions.at(-2)!.opcode) !== count || !keys.every(isKeySized)) return undefined;
  return { type: "multisig", required, keys: keys.map(({ data }) => data) };
}

function matchNullData(instructions: readonly Instruction[]): ScriptTemplate | undefined {
  const [first, second] = instructions;
  if (first?.opcode !== OP.RETURN || instructions.length > 2) return undefined;
  return second === undefined || second.data.length <= MAX_NULL_DATA_BYTES ? { type: "nullData" } : undefined;
}

/** {@link matchTemplate} for callers who want a bare multisig, such as the redeem script of a FluxNode's collateral. */
export function matchMultisigScript(script: Uint8Array): MultisigTemplate | undefined {
  const template = matchTemplate(script);
  return template?.type === "multisig" ? template : undefined;
}

/** Keys of a multisig whose length fits their first byte. Source: fluxd src/script/standard.cpp ExtractDestinations. */
export const usableKeys = (multisig: MultisigTemplate): Uint8Array[] => multisig.keys.filter(isPublicKeyForm);

/** `KEY CHECKSIG`. */
export const payToPublicKey = (publicKey: Uint8Array): Uint8Array => buildScript(publicKey, OP.CHECKSIG);

/** `DUP HASH160 ID EQUALVERIFY CHECKSIG`; the id is the HASH160 of a public key. */
export const payToKeyHash = (keyId: Uint8Array): Uint8Array =>
  buildScript(OP.DUP, OP.HASH160, keyId, OP.EQUALVERIFY, OP.CHECKSIG);

/** `HASH160 ID EQUAL`; the id is the HASH160 of a redeem script. */
export const payToScriptHash = (scriptId: Uint8Array): Uint8Array =>
  buildScript(OP.HASH160, scriptId, OP.EQUAL);

/** HASH160 of a redeem script: what a P2SH output names. */
export const scriptIdOf = (redeemScript: Uint8Array): Uint8Array => hash160(redeemScript);

/** m of n, 1 <= m <= n <= 16; the keys are in the order in which signatures must come. */
export const multisigScript = (required: number, keys: readonly Uint8Array[]): Uint8Array => {
  const parts: ScriptPart[] = [smallIntegerOpcode(required), ...keys];
  return buildScript(...parts, smallIntegerOpcode(keys.length), OP.CHECKMULTISIG);
};

/** An output that can never be spent and carries `data`. */
export const nullDataScript = (data: Uint8Array): Uint8Array => buildScript(OP.RETURN, data);
