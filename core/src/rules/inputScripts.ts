import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import { branchIdAt } from "../params/upgrades.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { BLOCK_SCRIPT_FLAGS, MANDATORY_SCRIPT_FLAGS } from "../script/flags.ts";
import { SCRIPT_ERROR_TEXT } from "../script/scriptError.ts";
import { SignatureHasher } from "../script/sighash.ts";
import { verifyInput } from "../script/verifyInput.ts";
import type { Coin } from "./coin.ts";
import { DETAIL, type Violation, violation } from "./violation.ts";

/**
 * The first input of `tx` that may not spend its coin in block `height`. fluxd gives these reasons when it checks scripts in
 * one thread, and none when it uses several. Source: fluxd src/main.cpp ContextualCheckInputs.
 */
export function checkInputScripts(
  tx: OrdinaryTransaction,
  spent: readonly Coin[],
  height: number,
  params: Params,
  ecdsa: EcdsaBackend,
): Violation | undefined {
  const hasher = new SignatureHasher(tx, branchIdAt(params.upgrades, height));
  for (const [input, coin] of spent.entries()) {
    const error = verifyInput(hasher, input, coin, BLOCK_SCRIPT_FLAGS, ecdsa);
    if (error === undefined) continue;
    // What only the newer rules refuse is not held against the peer that sent it.
    const mandatory = verifyInput(hasher, input, coin, MANDATORY_SCRIPT_FLAGS, ecdsa) !== undefined;
    const rule = mandatory ? "mandatory-script-verify-flag-failed" : "non-mandatory-script-verify-flag";
    return violation(rule, { input, [DETAIL]: SCRIPT_ERROR_TEXT[error] });
  }
  return undefined;
}
