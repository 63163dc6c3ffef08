// Opcodes by number. Source: fluxd src/script/script.h opcodetype.

/** Opcodes that have a name; pushes of 1 to 75 bytes are their own length. */
export const OP = {
  ZERO: 0x00,
  PUSHDATA1: 0x4c,
  PUSHDATA2: 0x4d,
  PUSHDATA4: 0x4e,
  NEGATE_ONE: 0x4f,
  RESERVED: 0x50,
  ONE: 0x51,
  SIXTEEN: 0x60,
  NOP: 0x61,
  VER: 0x62,
  IF: 0x63,
  NOTIF: 0x64,
  VERIF: 0x65,
  VERNOTIF: 0x66,
  ELSE: 0x67,
  ENDIF: 0x68,
  VERIFY: 0x69,
  RETURN: 0x6a,
  TOALTSTACK: 0x6b,
  FROMALTSTACK: 0x6c,
  TWO_DROP: 0x6d,
  TWO_DUP: 0x6e,
  THREE_DUP: 0x6f,
  TWO_OVER: 0x70,
  TWO_ROT: 0x71,
  TWO_SWAP: 0x72,
  IFDUP: 0x73,
  DEPTH: 0x74,
  DROP: 0x75,
  DUP: 0x76,
  NIP: 0x77,
  OVER: 0x78,
  PICK: 0x79,
  ROLL: 0x7a,
  ROT: 0x7b,
  SWAP: 0x7c,
  TUCK: 0x7d,
  CAT: 0x7e,
  SUBSTR: 0x7f,
  LEFT: 0x80,
  RIGHT: 0x81,
  SIZE: 0x82,
  INVERT: 0x83,
  AND: 0x84,
  OR: 0x85,
  XOR: 0x86,
  EQUAL: 0x87,
  EQUALVERIFY: 0x88,
  RESERVED1: 0x89,
  RESERVED2: 0x8a,
  ONE_ADD: 0x8b,
  ONE_SUB: 0x8c,
  TWO_MUL: 0x8d,
  TWO_DIV: 0x8e,
  NEGATE: 0x8f,
  ABS: 0x90,
  NOT: 0x91,
  ZERO_NOT_EQUAL: 0x92,
  ADD: 0x93,
  SUB: 0x94,
  MUL: 0x95,
  DIV: 0x96,
  MOD: 0x97,
  LSHIFT: 0x98,
  RSHIFT: 0x99,
  BOOLAND: 0x9a,
  BOOLOR: 0x9b,
  NUMEQUAL: 0x9c,
  NUMEQUALVERIFY: 0x9d,
  NUMNOTEQUAL: 0x9e,
  LESSTHAN: 0x9f,
  GREATERTHAN: 0xa0,
  LESSTHANOREQUAL: 0xa1,
  GREATERTHANOREQUAL: 0xa2,
  MIN: 0xa3,
  MAX: 0xa4,
  WITHIN: 0xa5,
  RIPEMD160: 0xa6,
  SHA1: 0xa7,
  SHA256: 0xa8,
  HASH160: 0xa9,
  HASH256: 0xaa,
  CODESEPARATOR: 0xab,
  CHECKSIG: 0xac,
  CHECKSIGVERIFY: 0xad,
  CHECKMULTISIG: 0xae,
  CHECKMULTISIGVERIFY: 0xaf,
  NOP1: 0xb0,
  CHECKLOCKTIMEVERIFY: 0xb1,
  NOP3: 0xb2,
  NOP10: 0xb9,
} as const;

/** Fail a script that contains them, executed or not. Source: fluxd src/script/interpreter.cpp EvalScript. */
const DISABLED: readonly number[] = [
  OP.CAT,
  OP.SUBSTR,
  OP.LEFT,
  OP.RIGHT,
  OP.INVERT,
  OP.AND,
  OP.OR,
  OP.XOR,
  OP.TWO_MUL,
  OP.TWO_DIV,
  OP.MUL,
  OP.DIV,
  OP.MOD,
  OP.LSHIFT,
  OP.RSHIFT,
  OP.CODESEPARATOR,
];

const DISABLED_BY_CODE = Uint8Array.from({ length: 256 }, (_, opcode) => (DISABLED.includes(opcode) ? 1 : 0));

/** Whether an opcode fails a script even where it does not run. Source: fluxd src/script/interpreter.cpp EvalScript. */
export const isDisabled = (opcode: number): boolean => DISABLED_BY_CODE[opcode] === 1;

/** OP_0 and OP_1..OP_16 as numbers, undefined for any other opcode. Source: fluxd src/script/script.h DecodeOP_N. */
export function smallInteger(opcode: number): number | undefined {
  if (opcode === OP.ZERO) return 0;
  return opcode >= OP.ONE && opcode <= OP.SIXTEEN ? opcode - OP.ONE + 1 : undefined;
}

/** The opcode that pushes 0..16. */
export const smallIntegerOpcode = (value: number): number => (value === 0 ? OP.ZERO : OP.ONE + value - 1);

/** Elements an opcode needs on the stack before it looks at any; 0 where another error comes first. */
const OPERANDS = new Uint8Array(256);
for (const [count, opcodes] of [
  [1, [OP.VERIFY, OP.TOALTSTACK, OP.IFDUP, OP.DROP, OP.DUP, OP.SIZE]],
  [1, [OP.ONE_ADD, OP.ONE_SUB, OP.NEGATE, OP.ABS, OP.NOT, OP.ZERO_NOT_EQUAL]],
  [1, [OP.RIPEMD160, OP.SHA1, OP.SHA256, OP.HASH160, OP.HASH256, OP.CHECKMULTISIG, OP.CHECKMULTISIGVERIFY]],
  [2, [OP.TWO_DROP, OP.TWO_DUP, OP.NIP, OP.OVER, OP.PICK, OP.ROLL, OP.SWAP, OP.TUCK]],
  [2, [OP.EQUAL, OP.EQUALVERIFY, OP.CHECKSIG, OP.CHECKSIGVERIFY, OP.ADD, OP.SUB]],
  [2, [OP.BOOLAND, OP.BOOLOR, OP.NUMEQUAL, OP.NUMEQUALVERIFY, OP.NUMNOTEQUAL, OP.MIN, OP.MAX]],
  [2, [OP.LESSTHAN, OP.GREATERTHAN, OP.LESSTHANOREQUAL, OP.GREATERTHANOREQUAL]],
  [3, [OP.THREE_DUP, OP.ROT, OP.WITHIN]],
  [4, [OP.TWO_OVER, OP.TWO_SWAP]],
  [6, [OP.TWO_ROT]],
] as const) {
  for (const opcode of opcodes) OPERANDS[opcode] = count;
}

/** Elements an opcode needs on the stack, so far as that does not depend on them. */
export const operands = (opcode: number): number => OPERANDS[opcode]!;
