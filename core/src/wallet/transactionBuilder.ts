import type { Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";
import { NOTHING_SHIELDED } from "../primitives/shielded.ts";
import {
  FINAL_SEQUENCE,
  type OrdinaryTransaction,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  type TxOutput,
} from "../primitives/transaction.ts";
import { transactionSize } from "../primitives/txid.ts";
import { dustThreshold, isDust } from "../rules/policy.ts";
import { assert } from "../util/assert.ts";
import { selectCoins } from "./coinSelection.ts";
import { inputBytesMax, type SpendableCoin } from "./spendableCoin.ts";

/** Satoshi per 1,000 bytes that wallets pay at least. Source: fluxd src/wallet/wallet.h DEFAULT_TRANSACTION_MINFEE. */
export const DEFAULT_FEE_RATE = 1_000n;

/** Blocks for which a new transaction stays valid. Source: fluxd src/main.h DEFAULT_TX_EXPIRY_DELTA. */
export const DEFAULT_EXPIRY_DELTA = 20;

/** Sequence of an input that makes the transaction heed its lock time. */
const LOCK_TIME_SEQUENCE = FINAL_SEQUENCE - 1;

/** What a transaction is to do. */
export interface PaymentPlan {
  /** Height of the block it is made for: decides its format. */
  readonly height: number;
  readonly payments: readonly TxOutput[];
  /** What may be spent. */
  readonly coins: readonly SpendableCoin[];
  /** Where change goes. */
  readonly changeScript: Uint8Array;
  /** Satoshi per 1,000 bytes; {@link DEFAULT_FEE_RATE} unless said. */
  readonly feeRate?: bigint;
  /** 0 unless said. */
  readonly lockTime?: number;
  /** Last height that may contain it, 0 for no limit; {@link DEFAULT_EXPIRY_DELTA} blocks from `height` unless said. */
  readonly expiryHeight?: number;
}

/** An unsigned transaction and what it spends. */
export interface PlannedTransaction {
  readonly kind: "planned";
  readonly tx: OrdinaryTransaction;
  /** The coin of each input. */
  readonly coins: readonly SpendableCoin[];
  readonly fee: bigint;
  /** 0 if there is no change output; else it is the last output. */
  readonly change: bigint;
}

/** Why a plan cannot be carried out. */
export type PlanFailure =
  | { readonly kind: "nothingToPay" }
  /** The pool would not relay an output this small. */
  | { readonly kind: "dustPayment"; readonly payment: number; readonly valueMin: bigint }
  /** All coins that this wallet can spend, and that are worth spending, do not cover payments and fee. */
  | { readonly kind: "insufficientFunds"; readonly available: bigint; readonly target: bigint };

/** Chooses coins, adds change and puts the transaction together. */
export function planTransaction(plan: PaymentPlan, params: Params): PlannedTransaction | PlanFailure {
  const { payments, coins, changeScript, feeRate = DEFAULT_FEE_RATE } = plan;
  if (payments.length === 0) return { kind: "nothingToPay" };
  const dust = payments.findIndex(isDust);
  if (dust >= 0) {
    return { kind: "dustPayment", payment: dust, valueMin: dustThreshold(payments[dust]!.scriptPubKey) };
  }
  const empty = emptyTransaction(plan, params);
  const target = payments.reduce((sum, { value }) => sum + value, 0n);
  const bytes = transactionSize({ ...empty, outputs: payments });
  const bytesWithChange = transactionSize({
    ...empty,
    outputs: [...payments, { value: 0n, scriptPubKey: changeScript }],
  });
  const selection = selectCoins({
    coins,
    target,
    feeRate,
    // The count of no inputs takes one byte, which coin selection counts itself.
    fixedBytes: bytes - 1,
    changeBytes: bytesWithChange - bytes,
    changeMin: dustThreshold(changeScript),
  });
  if (selection === undefined) return { kind: "insufficientFunds", available: spendable(coins), target };

  const change = { value: selection.change, scriptPubKey: changeScript };
  const sequence = empty.lockTime === 0 ? FINAL_SEQUENCE : LOCK_TIME_SEQUENCE;
  const tx: OrdinaryTransaction = {
    ...empty,
    inputs: selection.coins.map(({ outpoint }) => ({
      prevout: outpoint,
      scriptSig: new Uint8Array(0),
      sequence,
    })),
    outputs: selection.change > 0n ? [...payments, change] : payments,
  };
  const spent = selection.coins.reduce((sum, { output }) => sum + output.value, 0n);
  assert(spent === target + selection.fee + selection.change, "what goes in comes out or is the fee");
  return { kind: "planned", tx, coins: selection.coins, fee: selection.fee, change: selection.change };
}

/** In the format of its height, without inputs and outputs. */
function emptyTransaction(plan: PaymentPlan, params: Params): OrdinaryTransaction {
  const { height, lockTime = 0, expiryHeight = height + DEFAULT_EXPIRY_DELTA } = plan;
  const sapling = upgradeActive(params.upgrades, "acadia", height);
  return {
    kind: "ordinary",
    overwintered: sapling,
    version: sapling ? SAPLING_VERSION : 1,
    versionGroupId: sapling ? SAPLING_GROUP_ID : 0,
    inputs: [],
    outputs: [],
    lockTime,
    expiryHeight: sapling ? expiryHeight : 0,
    shielded: NOTHING_SHIELDED,
  };
}

const spendable = (coins: readonly SpendableCoin[]): bigint =>
  coins.reduce((sum, coin) => (inputBytesMax(coin) === undefined ? sum : sum + coin.output.value), 0n);
