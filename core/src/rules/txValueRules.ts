import { MAX_MONEY } from "../primitives/money.ts";
import { joinSplitVpubNew, joinSplitVpubOld, type ShieldedPart } from "../primitives/shielded.ts";
import type { OrdinaryTransaction, TxOutput } from "../primitives/transaction.ts";
import { inMoneyRange } from "./coin.ts";
import { type Violation, violation } from "./violation.ts";

// Amounts of one transaction, before its inputs are known. Every value and every running sum lies in 0..MAX_MONEY.
// Source: fluxd src/main.cpp CheckTransactionWithoutProofVerification.

/** All rules of this file in fluxd's order. */
export function checkValues(tx: OrdinaryTransaction): Violation | undefined {
  const { shielded } = tx;
  const outputs = sumOutputs(tx.outputs);
  if (typeof outputs !== "bigint") return outputs;
  return checkValueBalance(shielded) ?? checkValueOut(shielded, outputs) ?? checkValueIn(shielded);
}

/** The sum of the outputs, or why it is none. */
function sumOutputs(outputs: readonly TxOutput[]): bigint | Violation {
  let total = 0n;
  for (let output = 0; output < outputs.length; output++) {
    const { value } = outputs[output]!;
    if (value < 0n) return violation("bad-txns-vout-negative", { output, value });
    if (value > MAX_MONEY) return violation("bad-txns-vout-toolarge", { output, value });
    total += value;
    if (!inMoneyRange(total)) return violation("bad-txns-txouttotal-toolarge", { output, total });
  }
  return total;
}

/** Value may only cross into or out of the Sapling pool where a spend or an output takes part. */
function checkValueBalance({ valueBalance, spends, outputs }: ShieldedPart): Violation | undefined {
  if (valueBalance === 0n) return undefined;
  if (spends.length === 0 && outputs.length === 0) {
    return violation("bad-txns-valuebalance-nonzero", { valueBalance });
  }
  if (valueBalance > MAX_MONEY || valueBalance < -MAX_MONEY) {
    return violation("bad-txns-valuebalance-toolarge", { valueBalance });
  }
  return undefined;
}

/** Transparent outputs, value into the Sapling pool and value into the Sprout pool, together. */
function checkValueOut({ valueBalance, joinSplits }: ShieldedPart, outputs: bigint): Violation | undefined {
  let total = valueBalance < 0n ? outputs - valueBalance : outputs;
  if (!inMoneyRange(total)) return violation("bad-txns-txouttotal-toolarge", { total });
  for (const [index, joinSplit] of joinSplits.entries()) {
    const vpubOld = joinSplitVpubOld(joinSplit);
    const vpubNew = joinSplitVpubNew(joinSplit);
    const facts = { joinSplit: index, vpubOld, vpubNew };
    if (vpubOld < 0n) return violation("bad-txns-vpub_old-negative", facts);
    if (vpubNew < 0n) return violation("bad-txns-vpub_new-negative", facts);
    if (vpubOld > MAX_MONEY) return violation("bad-txns-vpub_old-toolarge", facts);
    if (vpubNew > MAX_MONEY) return violation("bad-txns-vpub_new-toolarge", facts);
    if (vpubOld !== 0n && vpubNew !== 0n) return violation("bad-txns-vpubs-both-nonzero", facts);
    total += vpubOld;
    if (!inMoneyRange(total)) return violation("bad-txns-txouttotal-toolarge", { joinSplit: index, total });
  }
  return undefined;
}

/** Value out of both pools, together. */
function checkValueIn({ valueBalance, joinSplits }: ShieldedPart): Violation | undefined {
  let total = 0n;
  for (const [index, joinSplit] of joinSplits.entries()) {
    total += joinSplitVpubNew(joinSplit);
    if (!inMoneyRange(total)) return violation("bad-txns-txintotal-toolarge", { joinSplit: index, total });
  }
  if (valueBalance > 0n) total += valueBalance;
  return inMoneyRange(total) ? undefined : violation("bad-txns-txintotal-toolarge", { total });
}
