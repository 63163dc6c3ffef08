import { equalBytes } from "../bytes/compare.ts";
import type { Params } from "../params/params.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { coinbaseCap, contextualDevFundMinimum, LAST_UNCAPPED_HEIGHT } from "./fluxnode/payout.ts";
import { type Fund, specialFundingAt } from "./funds.ts";
import { LAST_HEIGHT_WITHOUT_PUSH } from "./limits.ts";
import { type Rule, type Violation, violation } from "./violation.ts";

/** The script that pays an address of the network; the parameters hold valid addresses only. */
export type ScriptOf = (address: string) => Uint8Array;

const FUND_RULE: Readonly<Record<Fund, Rule>> = {
  exchange: "tx-coinbase-missing-exchange-funding",
  foundation: "tx-coinbase-missing-foundation-funding",
  swapPool: "tx-coinbase-missing-swappool-funding",
};

/**
 * Outputs that the coinbase of block `height` owes by height alone: the dev fund's least share under proof of node, then
 * special funding to the satoshi. Each is searched for by itself, so one output may answer for two.
 * Source: fluxd src/main.cpp ContextualCheckTransaction.
 */
export function checkCoinbaseFunding(
  coinbase: OrdinaryTransaction,
  height: number,
  params: Params,
  scriptOf: ScriptOf,
): Violation | undefined {
  const least = contextualDevFundMinimum(params, height);
  if (least > 0n) {
    const devScript = scriptOf(params.funds.devAddress);
    const paid = coinbase.outputs.some(
      (out) => out.value >= least && equalBytes(out.scriptPubKey, devScript),
    );
    if (!paid) return violation("tx-coinbase-missing-dev-funding", { height, least });
  }
  for (const { fund, amount, address } of specialFundingAt(params, height)) {
    const script = scriptOf(address);
    const paid = coinbase.outputs.some((out) => out.value === amount && equalBytes(out.scriptPubKey, script));
    if (!paid) return violation(FUND_RULE[fund], { height, amount });
  }
  return undefined;
}

/**
 * The coinbase script begins with its block's height, so that no two coinbases share an id.
 * Source: fluxd src/main.cpp ContextualCheckBlock.
 */
export function checkCoinbaseHeight(coinbase: OrdinaryTransaction, height: number): Violation | undefined {
  if (height <= LAST_HEIGHT_WITHOUT_PUSH) return undefined;
  const push = heightPush(height);
  const { scriptSig } = coinbase.inputs[0]!;
  return equalBytes(scriptSig.subarray(0, push.length), push)
    ? undefined
    : violation("bad-cb-height", { height });
}

/**
 * Script push of a height above 16: a length byte, then the number, little-endian, with room for a sign bit.
 * Source: fluxd src/script/script.h CScript::push_int64, CScriptNum::serialize.
 */
export function heightPush(height: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = height; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if (bytes.at(-1)! >= 0x80) bytes.push(0);
  return Uint8Array.of(bytes.length, ...bytes);
}

/**
 * The coinbase creates no more than its block earns; what it leaves out is never created. `fees`: of all transactions of
 * the block, satoshi. Source: fluxd src/main.cpp ConnectBlock.
 */
export function checkCoinbaseAmount(
  coinbase: OrdinaryTransaction,
  height: number,
  fees: bigint,
  params: Params,
): Violation | undefined {
  if (height <= LAST_UNCAPPED_HEIGHT) return undefined;
  const allowed = coinbaseCap(params, height) + fees;
  let paid = 0n;
  for (const { value } of coinbase.outputs) paid += value;
  return paid <= allowed ? undefined : violation("bad-cb-amount", { height, paid, allowed });
}
