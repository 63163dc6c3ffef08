import type { Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";
import { NULL_OUTPOINT } from "../primitives/outpoint.ts";
import { NOTHING_SHIELDED } from "../primitives/shielded.ts";
import {
  FINAL_SEQUENCE,
  type OrdinaryTransaction,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  type TxOutput,
} from "../primitives/transaction.ts";
import type { ScriptOf } from "../rules/coinbaseRules.ts";
import { coinbaseParts } from "../rules/fluxnode/payout.ts";
import type { PaymentsDue } from "../rules/fluxnode/payoutRules.ts";
import type { Fund } from "../rules/funds.ts";
import { buildScript, numberPart } from "../script/instructions.ts";
import { OP } from "../script/opcodes.ts";
import { encodeScriptNumber } from "../script/scriptNumber.ts";

// The transaction that pays for a block. Source: fluxd src/miner.cpp CreateNewBlock, IncrementExtraNonce.

/** What a coinbase pays, and for what. */
export interface CoinbasePlan {
  readonly height: number;
  /** Gets the fees and what the subsidy leaves: the miner's script, or under proof of node that of the dev fund. */
  readonly payTo: Uint8Array;
  /** Of the block, satoshi. */
  readonly fees: bigint;
  /** What the tiers are owed. */
  readonly due: PaymentsDue;
  readonly params: Params;
  /** Scripts of the network's own addresses. */
  readonly scriptOf: ScriptOf;
}

/** The coinbase of a template: outputs in fluxd's order, and a script that names the height and nothing else. */
export function coinbaseTransaction(plan: CoinbasePlan): OrdinaryTransaction {
  const { height, params } = plan;
  const overwintered = upgradeActive(params.upgrades, "acadia", height);
  return {
    kind: "ordinary",
    overwintered,
    version: overwintered ? SAPLING_VERSION : 1,
    versionGroupId: overwintered ? SAPLING_GROUP_ID : 0,
    inputs: [
      {
        prevout: NULL_OUTPOINT,
        scriptSig: buildScript(numberPart(height), OP.ZERO),
        sequence: FINAL_SEQUENCE,
      },
    ],
    outputs: coinbaseOutputs(plan),
    lockTime: 0,
    expiryHeight: 0,
    shielded: NOTHING_SHIELDED,
  };
}

function coinbaseOutputs({ height, payTo, fees, due, params, scriptOf }: CoinbasePlan): TxOutput[] {
  const hasPayee = {
    cumulus: due.cumulus !== undefined,
    nimbus: due.nimbus !== undefined,
    stratus: due.stratus !== undefined,
  };
  return coinbaseParts(params, height, hasPayee).map(({ to, amount }) => {
    switch (to) {
      case "remainder":
        return { value: amount + fees, scriptPubKey: payTo };
      case "cumulus":
      case "nimbus":
      case "stratus":
        return { value: amount, scriptPubKey: due[to]!.scriptPubKey };
      default:
        return { value: amount, scriptPubKey: scriptOf(fundAddress(to, params)) };
    }
  });
}

const fundAddress = (fund: Fund, { funds }: Params): string => funds[fund].address;

/**
 * The coinbase with a counter in its script, so that a miner never runs out of nonces. `extraNonce`: from 1 after each parent.
 * Source: fluxd src/miner.cpp IncrementExtraNonce.
 */
export function withExtraNonce(
  coinbase: OrdinaryTransaction,
  height: number,
  extraNonce: number,
): OrdinaryTransaction {
  const scriptSig = buildScript(numberPart(height), encodeScriptNumber(extraNonce));
  return { ...coinbase, inputs: [{ ...coinbase.inputs[0]!, scriptSig }] };
}
