import { OP, smallInteger } from "./opcodes.ts";

// How opcodes are written. Source: fluxd src/script/script.cpp GetOpName.

/** Names that begin with a digit, which {@link OP} spells out. */
const SPELT: Readonly<Record<string, string>> = {
  TWO_DROP: "2DROP",
  TWO_DUP: "2DUP",
  THREE_DUP: "3DUP",
  TWO_OVER: "2OVER",
  TWO_ROT: "2ROT",
  TWO_SWAP: "2SWAP",
  ONE_ADD: "1ADD",
  ONE_SUB: "1SUB",
  TWO_MUL: "2MUL",
  TWO_DIV: "2DIV",
  ZERO_NOT_EQUAL: "0NOTEQUAL",
};

const UNKNOWN = "OP_UNKNOWN";
const NAMES: string[] = new Array<string>(256).fill(UNKNOWN);
for (const [key, opcode] of Object.entries(OP)) NAMES[opcode] = `OP_${SPELT[key] ?? key}`;
// CHECKLOCKTIMEVERIFY is listed under the name it had before.
for (let n = 1; n <= 10; n++) NAMES[OP.NOP1 + n - 1] = `OP_NOP${n}`;
for (let opcode = 0; opcode < 256; opcode++) {
  const value = smallInteger(opcode);
  if (value !== undefined) NAMES[opcode] = `${value}`;
}
NAMES[OP.NEGATE_ONE] = "-1";
NAMES[0xff] = "OP_INVALIDOPCODE";

/** As "OP_DUP"; the opcodes that push a small number are that number. */
export const opcodeName = (opcode: number): string => NAMES[opcode] ?? UNKNOWN;
