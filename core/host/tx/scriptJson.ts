import {
  encodeAddress,
  isPublicKeyForm,
  isUnspendable,
  keyId,
  matchTemplate,
  type Params,
  payToScriptHash,
  type ScriptTemplate,
  scriptAddress,
  scriptAsm,
  scriptIdOf,
  toWireHex,
  usableKeys,
} from "@fluxlab/core";
import type { JsonObject } from "../json.ts";

// Scripts as fluxd's RPC shows them. Source: fluxd src/rpc/rawtransaction.cpp ScriptPubKeyToJSON, decodescript.

/** Source: fluxd src/script/standard.cpp GetTxnOutputType. */
const TYPE_NAMES: Readonly<Record<ScriptTemplate["type"], string>> = {
  publicKey: "pubkey",
  keyHash: "pubkeyhash",
  scriptHash: "scripthash",
  multisig: "multisig",
  nullData: "nulldata",
};

const keyAddress = (publicKey: Uint8Array, params: Params): string =>
  encodeAddress({ type: "keyHash", id: keyId(publicKey) }, params);

/** Whom the script pays; a bare key only if it has a key's form. Source: fluxd src/script/standard.cpp ExtractDestinations. */
function addresses(script: Uint8Array, template: ScriptTemplate, params: Params): string[] {
  if (template.type === "multisig") return usableKeys(template).map((key) => keyAddress(key, params));
  if (template.type === "publicKey" && !isPublicKeyForm(template.publicKey)) return [];
  const address = scriptAddress(script, params);
  return address === undefined ? [] : [address];
}

/** Type and addresses of a script that outputs are locked with. */
function destinations(script: Uint8Array, params: Params): JsonObject {
  const template = matchTemplate(script);
  const type = template === undefined ? "nonstandard" : TYPE_NAMES[template.type];
  const paid = template === undefined ? [] : addresses(script, template, params);
  if (paid.length === 0) return { type };
  return { reqSigs: template?.type === "multisig" ? template.required : 1, type, addresses: paid };
}

export const scriptPubKeyJson = (script: Uint8Array, params: Params): JsonObject => ({
  asm: scriptAsm(script),
  hex: toWireHex(script),
  ...destinations(script, params),
});

/** With the hash types of signatures in words. */
export const scriptSigJson = (script: Uint8Array): JsonObject => ({
  asm: scriptAsm(script, !isUnspendable(script)),
  hex: toWireHex(script),
});

/** Also the address of a P2SH output that has this as its redeem script. */
export const decodedScriptJson = (script: Uint8Array, params: Params): JsonObject => ({
  asm: scriptAsm(script),
  ...destinations(script, params),
  p2sh: scriptAddress(payToScriptHash(scriptIdOf(script)), params),
});
