// Base 64 with padding (RFC 4648 section 4): the text form of message signatures. Source: fluxd src/utilstrencodings.cpp.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const SEXTET_OF_CODE = new Uint8Array(128);
for (let sextet = 0; sextet < 64; sextet++) SEXTET_OF_CODE[ALPHABET.charCodeAt(sextet)] = sextet;

/** RFC 4648 with padding, as fluxd prints signatures and keys. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    text += i + 1 < bytes.length ? ALPHABET[(group >> 6) & 63]! : "=";
    text += i + 2 < bytes.length ? ALPHABET[group & 63]! : "=";
  }
  return text;
}

/** Undefined unless `text` is exactly what {@link encodeBase64} writes: padded, no spare bits, nothing around it. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!CANONICAL.test(text)) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    const group =
      (sextet(text, i) << 18) |
      (sextet(text, i + 1) << 12) |
      (sextet(text, i + 2) << 6) |
      sextet(text, i + 3);
    for (let j = 0; j < 3; j++) {
      const byte = (group >> (16 - 8 * j)) & 0xff;
      if (at + j < bytes.length) bytes[at + j] = byte;
      else if (byte !== 0) return undefined; // spare bits
    }
  }
  return bytes;
}

/** "=" counts as 0. */
const sextet = (text: string, at: number): number => SEXTET_OF_CODE[text.charCodeAt(at)]!;
