import { ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes/compare.ts";
import { hash160, sha256d } from "../bytes/hash.ts";
import { binaryResult, unaryResult } from "./arithmetic.ts";
import type { SignatureChecker } from "./checker.ts";
import { SCRIPT_FLAG, type ScriptFlags } from "./flags.ts";
import { isMinimalPush, ScriptCursor } from "./instructions.ts";
import { MAX_ELEMENT_BYTES, MAX_SCRIPT_BYTES } from "./limits.ts";
import { isDisabled, OP, operands } from "./opcodes.ts";
import type { ScriptError } from "./scriptError.ts";
import { decodeScriptNumber, encodeScriptNumber, MAX_LOCK_TIME_BYTES } from "./scriptNumber.ts";
import { publicKeyEncodingError, signatureEncodingError } from "./signatureEncoding.ts";

// The stack machine. Source: fluxd src/script/interpreter.cpp EvalScript.

/** Opcodes above OP_16 in a script, executed or not, plus the keys of executed CHECKMULTISIGs. */
const MAX_OPCODES = 201;
/** Elements on both stacks. */
const MAX_STACK_ELEMENTS = 1_000;
const MAX_MULTISIG_KEYS = 20;

const FALSE = new Uint8Array(0);
const TRUE = Uint8Array.of(1);
const truth = (value: boolean): Uint8Array => (value ? TRUE : FALSE);

/** False is empty, or zeros whose last byte may be the sign bit. Source: fluxd src/script/interpreter.cpp CastToBool. */
export function isTrue(element: Uint8Array): boolean {
  const last = element.length - 1;
  return element.some((byte, i) => byte !== 0 && !(i === last && byte === 0x80));
}

/**
 * Runs `script` on `stack`, which it changes, and says why it failed, if it did. Elements are never written to, so they
 * may be views of scripts.
 */
export function evalScript(
  stack: Uint8Array[],
  script: Uint8Array,
  flags: ScriptFlags,
  checker: SignatureChecker,
): ScriptError | undefined {
  return new Evaluation(stack, script, flags, checker).run();
}

/** One run of one script. A step returns why it fails, or undefined. */
class Evaluation {
  readonly #stack: Uint8Array[];
  readonly #altStack: Uint8Array[];
  /** For each open IF whether its current branch runs. */
  readonly #branches: boolean[];
  readonly #script: Uint8Array;
  readonly #flags: ScriptFlags;
  readonly #minimal: boolean;
  readonly #checker: SignatureChecker;
  #opcodes: number;

  constructor(stack: Uint8Array[], script: Uint8Array, flags: ScriptFlags, checker: SignatureChecker) {
    this.#stack = stack;
    this.#altStack = [];
    this.#branches = [];
    this.#script = script;
    this.#flags = flags;
    this.#minimal = (flags & SCRIPT_FLAG.MINIMALDATA) !== 0;
    this.#checker = checker;
    this.#opcodes = 0;
  }

  run(): ScriptError | undefined {
    if (this.#script.length > MAX_SCRIPT_BYTES) return "scriptSize";
    const cursor = new ScriptCursor(this.#script);
    while (cursor.next()) {
      const error = this.#step(cursor.opcode, cursor.data);
      if (error !== undefined) return error;
      if (this.#stack.length + this.#altStack.length > MAX_STACK_ELEMENTS) return "stackSize";
    }
    if (cursor.malformed) return "badOpcode";
    return this.#branches.length === 0 ? undefined : "unbalancedConditional";
  }

  #step(opcode: number, data: Uint8Array): ScriptError | undefined {
    if (data.length > MAX_ELEMENT_BYTES) return "pushSize";
    if (opcode > OP.SIXTEEN && ++this.#opcodes > MAX_OPCODES) return "opCount";
    if (isDisabled(opcode)) return "disabledOpcode";
    const runs = !this.#branches.includes(false);
    if (opcode >= OP.IF && opcode <= OP.ENDIF) return this.#conditional(opcode, runs);
    if (!runs) return undefined;
    if (opcode <= OP.PUSHDATA4) {
      if (this.#minimal && !isMinimalPush(data, opcode)) return "minimalData";
      this.#stack.push(data);
      return undefined;
    }
    return this.#execute(opcode);
  }

  #conditional(opcode: number, runs: boolean): ScriptError | undefined {
    const branches = this.#branches;
    switch (opcode) {
      case OP.IF:
      case OP.NOTIF: {
        if (!runs) {
          branches.push(false);
          return undefined;
        }
        const condition = this.#stack.pop();
        if (condition === undefined) return "unbalancedConditional";
        branches.push(isTrue(condition) === (opcode === OP.IF));
        return undefined;
      }
      case OP.ELSE: {
        const branch = branches.pop();
        if (branch === undefined) return "unbalancedConditional";
        branches.push(!branch);
        return undefined;
      }
      case OP.ENDIF:
        return branches.pop() === undefined ? "unbalancedConditional" : undefined;
      default:
        return "badOpcode"; // VERIF, VERNOTIF: even where they do not run
    }
  }

  #execute(opcode: number): ScriptError | undefined {
    const stack = this.#stack;
    const size = stack.length;
    if (size < operands(opcode)) return "invalidStackOperation";
    switch (opcode) {
      case OP.NOP:
        return undefined;
      case OP.CHECKLOCKTIMEVERIFY:
        return this.#checkLockTime();
      case OP.VERIFY:
        if (!isTrue(stack[size - 1]!)) return "verify";
        stack.length = size - 1;
        return undefined;
      case OP.RETURN:
        return "opReturn";
      case OP.TOALTSTACK:
        this.#altStack.push(stack.pop()!);
        return undefined;
      case OP.FROMALTSTACK: {
        const element = this.#altStack.pop();
        if (element === undefined) return "invalidAltStackOperation";
        stack.push(element);
        return undefined;
      }
      case OP.TWO_DROP:
        stack.length = size - 2;
        return undefined;
      case OP.TWO_DUP:
        stack.push(stack[size - 2]!, stack[size - 1]!);
        return undefined;
      case OP.THREE_DUP:
        stack.push(stack[size - 3]!, stack[size - 2]!, stack[size - 1]!);
        return undefined;
      case OP.TWO_OVER:
        stack.push(stack[size - 4]!, stack[size - 3]!);
        return undefined;
      case OP.TWO_ROT:
        stack.push(...stack.splice(size - 6, 2));
        return undefined;
      case OP.TWO_SWAP:
        stack.push(...stack.splice(size - 4, 2));
        return undefined;
      case OP.IFDUP:
        if (isTrue(stack[size - 1]!)) stack.push(stack[size - 1]!);
        return undefined;
      case OP.DEPTH:
        stack.push(encodeScriptNumber(size));
        return undefined;
      case OP.DROP:
        stack.length = size - 1;
        return undefined;
      case OP.DUP:
        stack.push(stack[size - 1]!);
        return undefined;
      case OP.NIP:
        stack.splice(size - 2, 1);
        return undefined;
      case OP.OVER:
        stack.push(stack[size - 2]!);
        return undefined;
      case OP.PICK:
      case OP.ROLL:
        return this.#pickOrRoll(opcode);
      case OP.ROT:
        stack.push(...stack.splice(size - 3, 1));
        return undefined;
      case OP.SWAP:
        stack.push(...stack.splice(size - 2, 1));
        return undefined;
      case OP.TUCK:
        stack.splice(size - 2, 0, stack[size - 1]!);
        return undefined;
      case OP.SIZE:
        stack.push(encodeScriptNumber(stack[size - 1]!.length));
        return undefined;
      case OP.EQUAL:
      case OP.EQUALVERIFY: {
        const equal = equalBytes(stack.pop()!, stack.pop()!);
        return this.#pushOrVerify(equal, opcode === OP.EQUALVERIFY, "equalVerify");
      }
      case OP.WITHIN:
        return this.#within();
      case OP.RIPEMD160:
        stack.push(ripemd160(stack.pop()!));
        return undefined;
      case OP.SHA1:
        stack.push(sha1(stack.pop()!));
        return undefined;
      case OP.SHA256:
        stack.push(sha256(stack.pop()!));
        return undefined;
      case OP.HASH160:
        stack.push(hash160(stack.pop()!));
        return undefined;
      case OP.HASH256:
        stack.push(sha256d(stack.pop()!));
        return undefined;
      case OP.CHECKSIG:
      case OP.CHECKSIGVERIFY:
        return this.#checkSignature(opcode);
      case OP.CHECKMULTISIG:
      case OP.CHECKMULTISIGVERIFY:
        return this.#checkMultisig(opcode);
      default:
        return this.#executeRange(opcode);
    }
  }

  /** Opcodes that come in runs of like kind. */
  #executeRange(opcode: number): ScriptError | undefined {
    if (opcode === OP.NEGATE_ONE || (opcode >= OP.ONE && opcode <= OP.SIXTEEN)) {
      this.#stack.push(encodeScriptNumber(opcode - OP.ONE + 1));
      return undefined;
    }
    if (opcode >= OP.ONE_ADD && opcode <= OP.ZERO_NOT_EQUAL) return this.#unary(opcode);
    if (opcode >= OP.ADD && opcode <= OP.MAX) return this.#binary(opcode);
    if (opcode >= OP.NOP1 && opcode <= OP.NOP10) return this.#upgradableNop();
    return "badOpcode";
  }

  #upgradableNop(): ScriptError | undefined {
    const discouraged = (this.#flags & SCRIPT_FLAG.DISCOURAGE_UPGRADABLE_NOPS) !== 0;
    return discouraged ? "discourageUpgradableNops" : undefined;
  }

  /** The operand stays. Source: fluxd src/script/interpreter.cpp, OP_CHECKLOCKTIMEVERIFY. */
  #checkLockTime(): ScriptError | undefined {
    if ((this.#flags & SCRIPT_FLAG.CHECKLOCKTIMEVERIFY) === 0) return this.#upgradableNop();
    const top = this.#stack.at(-1);
    if (top === undefined) return "invalidStackOperation";
    const lockTime = decodeScriptNumber(top, this.#minimal, MAX_LOCK_TIME_BYTES);
    if (lockTime === undefined) return "unknown";
    if (lockTime < 0) return "negativeLockTime";
    return this.#checker.checkLockTime(lockTime) ? undefined : "unsatisfiedLockTime";
  }

  /** Removes the top element and reads it as an operand; undefined if it is no number. */
  #popNumber(): number | undefined {
    return decodeScriptNumber(this.#stack.pop()!, this.#minimal);
  }

  #pushOrVerify(result: boolean, verify: boolean, error: ScriptError): ScriptError | undefined {
    if (!verify) this.#stack.push(truth(result));
    else if (!result) return error;
    return undefined;
  }

  #pickOrRoll(opcode: number): ScriptError | undefined {
    const stack = this.#stack;
    const depth = this.#popNumber();
    if (depth === undefined) return "unknown";
    if (depth < 0 || depth >= stack.length) return "invalidStackOperation";
    const at = stack.length - 1 - depth;
    const element = stack[at]!;
    if (opcode === OP.ROLL) stack.splice(at, 1);
    stack.push(element);
    return undefined;
  }

  #unary(opcode: number): ScriptError | undefined {
    const a = this.#popNumber();
    if (a === undefined) return "unknown";
    const result = unaryResult(opcode, a);
    if (result === undefined) return "badOpcode";
    this.#stack.push(encodeScriptNumber(result));
    return undefined;
  }

  #binary(opcode: number): ScriptError | undefined {
    const b = this.#popNumber();
    const a = this.#popNumber();
    if (a === undefined || b === undefined) return "unknown";
    if (opcode === OP.NUMEQUALVERIFY) return a === b ? undefined : "numEqualVerify";
    const result = binaryResult(opcode, a, b);
    if (result === undefined) return "badOpcode";
    this.#stack.push(encodeScriptNumber(Number(result)));
    return undefined;
  }

  #within(): ScriptError | undefined {
    const max = this.#popNumber();
    const min = this.#popNumber();
    const x = this.#popNumber();
    if (x === undefined || min === undefined || max === undefined) return "unknown";
    this.#stack.push(truth(min <= x && x < max));
    return undefined;
  }

  #checkSignature(opcode: number): ScriptError | undefined {
    const publicKey = this.#stack.pop()!;
    const signature = this.#stack.pop()!;
    const error = this.#encodingError(signature, publicKey);
    if (error !== undefined) return error;
    const valid = this.#checker.checkSignature(signature, publicKey, this.#script);
    return this.#pushOrVerify(valid, opcode === OP.CHECKSIGVERIFY, "checkSigVerify");
  }

  #encodingError(signature: Uint8Array, publicKey: Uint8Array): ScriptError | undefined {
    return signatureEncodingError(signature, this.#flags) ?? publicKeyEncodingError(publicKey, this.#flags);
  }

  /**
   * From the top: key count, keys, signature count, signatures, one element that is dropped. Signatures must be in the order
   * of their keys; only those that matching reaches are looked at.
   */
  #checkMultisig(opcode: number): ScriptError | undefined {
    const stack = this.#stack;
    const keyCount = this.#popNumber();
    if (keyCount === undefined) return "unknown";
    if (keyCount < 0 || keyCount > MAX_MULTISIG_KEYS) return "pubkeyCount";
    this.#opcodes += keyCount;
    if (this.#opcodes > MAX_OPCODES) return "opCount";
    if (stack.length < keyCount + 1) return "invalidStackOperation";
    const keys = stack.splice(stack.length - keyCount);
    const signatureCount = this.#popNumber();
    if (signatureCount === undefined) return "unknown";
    if (signatureCount < 0 || signatureCount > keyCount) return "sigCount";
    if (stack.length < signatureCount + 1) return "invalidStackOperation";
    const signatures = stack.splice(stack.length - signatureCount);

    while (signatures.length > 0 && signatures.length <= keys.length) {
      const signature = signatures.at(-1)!;
      const publicKey = keys.pop()!;
      const error = this.#encodingError(signature, publicKey);
      if (error !== undefined) return error;
      if (this.#checker.checkSignature(signature, publicKey, this.#script)) signatures.pop();
    }

    const dropped = stack.pop()!;
    if ((this.#flags & SCRIPT_FLAG.NULLDUMMY) !== 0 && dropped.length > 0) return "sigNullDummy";
    const valid = signatures.length === 0;
    return this.#pushOrVerify(valid, opcode === OP.CHECKMULTISIGVERIFY, "checkMultisigVerify");
  }
}
