import { sha256d } from "./hash.ts";

// Base 58, the alphabet of addresses and keys. Source: fluxd src/base58.cpp.

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const CHECKSUM_BYTES = 4;

/** Decoding takes time by the square of the length; the longest text of the protocol has 111 characters, of test suites 349. */
const MAX_TEXT_LENGTH = 512;

/** White space that the decoder skips at either end: C's isspace. */
const SURROUNDING_SPACE = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

const DIGIT_OF_CODE = new Int8Array(128).fill(-1);
for (let digit = 0; digit < ALPHABET.length; digit++) DIGIT_OF_CODE[ALPHABET.charCodeAt(digit)] = digit;

/** Plain base 58, no checksum. A leading zero byte is a leading "1". */
export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  const digits = changeBase(bytes.subarray(zeros), 256, 58);
  return "1".repeat(zeros) + digits.map((digit) => ALPHABET[digit]!).join("");
}

/** Inverse of {@link encodeBase58}; skips white space around the text, undefined for anything else outside the alphabet. */
export function decodeBase58(text: string): Uint8Array | undefined {
  const trimmed = text.replace(SURROUNDING_SPACE, "");
  if (trimmed.length > MAX_TEXT_LENGTH) return undefined;
  const digits: number[] = [];
  for (let i = 0; i < trimmed.length; i++) {
    const digit = DIGIT_OF_CODE[trimmed.charCodeAt(i)] ?? -1;
    if (digit < 0) return undefined;
    digits.push(digit);
  }
  let zeros = 0;
  while (zeros < digits.length && digits[zeros] === 0) zeros++;
  const value = changeBase(digits.slice(zeros), 58, 256);
  const bytes = new Uint8Array(zeros + value.length);
  bytes.set(value, zeros);
  return bytes;
}

/** The digits of one number in another base, most significant first, without leading zeros. */
function changeBase(digits: ArrayLike<number>, from: number, to: number): number[] {
  const reversed: number[] = []; // least significant first
  for (let i = 0; i < digits.length; i++) {
    let carry = digits[i]!;
    for (let j = 0; j < reversed.length; j++) {
      carry += reversed[j]! * from;
      reversed[j] = carry % to;
      carry = Math.floor(carry / to);
    }
    while (carry > 0) {
      reversed.push(carry % to);
      carry = Math.floor(carry / to);
    }
  }
  return reversed.reverse();
}

/** Base 58 of the payload followed by the first four bytes of its SHA256d. */
export function encodeBase58Check(payload: Uint8Array): string {
  const bytes = new Uint8Array(payload.length + CHECKSUM_BYTES);
  bytes.set(payload);
  bytes.set(sha256d(payload).subarray(0, CHECKSUM_BYTES), payload.length);
  return encodeBase58(bytes);
}

/** The payload, prefix included; undefined if `text` is not base 58 or its checksum is wrong. */
export function decodeBase58Check(text: string): Uint8Array | undefined {
  const bytes = decodeBase58(text);
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES) return undefined;
  const payload = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  const checksum = sha256d(payload);
  for (let i = 0; i < CHECKSUM_BYTES; i++) {
    if (bytes[payload.length + i] !== checksum[i]) return undefined;
  }
  return payload;
}
