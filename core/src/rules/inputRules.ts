import type { Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";
import { joinSplitVpubNew, joinSplitVpubOld } from "../primitives/shielded.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { type Coin, inMoneyRange } from "./coin.ts";
import { type Violation, violation } from "./violation.ts";

// What the coins that a transaction spends must satisfy, scripts aside. Source: fluxd src/main.cpp Consensus::CheckTxInputs.

/**
 * The fee of `tx` in satoshi, or the first rule it breaks in block `height`; `spent` holds the coin of each input. fluxd's
 * "bad-txns-fee-negative" and "bad-txns-fee-outofrange" cannot follow: both sides of the difference are in range by then.
 */
export function transactionFee(
  tx: OrdinaryTransaction,
  spent: readonly Coin[],
  height: number,
  params: Params,
): bigint | Violation {
  let valueIn = 0n;
  for (const [input, coin] of spent.entries()) {
    const broken = coin.coinbase ? checkCoinbaseSpend(tx, coin, height, params) : undefined;
    if (broken !== undefined) return broken;
    valueIn += coin.value;
    if (!inMoneyRange(coin.value) || !inMoneyRange(valueIn)) {
      return violation("bad-txns-inputvalues-outofrange", { input, valueIn });
    }
  }
  valueIn += shieldedValueIn(tx);
  if (!inMoneyRange(valueIn)) return violation("bad-txns-inputvalues-outofrange", { valueIn });
  const valueOut = transactionValueOut(tx);
  return valueIn >= valueOut ? valueIn - valueOut : violation("bad-txns-in-belowout", { valueIn, valueOut });
}

/** A coinbase must be old enough to be spent and, before Flux, must be shielded on the networks that say so. */
function checkCoinbaseSpend(
  tx: OrdinaryTransaction,
  coin: Coin,
  height: number,
  params: Params,
): Violation | undefined {
  const depth = height - coin.height;
  if (depth < params.coinbaseMaturity) return violation("bad-txns-premature-spend-of-coinbase", { depth });
  const shieldOnly = params.coinbaseMustBeShielded && !upgradeActive(params.upgrades, "flux", height);
  return shieldOnly && tx.outputs.length > 0
    ? violation("bad-txns-coinbase-spend-has-transparent-outputs", { height })
    : undefined;
}

/** What leaves both shielded pools for the transparent side. Source: fluxd CTransaction::GetShieldedValueIn. */
export function shieldedValueIn({ shielded }: OrdinaryTransaction): bigint {
  let value = shielded.valueBalance > 0n ? shielded.valueBalance : 0n;
  for (const joinSplit of shielded.joinSplits) value += joinSplitVpubNew(joinSplit);
  return value;
}

/** What enters both shielded pools. */
export function shieldedValueOut({ shielded }: OrdinaryTransaction): bigint {
  let value = shielded.valueBalance < 0n ? -shielded.valueBalance : 0n;
  for (const joinSplit of shielded.joinSplits) value += joinSplitVpubOld(joinSplit);
  return value;
}

/** Transparent outputs and what enters both shielded pools. Source: fluxd CTransaction::GetValueOut. */
export function transactionValueOut(tx: OrdinaryTransaction): bigint {
  let value = shieldedValueOut(tx);
  for (const output of tx.outputs) value += output.value;
  return value;
}
