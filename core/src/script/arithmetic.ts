import { OP } from "./opcodes.ts";

// Arithmetic and comparison opcodes on operands of at most 32 bits; results are exact. Source: fluxd src/script/interpreter.cpp.

/** Undefined if `opcode` is none of this kind. */
export function unaryResult(opcode: number, a: number): number | undefined {
  switch (opcode) {
    case OP.ONE_ADD:
      return a + 1;
    case OP.ONE_SUB:
      return a - 1;
    case OP.NEGATE:
      return -a;
    case OP.ABS:
      return Math.abs(a);
    case OP.NOT:
      return Number(a === 0);
    case OP.ZERO_NOT_EQUAL:
      return Number(a !== 0);
    default:
      return undefined;
  }
}

/** Undefined if `opcode` is none of this kind. */
export function binaryResult(opcode: number, a: number, b: number): number | boolean | undefined {
  switch (opcode) {
    case OP.ADD:
      return a + b;
    case OP.SUB:
      return a - b;
    case OP.BOOLAND:
      return a !== 0 && b !== 0;
    case OP.BOOLOR:
      return a !== 0 || b !== 0;
    case OP.NUMEQUAL:
      return a === b;
    case OP.NUMNOTEQUAL:
      return a !== b;
    case OP.LESSTHAN:
      return a < b;
    case OP.GREATERTHAN:
      return a > b;
    case OP.LESSTHANOREQUAL:
      return a <= b;
    case OP.GREATERTHANOREQUAL:
      return a >= b;
    case OP.MIN:
      return Math.min(a, b);
    case OP.MAX:
      return Math.max(a, b);
    default:
      return undefined;
  }
}
