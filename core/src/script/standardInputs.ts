import { isCoinbase, type OrdinaryTransaction, type TxOutput } from "../primitives/transaction.ts";
import type { SignatureChecker } from "./checker.ts";
import { evalScript } from "./interpreter.ts";
import { scriptSigops } from "./sigops.ts";
import { matchTemplate, type ScriptTemplate } from "./standard.ts";

// Which spends a node relays: the pool's guard against scripts that are costly to run. Never a verdict on a block.
// Source: fluxd src/main.cpp AreInputsStandard, src/script/standard.cpp ScriptSigArgsExpected.

/** Signature checks that a redeem script of no template may have. */
const MAX_REDEEM_SCRIPT_SIGOPS = 15;

/** A scriptSig that only pushes asks nothing of the transaction. */
const NO_CHECKER: SignatureChecker = { checkSignature: () => false, checkLockTime: () => false };

/** Elements a scriptSig must leave for a template, undefined for one that cannot be spent. */
function elementsExpected(template: ScriptTemplate): number | undefined {
  switch (template.type) {
    case "publicKey":
    case "scriptHash":
      return 1;
    case "keyHash":
      return 2;
    case "multisig":
      return template.required + 1;
    case "nullData":
      return undefined;
  }
}

/** Whether every input of `tx` spends, in the usual form, an output of a known form; `spent` holds those outputs. */
export function inputsStandard(tx: OrdinaryTransaction, spent: readonly TxOutput[]): boolean {
  if (isCoinbase(tx)) return true;
  for (const [i, { scriptSig }] of tx.inputs.entries()) {
    const template = matchTemplate(spent[i]!.scriptPubKey);
    let expected = template && elementsExpected(template);
    const stack: Uint8Array[] = [];
    if (expected === undefined || evalScript(stack, scriptSig, 0, NO_CHECKER) !== undefined) return false;
    if (template?.type === "scriptHash") {
      const redeemScript = stack.at(-1);
      if (redeemScript === undefined) return false;
      const redeemTemplate = matchTemplate(redeemScript);
      // Here fluxd answers for the whole transaction: inputs after this one are not looked at.
      if (redeemTemplate === undefined) return scriptSigops(redeemScript, true) <= MAX_REDEEM_SCRIPT_SIGOPS;
      const redeemExpected = elementsExpected(redeemTemplate);
      if (redeemExpected === undefined) return false;
      expected += redeemExpected;
    }
    if (stack.length !== expected) return false;
  }
  return true;
}
