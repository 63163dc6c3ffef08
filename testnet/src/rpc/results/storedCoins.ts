import { type Coin, matchTemplate, publicKeySize, type Writer } from "@fluxlab/core";

// How many bytes fluxd's database takes for the unspent outputs of a transaction: nobody reads that form here, but
// gettxoutsetinfo says its length. Source: fluxd src/coins.h CCoins, src/compressor.h.

/** Base 128, most significant first, with 1 taken off each continued digit. Source: fluxd src/serialize.h WriteVarInt. */
export function writeVarInt(writer: Writer, value: bigint): void {
  const digits = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) {
    rest -= 1n;
    digits.unshift(Number(rest & 0x7fn) | 0x80);
  }
  for (const digit of digits) writer.u8(digit);
}

function varIntBytes(value: bigint): number {
  let bytes = 1;
  for (let rest = value >> 7n; rest > 0n; rest = (rest - 1n) >> 7n) bytes++;
  return bytes;
}

/** Source: fluxd src/compressor.cpp CTxOutCompressor::CompressAmount. */
function compressAmount(satoshi: bigint): bigint {
  if (satoshi === 0n) return 0n;
  let [amount, exponent] = [satoshi, 0n];
  while (amount % 10n === 0n && exponent < 9n) {
    amount /= 10n;
    exponent++;
  }
  if (exponent === 9n) return 1n + (amount - 1n) * 10n + 9n;
  return 1n + ((amount / 10n) * 9n + (amount % 10n) - 1n) * 10n + exponent;
}

/** Scripts of these forms are kept as a byte and a hash or an X coordinate. Source: fluxd src/compressor.cpp CScriptCompressor. */
const SPECIAL_SCRIPTS = 6;

function scriptBytes(script: Uint8Array): number {
  const template = matchTemplate(script);
  if (template?.type === "scriptHash") return 21;
  if (template?.type === "keyHash" && script.length === 25) return 21;
  if (template?.type === "publicKey" && publicKeySize(template.publicKey[0]) === template.publicKey.length) {
    const first = template.publicKey[0]!;
    if (first <= 4) return 33; // hybrid keys are kept in full
  }
  return varIntBytes(BigInt(script.length + SPECIAL_SCRIPTS)) + script.length;
}

/** Of outputs in ascending order. Source: fluxd src/coins.h CCoins::Serialize, CalcMaskSize. */
export function storedCoinsBytes(
  outputs: readonly (readonly [index: number, coin: Coin])[],
  version: number,
): number {
  const indices = new Set(outputs.map(([index]) => index));
  const [first, second] = [indices.has(0), indices.has(1)];
  // A bit each from the third output on; bytes without a bit are not counted in the code, those before the last are kept.
  const masks = new Set([...indices].filter((index) => index >= 2).map((index) => (index - 2) >> 3));
  const maskBytes = masks.size === 0 ? 0 : Math.max(...masks) + 1;
  const { height, coinbase } = outputs[0]![1];
  const code =
    8n * BigInt(masks.size - (first || second ? 0 : 1)) +
    (coinbase ? 1n : 0n) +
    (first ? 2n : 0n) +
    (second ? 4n : 0n);
  let bytes = varIntBytes(BigInt(version)) + varIntBytes(code) + maskBytes + varIntBytes(BigInt(height));
  for (const [, { value, scriptPubKey }] of outputs) {
    bytes += varIntBytes(compressAmount(value)) + scriptBytes(scriptPubKey);
  }
  return bytes;
}
