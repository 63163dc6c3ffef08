import { equalBytes } from "../bytes/compare.ts";
import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import { DELEGATES_UPDATE } from "../primitives/fluxnodeTx.ts";
import { perTier, TIERS } from "../primitives/tier.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { checkCoinbaseAmount } from "../rules/coinbaseRules.ts";
import { tierPaymentsEnforced } from "../rules/fluxnode/payout.ts";
import { checkPayout, type PaymentsDue, paymentsDue } from "../rules/fluxnode/payoutRules.ts";
import { checkSaplingRoot, type UnverifiedProof, unverifiedProof } from "../rules/shieldedRules.ts";
import { type Violation, violation } from "../rules/violation.ts";
import type { Change, StateDelta } from "../state/delta.ts";
import { Draft } from "../state/draft.ts";
import { outpointKey } from "../state/outpointKey.ts";
import type { StateView } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
import { type BlockOnParent, blockOnParent, type ConnectOptions } from "./blockOnParent.ts";
import { checkBody } from "./checkBody.ts";
import { copyOutpoint, TransactionConnector } from "./connectTransactions.ts";
import { type FluxnodeEvent, fluxnodeTransition } from "./fluxnodeTransition.ts";

/** The block is valid: this is what it does. */
export interface Connected {
  readonly verdict: "connected";
  readonly delta: StateDelta;
  /** What befell FluxNodes, for those who watch. */
  readonly events: readonly FluxnodeEvent[];
  /** Of all transactions, satoshi. */
  readonly fees: bigint;
}

/** What a block does to the state its parent left; or the first rule it breaks; or what keeps us from saying either. */
export type Verdict =
  | Connected
  | { readonly verdict: "invalid"; readonly violation: Violation }
  | { readonly verdict: "cannotTell"; readonly unverified: UnverifiedProof; readonly transaction: number };

/**
 * Judges `block` on the state its parent left, `parent`, in fluxd's order. Reads only its arguments: no clock, no chance, no
 * cache. Rules of the header are asked before (headerArrival.ts), but for the producer, who is found in the state.
 * Source: fluxd src/main.cpp ConnectBlock.
 */
export function connectBlock(
  parent: StateView,
  block: Block,
  params: Params,
  options: ConnectOptions,
): Verdict {
  assert(equalBytes(block.header.previousHash, parent.blockHash), "a block is judged on its parent's state");
  const on = blockOnParent(parent, block, params, options);
  if (on.height === 0) return connectGenesis(on);
  const broken = checkBody(on);
  if (broken !== undefined) return { verdict: "invalid", violation: broken };
  for (const [transaction, tx] of block.transactions.entries()) {
    const unverified = unverifiedProof(tx);
    if (unverified !== undefined) return { verdict: "cannotTell", unverified, transaction };
  }
  return connect(on);
}

/** The coinbase of genesis cannot be spent: it makes no coins. */
function connectGenesis({ parent, hash }: BlockOnParent): Connected {
  const nothing = { fluxnodes: new Map(), delegates: new Map(), payments: [] };
  return { verdict: "connected", delta: new Draft(parent).freeze(hash, nothing), events: [], fees: 0n };
}

/** Duplicate ids, payments, transactions, the block's totals; then what it all comes to. */
function connect(on: BlockOnParent): Verdict {
  const { parent, block, hash, txids, height, params, options, scriptOf } = on;
  const { header, transactions } = block;
  const coinbase = transactions[0] as OrdinaryTransaction;
  const due = paymentsDueAfter(parent, params);
  const draft = new Draft(parent);
  const scriptEcdsa = options.trust === "nothing" ? options.ecdsa : undefined;
  const connector = new TransactionConnector(draft, { height, params, scriptEcdsa });
  const broken =
    checkIdsNew(on) ??
    (tierPaymentsEnforced(params, height)
      ? checkPayout(coinbase, due, height, params, scriptOf)
      : undefined) ??
    connector.connectAll(transactions, txids) ??
    checkSaplingRoot(header, height, params) ??
    checkCoinbaseAmount(coinbase, height, connector.fees, params);
  if (broken !== undefined) return { verdict: "invalid", violation: broken };

  const paid = TIERS.flatMap((tier) => due[tier] ?? []);
  const facts = {
    starts: connector.starts,
    confirms: connector.confirms,
    spent: draft.spentOutpoints(),
    paid: paid.map(({ node }) => node),
  };
  const { changes, events } = fluxnodeTransition(parent, facts, height, params);
  const delta = draft.freeze(hash, {
    fluxnodes: changes,
    delegates: delegateChanges(on),
    payments: paid.map(({ node, amount, scriptPubKey }) => ({
      tier: node.identity.tier,
      outpoint: node.outpoint,
      amount,
      scriptPubKey,
    })),
  });
  return { verdict: "connected", delta, events, fees: connector.fees };
}

/** What the block after `parent` owes the tiers: nothing before the height from which that is enforced. */
export function paymentsDueAfter(parent: StateView, params: Params): PaymentsDue {
  const height = parent.height + 1;
  if (!tierPaymentsEnforced(params, height)) return perTier(() => undefined);
  return paymentsDue(
    (tier) => parent.queueHead(tier),
    ({ outpoint }) => parent.coin(outpoint),
    height,
    params,
  );
}

/**
 * No transaction has the id of an earlier one with an unspent output. Equal ids mean equal outputs, so it is enough to look
 * for those this one has. Source: fluxd src/main.cpp ConnectBlock, BIP 30.
 */
function checkIdsNew({ parent, block, txids }: BlockOnParent): Violation | undefined {
  for (const [transaction, tx] of block.transactions.entries()) {
    if (tx.kind !== "ordinary") continue;
    const id = txids[transaction]!;
    const known = tx.outputs.some((_, index) => parent.coin({ txid: id, index }) !== undefined);
    if (known) return violation("bad-txns-BIP30", { transaction });
  }
  return undefined;
}

/** Lists of delegates that STARTs replace; an empty list erases. Source: fluxd FluxnodeCache::Flush. */
function delegateChanges({
  parent,
  block,
}: BlockOnParent): ReadonlyMap<string, Change<readonly Uint8Array[]>> {
  const changes = new Map<string, Change<readonly Uint8Array[]>>();
  for (const tx of block.transactions) {
    if (tx.kind !== "fluxnodeStart" || tx.delegates?.type !== DELEGATES_UPDATE) continue;
    const outpoint = copyOutpoint(tx.collateral);
    const before = parent.delegates(outpoint);
    // Copies, as in connectTransactions.ts.
    changes.set(outpointKey(outpoint), {
      outpoint,
      before,
      after: tx.delegates.keys.map((key) => key.slice()),
    });
  }
  return changes;
}
