import { assert } from "../util/assert.ts";

// Two texts of the same bytes exist and are easily mixed up, so each has its own pair of functions: *wire* hex in the
// order of the bytes, and *display* hex, reversed, in which hashes and txids are shown to people and in RPC.

const HEX_DIGITS = "0123456789abcdef";
const WIRE_HEX = /^(?:[0-9a-fA-F]{2})*$/;
const DISPLAY_HASH = /^[0-9a-fA-F]{64}$/;

const BYTE_TEXT: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => HEX_DIGITS[byte >> 4]! + HEX_DIGITS[byte & 15]!,
);

/** Lower-case hex, first byte first. */
export function toWireHex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += BYTE_TEXT[bytes[i]!];
  return text;
}

/** Lower-case hex, last byte first: how hashes are displayed. Source: fluxd src/uint256.h GetHex. */
export function toDisplayHex(bytes: Uint8Array): string {
  let text = "";
  for (let i = bytes.length - 1; i >= 0; i--) text += BYTE_TEXT[bytes[i]!];
  return text;
}

function nibble(code: number): number {
  if (code <= 0x39) return code - 0x30; // 0-9
  return (code | 0x20) - 0x57; // a-f, A-F
}

function decode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (nibble(text.charCodeAt(2 * i)) << 4) | nibble(text.charCodeAt(2 * i + 1));
  }
  return bytes;
}

/** Bytes of {@link toWireHex}, either case; undefined if `text` is not whole bytes of hex. */
export const parseWireHex = (text: string): Uint8Array | undefined =>
  WIRE_HEX.test(text) ? decode(text) : undefined;

/** The 32 bytes, in wire order, of a hash in display form; undefined unless `text` is 64 hex digits. */
export const parseDisplayHash = (text: string): Uint8Array | undefined =>
  DISPLAY_HASH.test(text) ? decode(text).reverse() : undefined;

/** {@link parseWireHex} for our own constants: malformed text is our bug. */
export function wireHex(text: string): Uint8Array {
  const bytes = parseWireHex(text);
  assert(bytes !== undefined, `a constant in hex is malformed: ${text}`);
  return bytes;
}

/** {@link parseDisplayHash} for our own constants: malformed text is our bug. */
export function displayHash(text: string): Uint8Array {
  const bytes = parseDisplayHash(text);
  assert(bytes !== undefined, `a constant hash is malformed: ${text}`);
  return bytes;
}
