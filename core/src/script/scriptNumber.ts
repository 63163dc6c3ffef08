// Numbers on the script stack: little-endian magnitude, sign in the top bit of the last byte, zero is empty.
// Operands have at most 5 bytes and results one bit more than their operands, so a double holds all of them exactly.
// Source: fluxd src/script/script.h CScriptNum.

/** Longest operand; results may be longer and then fail as operands. */
export const MAX_OPERAND_BYTES = 4;

/** Longest operand of CHECKLOCKTIMEVERIFY: reaches past the year 2038 and the largest u32. */
export const MAX_LOCK_TIME_BYTES = 5;

/** The shortest form of an integer of magnitude below 2^53. */
export function encodeScriptNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  const last = bytes.length - 1;
  const sign = value < 0 ? 0x80 : 0;
  if (last >= 0 && (bytes[last]! & 0x80) !== 0) bytes.push(sign);
  else if (last >= 0) bytes[last] = bytes[last]! | sign;
  return Uint8Array.from(bytes);
}

/** Undefined if longer than `maxBytes`, or if `minimal` is asked for and the bytes are not the shortest form. */
export function decodeScriptNumber(
  bytes: Uint8Array,
  minimal: boolean,
  maxBytes = MAX_OPERAND_BYTES,
): number | undefined {
  const { length } = bytes;
  if (length > maxBytes) return undefined;
  if (length === 0) return 0;
  if (minimal && !isMinimal(bytes)) return undefined;
  const last = bytes[length - 1]!;
  let magnitude = last & 0x7f;
  for (let i = length - 2; i >= 0; i--) magnitude = magnitude * 256 + bytes[i]!;
  return (last & 0x80) !== 0 && magnitude !== 0 ? -magnitude : magnitude;
}

/** A last byte that holds nothing but a sign is needed only if the byte before it has its top bit in use. */
function isMinimal(bytes: Uint8Array): boolean {
  const last = bytes.length - 1;
  if ((bytes[last]! & 0x7f) !== 0) return true;
  return last > 0 && (bytes[last - 1]! & 0x80) !== 0;
}
