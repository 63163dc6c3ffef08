import { equalBytes } from "../bytes/compare.ts";
import { scriptsOf } from "../chain/blockOnParent.ts";
import { checkFluxnodeState, verifierOn } from "../chain/fluxnodeTxOnState.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import { type FluxnodeTransaction, UPDATE_CONFIRM } from "../primitives/fluxnodeTx.ts";
import { isCoinbase, type OrdinaryTransaction, type Transaction } from "../primitives/transaction.ts";
import type { Coin } from "../rules/coin.ts";
import { checkTransactionAtHeight } from "../rules/contextualTxRules.ts";
import { collateralInputTier } from "../rules/fluxnode/collateral.ts";
import { updateAllowed } from "../rules/fluxnode/lifecycle.ts";
import { isFinal } from "../rules/lockTime.ts";
import { isExpiringSoon, MAX_STANDARD_TX_SIGOPS, whyNonStandard } from "../rules/policy.ts";
import { checkJoinSplitSignature, checkSproutRequirements, unverifiedProof } from "../rules/shieldedRules.ts";
import { checkTransaction } from "../rules/txRules.ts";
import { scriptPolicy } from "../rules/verifiers.ts";
import { DETAIL, type Violation } from "../rules/violation.ts";
import { legacySigops, p2shSigops } from "../script/sigops.ts";
import { inputsStandard } from "../script/standardInputs.ts";
import type { StateView } from "../state/stateView.ts";
import { broken, policy, type Refusal, silently } from "./refusal.ts";
import type { TxPool } from "./txPool.ts";

// What a loose transaction must satisfy to be pooled, in the order in which fluxd asks. The parts that change the pool itself
// are in mempool.ts. Source: fluxd src/main.cpp AcceptToMemoryPool.

/** The chain that the pool stands on. */
export interface PoolTip {
  /** After the tip. */
  readonly state: StateView;
  /** Median time of the tip and its ancestors, Unix seconds. */
  readonly medianTime: number;
}

/** The state, height and time against which a loose transaction is judged. */
export interface LooseTxContext {
  readonly tip: PoolTip;
  readonly params: Params;
  readonly ecdsa: EcdsaBackend;
}

/**
 * An UPDATE that comes right after the block that made it superfluous is common and nobody's fault, so it is dropped before
 * anything is held against the sender.
 */
export function checkUpdateDue(
  tx: FluxnodeTransaction,
  { tip, params }: LooseTxContext,
): Refusal | undefined {
  if (tx.kind !== "fluxnodeConfirm" || tx.updateType !== UPDATE_CONFIRM) return undefined;
  const node = tip.state.fluxnode(tx.collateral);
  const due =
    node?.status === "confirmed" &&
    updateAllowed(params, tip.state.height + 1, node.lastConfirmedHeight, !equalBytes(tx.ip, node.ip));
  return due ? undefined : silently("updateTooSoon");
}

/** Rules about the transaction itself in the block after the tip, before anyone looks at what it spends. */
export function checkLooseTransaction(tx: Transaction, context: LooseTxContext): Refusal | undefined {
  const { tip, params } = context;
  const height = tip.state.height + 1;
  const violated = checkConsensus(tx, height, context);
  if (violated !== undefined) {
    // fluxd fails here without a word; a block with such a transaction gets a verdict all the same.
    return violated.rule === "fluxnode-tx-unknown-node" ? silently("unknownNode") : broken(violated);
  }
  const unverified = unverifiedProof(tx);
  if (unverified !== undefined) return { kind: "cannotTell", unverified };
  if (isExpiringSoon(tx, height)) return policy("tx-expiring-soon");
  if (isCoinbase(tx)) return policy("coinbase");
  const odd = params.requireStandard ? whyNonStandard(tx, height, params, scriptPolicy) : undefined;
  if (odd !== undefined) return { kind: "nonStandard", reason: odd };
  return isFinal(tx, height, tip.medianTime) ? undefined : policy("non-final");
}

const checkConsensus = (
  tx: Transaction,
  height: number,
  { tip: { state }, params, ecdsa }: LooseTxContext,
): Violation | undefined =>
  checkTransaction(tx, verifierOn(state, ecdsa, params)) ??
  checkTransactionAtHeight(tx, height, params, scriptsOf(params)) ??
  (tx.kind === "ordinary"
    ? checkJoinSplitSignature(tx, height, params)
    : checkFluxnodeState(tx, state, params));

/** Seconds after which a signature of a FluxNode transaction is too old to relay. Source: fluxd src/fluxnode/fluxnode.h. */
const MAX_SIGNATURE_AGE = 3_600;

/** Signatures of the future are taken. `adjustedTime`: Unix seconds, the node's clock corrected by its peers'. */
export function checkSignatureTimes(tx: FluxnodeTransaction, adjustedTime: number): Refusal | undefined {
  if (tx.kind === "fluxnodeUnknown") return undefined;
  if (adjustedTime - tx.sigTime > MAX_SIGNATURE_AGE) return policy("fluxnode-tx-sig-to-old");
  return tx.kind === "fluxnodeConfirm" && adjustedTime - tx.benchmarkSigTime > MAX_SIGNATURE_AGE
    ? policy("fluxnode-tx-bench-sig-to-old")
    : undefined;
}

/** The collateral must carry a node in the next block; coins the pool makes are too young. */
export function checkCollateral(
  tx: FluxnodeTransaction,
  pool: TxPool,
  { tip: { state }, params }: LooseTxContext,
): Refusal | undefined {
  if (tx.kind === "fluxnodeUnknown") return undefined;
  const tier = collateralInputTier(tx, pool.coin(tx.collateral, state), state.height + 1, params);
  if (typeof tier === "string") return undefined;
  const reason = "bad-txns-fluxnode-inputs-invalid-spent-or-bad-value";
  return { kind: "policy", reason, detail: String(tier.facts[DETAIL]) };
}

/** The coin of each input, from the chain or the pool; or that a parent is unknown, or an input spent. */
export function inputCoins(
  tx: OrdinaryTransaction,
  pool: TxPool,
  { state }: PoolTip,
): readonly Coin[] | Refusal {
  const prevouts = tx.inputs.map(({ prevout }) => prevout);
  const known = (txid: Uint8Array) => pool.get(txid) !== undefined || state.unspentOutputs(txid) > 0;
  if (!prevouts.every(({ txid }) => known(txid))) return { kind: "missingInputs" };
  const coins: Coin[] = [];
  for (const prevout of prevouts) {
    const coin = pool.coin(prevout, state);
    if (coin === undefined) return policy("bad-txns-inputs-spent");
    coins.push(coin);
  }
  return coins;
}

/** Rules about what a transaction spends, scripts and values aside. */
export function checkSpending(
  tx: OrdinaryTransaction,
  spent: readonly Coin[],
  { tip, params }: LooseTxContext,
): Refusal | undefined {
  if (checkSproutRequirements(tx, tip.state) !== undefined) {
    return policy("bad-txns-shielded-requirements-not-met");
  }
  if (params.requireStandard && !inputsStandard(tx, spent)) return silently("nonStandardInputs");
  const sigops = legacySigops(tx) + p2shSigops(tx, spent);
  return sigops > MAX_STANDARD_TX_SIGOPS ? policy("bad-txns-too-many-sigops") : undefined;
}
