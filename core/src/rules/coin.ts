import { MAX_MONEY } from "../primitives/money.ts";
import type { TxOutput } from "../primitives/transaction.ts";

/** An output that may be spent, and where it comes from. Source: fluxd src/coins.h CCoins. */
export interface Coin extends TxOutput {
  /** Of the block that created it. */
  readonly height: number;
  readonly coinbase: boolean;
}

/** Whether `value` may be an amount or a sum of amounts. Source: fluxd src/amount.h MoneyRange. */
export const inMoneyRange = (value: bigint): boolean => value >= 0n && value <= MAX_MONEY;
