import { decodeBase58Check, encodeBase58Check } from "../bytes/base58.ts";
import { equalBytes } from "../bytes/compare.ts";
import { wireHex } from "../bytes/hex.ts";
import { isPublicKeyForm, keyId } from "../crypto/keys.ts";
import type { Params } from "../params/params.ts";
import { ID_BYTES, matchTemplate, payToKeyHash, payToScriptHash } from "./standard.ts";

/** Whom an output can pay: the owner of a key, or whoever satisfies a script. */
export type Destination =
  | { readonly type: "keyHash"; readonly id: Uint8Array }
  | { readonly type: "scriptHash"; readonly id: Uint8Array };

/** Source: fluxd src/key_io.cpp EncodeDestination. */
export function encodeAddress({ type, id }: Destination, params: Params): string {
  const { p2pkh, p2sh } = params.addressPrefixes;
  const prefix = wireHex(type === "keyHash" ? p2pkh : p2sh);
  return encodeBase58Check(Uint8Array.from([...prefix, ...id]));
}

/** Undefined unless `text` is a transparent address of this network. Source: fluxd src/key_io.cpp DecodeDestination. */
export function decodeAddress(text: string, params: Params): Destination | undefined {
  const payload = decodeBase58Check(text);
  if (payload === undefined) return undefined;
  const { p2pkh, p2sh } = params.addressPrefixes;
  const keyHash = afterPrefix(payload, wireHex(p2pkh));
  if (keyHash !== undefined) return { type: "keyHash", id: keyHash };
  const scriptHash = afterPrefix(payload, wireHex(p2sh));
  return scriptHash === undefined ? undefined : { type: "scriptHash", id: scriptHash };
}

function afterPrefix(payload: Uint8Array, prefix: Uint8Array): Uint8Array | undefined {
  if (payload.length !== prefix.length + ID_BYTES) return undefined;
  return equalBytes(payload.subarray(0, prefix.length), prefix) ? payload.subarray(prefix.length) : undefined;
}

/** The script that pays `destination`. Source: fluxd src/script/standard.cpp GetScriptForDestination. */
export const destinationScript = ({ type, id }: Destination): Uint8Array =>
  type === "keyHash" ? payToKeyHash(id) : payToScriptHash(id);

/** The script that pays an address of this network, undefined if `text` is none. */
export function addressScript(text: string, params: Params): Uint8Array | undefined {
  const destination = decodeAddress(text, params);
  return destination === undefined ? undefined : destinationScript(destination);
}

/**
 * Whom `scriptPubKey` pays; undefined for forms that no single address stands for. A bare public key stands for its hash.
 * Source: fluxd src/script/standard.cpp ExtractDestination.
 */
export function scriptDestination(scriptPubKey: Uint8Array): Destination | undefined {
  const template = matchTemplate(scriptPubKey);
  if (template?.type === "keyHash") return { type: "keyHash", id: template.keyId };
  if (template?.type === "scriptHash") return { type: "scriptHash", id: template.scriptId };
  if (template?.type !== "publicKey" || !isPublicKeyForm(template.publicKey)) return undefined;
  return { type: "keyHash", id: keyId(template.publicKey) };
}

/** The address {@link scriptDestination} finds, if any. */
export function scriptAddress(scriptPubKey: Uint8Array, params: Params): string | undefined {
  const destination = scriptDestination(scriptPubKey);
  return destination === undefined ? undefined : encodeAddress(destination, params);
}
