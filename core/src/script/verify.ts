import type { SignatureChecker } from "./checker.ts";
import { SCRIPT_FLAG, type ScriptFlags } from "./flags.ts";
import { isPushOnly } from "./instructions.ts";
import { evalScript, isTrue } from "./interpreter.ts";
import type { ScriptError } from "./scriptError.ts";
import { isPayToScriptHash } from "./standard.ts";

/**
 * Whether `scriptSig` satisfies `scriptPubKey`: undefined if so, else why not.
 * Source: fluxd src/script/interpreter.cpp VerifyScript.
 */
export function verifyScript(
  scriptSig: Uint8Array,
  scriptPubKey: Uint8Array,
  flags: ScriptFlags,
  checker: SignatureChecker,
): ScriptError | undefined {
  if ((flags & SCRIPT_FLAG.SIGPUSHONLY) !== 0 && !isPushOnly(scriptSig)) return "sigPushOnly";
  const stack: Uint8Array[] = [];
  const signError = evalScript(stack, scriptSig, flags, checker);
  if (signError !== undefined) return signError;

  const p2sh = (flags & SCRIPT_FLAG.P2SH) !== 0 && isPayToScriptHash(scriptPubKey);
  const afterScriptSig = p2sh ? stack.slice() : [];
  const error = evalScript(stack, scriptPubKey, flags, checker) ?? endError(stack);
  if (error !== undefined) return error;
  if (!p2sh) return cleanStackError(stack, flags);

  if (!isPushOnly(scriptSig)) return "sigPushOnly";
  const redeemScript = afterScriptSig.pop()!; // it hashed to what scriptPubKey asked for, so it was there
  const redeemError = evalScript(afterScriptSig, redeemScript, flags, checker) ?? endError(afterScriptSig);
  return redeemError ?? cleanStackError(afterScriptSig, flags);
}

/** A script succeeds if it leaves a true element on top. */
function endError(stack: readonly Uint8Array[]): ScriptError | undefined {
  const top = stack.at(-1);
  return top !== undefined && isTrue(top) ? undefined : "evalFalse";
}

const cleanStackError = (stack: readonly Uint8Array[], flags: ScriptFlags): ScriptError | undefined =>
  (flags & SCRIPT_FLAG.CLEANSTACK) !== 0 && stack.length !== 1 ? "cleanStack" : undefined;
