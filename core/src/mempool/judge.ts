import { branchIdAt } from "../params/upgrades.ts";
import type { FluxnodeTransaction } from "../primitives/fluxnodeTx.ts";
import type { Txid } from "../primitives/ids.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { transactionSize } from "../primitives/txid.ts";
import { transactionFee, transactionValueOut } from "../rules/inputRules.ts";
import { checkInputScripts } from "../rules/inputScripts.ts";
import { STANDARD_SCRIPT_FLAGS } from "../script/flags.ts";
import type { PoolEntry } from "./entry.ts";
import { checkFee, type FeeTerms, inputValue } from "./feeRules.ts";
import { checkCollateral, checkSpending, inputCoins, type LooseTxContext } from "./looseTxRules.ts";
import { priorityAt } from "./priority.ts";
import { broken, type Refusal } from "./refusal.ts";
import type { TxPool } from "./txPool.ts";

// The last step of acceptance: what a transaction spends, and the entry that it becomes.
// Source: fluxd src/main.cpp AcceptToMemoryPool.

/** The chain and the pool that a transaction would join. */
export interface PoolContext extends LooseTxContext {
  readonly pool: TxPool;
}

/** `tx` is valid as far as it can be seen without what it spends, and conflicts with nothing in the pool. */
export function judgePayment(
  tx: OrdinaryTransaction,
  txid: Txid,
  context: PoolContext,
  terms: FeeTerms,
): PoolEntry | Refusal {
  const { pool, tip, params, ecdsa } = context;
  const { height } = tip.state;
  const spent = inputCoins(tx, pool, tip);
  if ("kind" in spent) return spent;
  const bytes = transactionSize(tx);
  const valueIn = inputValue(tx, spent);
  const fee = valueIn - transactionValueOut(tx);
  const refusal = checkSpending(tx, spent, context) ?? checkFee({ tx, spent, bytes, fee, height }, terms);
  if (refusal !== undefined) return refusal;
  const checkedFee = transactionFee(tx, spent, height + 1, params);
  if (typeof checkedFee !== "bigint") return broken(checkedFee);
  // fluxd then runs the scripts again under fewer rules; what those refuse, these refused.
  const unsatisfied = checkInputScripts(tx, spent, height + 1, params, ecdsa, STANDARD_SCRIPT_FLAGS);
  if (unsatisfied !== undefined) return broken(unsatisfied);
  return {
    ...{ tx, txid, bytes, fee, valueIn, time: terms.now, height },
    priority: priorityAt(tx, spent, height, bytes),
    spendsCoinbase: spent.some(({ coinbase }) => coinbase),
    branchId: branchIdAt(params.upgrades, height + 1),
  };
}

/** Likewise for a FluxNode transaction, which spends nothing and pays nothing. `time`: Unix seconds. */
export function judgeFluxnodeTx(
  tx: FluxnodeTransaction,
  txid: Txid,
  context: PoolContext,
  time: number,
): PoolEntry | Refusal {
  const { pool, tip, params } = context;
  const { height } = tip.state;
  const refusal = checkCollateral(tx, pool, context);
  if (refusal !== undefined) return refusal;
  return {
    ...{ tx, txid, bytes: transactionSize(tx), fee: 0n, valueIn: 0n, time, height },
    priority: 0,
    spendsCoinbase: false,
    branchId: branchIdAt(params.upgrades, height + 1),
  };
}
