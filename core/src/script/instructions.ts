import { OP } from "./opcodes.ts";
import { encodeScriptNumber } from "./scriptNumber.ts";

// A script is a sequence of instructions: an opcode and, for pushes, data. Source: fluxd src/script/script.h CScript.

const NO_BYTES = new Uint8Array(0);

/**
 * Walks over a script. One object serves a whole walk: {@link next} moves it to the next instruction and says whether
 * there was one; where a push runs past the end it says no and sets {@link malformed}.
 * Source: fluxd src/script/script.h CScript::GetOp.
 */
export class ScriptCursor {
  opcode: number;
  /** What a push pushes, as a view of the script; empty for other opcodes. */
  data: Uint8Array;
  malformed: boolean;
  /** Where the next instruction begins. */
  offset: number;
  readonly #script: Uint8Array;

  constructor(script: Uint8Array) {
    this.opcode = 0;
    this.data = NO_BYTES;
    this.malformed = false;
    this.offset = 0;
    this.#script = script;
  }

  /** Moves to the next instruction; false where there is none. */
  next(): boolean {
    const script = this.#script;
    if (this.malformed || this.offset >= script.length) return false;
    const opcode = script[this.offset]!;
    this.opcode = opcode;
    this.offset += 1;
    if (opcode > OP.PUSHDATA4) {
      this.data = NO_BYTES;
      return true;
    }
    let length = opcode;
    if (opcode >= OP.PUSHDATA1) {
      const width = 1 << (opcode - OP.PUSHDATA1);
      length = this.#length(width);
      this.offset += width;
    }
    const end = this.offset + length;
    if (end > script.length) {
      this.malformed = true;
      return false;
    }
    this.data = script.subarray(this.offset, end);
    this.offset = end;
    return true;
  }

  /** The little-endian length after a PUSHDATA; past any end if the script stops inside it. */
  #length(width: number): number {
    if (this.offset + width > this.#script.length) return Number.POSITIVE_INFINITY;
    let length = 0;
    for (let i = width - 1; i >= 0; i--) length = length * 256 + this.#script[this.offset + i]!;
    return length;
  }
}

/** Whether the script is well-formed and only pushes; OP_RESERVED counts as a push. Source: fluxd src/script/script.cpp CScript::IsPushOnly. */
export function isPushOnly(script: Uint8Array): boolean {
  const cursor = new ScriptCursor(script);
  while (cursor.next()) if (cursor.opcode > OP.SIXTEEN) return false;
  return !cursor.malformed;
}

/** One element of a script being put together: an opcode, or data to push. */
export type ScriptPart = number | Uint8Array;

/** A script of opcodes and pushes; data is pushed in the shortest direct form. Source: fluxd src/script/script.h CScript operator<<. */
export function buildScript(...parts: readonly ScriptPart[]): Uint8Array {
  const bytes: number[] = [];
  for (const part of parts) {
    if (typeof part === "number") bytes.push(part);
    else bytes.push(...pushPrefix(part.length), ...part);
  }
  return Uint8Array.from(bytes);
}

/** The bytes before `length` bytes of data. */
function pushPrefix(length: number): number[] {
  if (length < OP.PUSHDATA1) return [length];
  if (length <= 0xff) return [OP.PUSHDATA1, length];
  if (length <= 0xffff) return [OP.PUSHDATA2, length & 0xff, length >> 8];
  return [OP.PUSHDATA4, length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, length >>> 24];
}

/** What puts `value` on the stack in the fewest bytes: an opcode for -1..16, a push otherwise. */
export function numberPart(value: number): ScriptPart {
  if (value === 0) return OP.ZERO;
  if (value === -1 || (value >= 1 && value <= 16)) return OP.ONE + value - 1;
  return encodeScriptNumber(value);
}

/**
 * Whether a push of `data` used the shortest way to do so.
 * Source: fluxd src/script/interpreter.cpp CheckMinimalPush.
 */
export function isMinimalPush(data: Uint8Array, opcode: number): boolean {
  const { length } = data;
  if (length === 0) return opcode === OP.ZERO;
  const first = data[0]!;
  if (length === 1 && first >= 1 && first <= 16) return opcode === OP.ONE + first - 1;
  if (length === 1 && first === 0x81) return opcode === OP.NEGATE_ONE;
  if (length < OP.PUSHDATA1) return opcode === length;
  if (length <= 0xff) return opcode === OP.PUSHDATA1;
  return length > 0xffff || opcode === OP.PUSHDATA2;
}
