import {
  type Block,
  branchIdAt,
  type Coin,
  type Params,
  type PoolEntry,
  type StateView,
  type Transaction,
  TxPool,
  transactionSize,
  txid,
} from "@fluxlab/core";
import { inputValue } from "../../core/src/mempool/feeRules.ts";
import { priorityAt } from "../../core/src/mempool/priority.ts";
import { transactionValueOut } from "../../core/src/rules/inputRules.ts";

// Pools put together by hand, for tests of what is made from pools.

/** What the pool would know of `tx`, had it judged it on `state`. */
function entryOf(tx: Transaction, pool: TxPool, state: StateView, params: Params): PoolEntry {
  const common = {
    tx,
    txid: txid(tx),
    bytes: transactionSize(tx),
    time: 0,
    height: state.height,
    branchId: branchIdAt(params.upgrades, state.height + 1),
  };
  if (tx.kind !== "ordinary") return { ...common, fee: 0n, valueIn: 0n, priority: 0, spendsCoinbase: false };
  const spent = tx.inputs.map(({ prevout }): Coin => {
    const coin = pool.coin(prevout, state);
    if (coin === undefined) throw new Error("the pool spends coins that exist");
    return coin;
  });
  const valueIn = inputValue(tx, spent);
  return {
    ...common,
    valueIn,
    fee: valueIn - transactionValueOut(tx),
    priority: priorityAt(tx, spent, state.height, common.bytes),
    spendsCoinbase: spent.some(({ coinbase }) => coinbase),
  };
}

/** A pool on `state` of these transactions, parents first. */
export function poolOf(transactions: readonly Transaction[], state: StateView, params: Params): TxPool {
  const pool = new TxPool();
  for (const tx of transactions) pool.add(entryOf(tx, pool, state, params));
  return pool;
}

/** What of a block had been in a pool. */
export const poolOfBlock = ({ transactions }: Block, state: StateView, params: Params): TxPool =>
  poolOf(transactions.slice(1), state, params);
