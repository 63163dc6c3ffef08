import { decodeBase58Check, encodeBase58Check } from "../bytes/base58.ts";
import { equalBytes } from "../bytes/compare.ts";
import { wireHex } from "../bytes/hex.ts";
import type { Params } from "../params/params.ts";
import { parseSecretKey } from "./ecdsa.ts";
import type { KeyPair } from "./keys.ts";

/** What a WIF text says. */
export type WifKey = Pick<KeyPair, "secretKey" | "compressed">;

/** Follows the key of a compressed pair. */
const COMPRESSED_MARK = 1;

/** Wallet import format: prefix, key, 01 if compressed. Source: fluxd src/key_io.cpp EncodeSecret. */
export function encodeWif({ secretKey, compressed }: WifKey, params: Params): string {
  const prefix = wireHex(params.addressPrefixes.wif);
  const payload = [...prefix, ...secretKey];
  if (compressed) payload.push(COMPRESSED_MARK);
  return encodeBase58Check(Uint8Array.from(payload));
}

/** Undefined unless `text` is a valid secret key of this network. Source: fluxd src/key_io.cpp DecodeSecret. */
export function decodeWif(text: string, params: Params): WifKey | undefined {
  const prefix = wireHex(params.addressPrefixes.wif);
  const payload = decodeBase58Check(text);
  if (payload === undefined || !equalBytes(payload.subarray(0, prefix.length), prefix)) return undefined;
  const body = payload.subarray(prefix.length);
  const compressed = body.length === 33 && body[32] === COMPRESSED_MARK;
  if (body.length !== 32 && !compressed) return undefined;
  const secretKey = parseSecretKey(body.slice(0, 32));
  return secretKey === undefined ? undefined : { secretKey, compressed };
}
