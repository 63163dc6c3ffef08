import { equalBytes } from "../bytes/compare.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";
import type { Block } from "../primitives/block.ts";
import { DELEGATES_UPDATE, type FluxnodeStart } from "../primitives/fluxnodeTx.ts";
import { blockHash } from "../primitives/header.ts";
import { perTier, TIERS } from "../primitives/tier.ts";
import type { OrdinaryTransaction, Transaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { type BlockVerifier, checkBlock, checkBlockAtHeight } from "../rules/blockRules.ts";
import { checkCoinbaseAmount } from "../rules/coinbaseRules.ts";
import { tierPaymentsEnforced } from "../rules/fluxnode/payout.ts";
import { checkPayout, type PaymentsDue, paymentsDue } from "../rules/fluxnode/payoutRules.ts";
import { checkConfirmState, checkStartState } from "../rules/fluxnode/stateRules.ts";
import { checkPonBlock } from "../rules/ponBlock.ts";
import {
  checkJoinSplitSignature,
  checkSaplingRoot,
  type UnverifiedProof,
  unverifiedProof,
} from "../rules/shieldedRules.ts";
import { blockVerifier, scriptOfAddress } from "../rules/verifiers.ts";
import { locate, type Violation, violation } from "../rules/violation.ts";
import type { Change, StateDelta } from "../state/delta.ts";
import { Draft } from "../state/draft.ts";
import { outpointKey } from "../state/outpointKey.ts";
import type { StateView } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
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

/** What a block does to the state its parent left; or the first rule it breaks; or why neither can be said. */
export type Verdict =
  | Connected
  | { readonly verdict: "invalid"; readonly violation: Violation }
  | { readonly verdict: "cannotTell"; readonly unverified: UnverifiedProof; readonly transaction: number };

/**
 * What is believed of a block before it is looked at: "scripts" of blocks at or below a checkpoint, where fluxd does not run
 * them; "signatures", which also means those of FluxNodes and of the block's producer, in replays of blocks judged before.
 */
export type Trust = "nothing" | "scripts" | "signatures";

export interface ConnectOptions {
  readonly ecdsa: EcdsaBackend;
  readonly trust: Trust;
}

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
  const hash = blockHash(block.header);
  if (parent.height < 0) return connectGenesis(parent, hash);
  const height = parent.height + 1;
  const broken =
    checkBeforeConnecting(parent, block, hash, params, options) ??
    checkFluxnodeStates(parent, block.transactions, params);
  return broken === undefined ? connect(parent, block, hash, height, params, options) : invalid(broken);
}

const invalid = (broken: Violation): Verdict => ({ verdict: "invalid", violation: broken });

/** The coinbase of genesis cannot be spent: it makes no coins. */
function connectGenesis(parent: StateView, hash: Uint8Array): Connected {
  const nothing = { fluxnodes: new Map(), delegates: new Map(), payments: [] };
  return { verdict: "connected", delta: new Draft(parent).freeze(hash, nothing), events: [], fees: 0n };
}

/** Scripts of a network's own addresses, worked out once. */
const scriptsOf = perParams((params) => {
  const scriptOf = scriptOfAddress(params);
  const known = new Map<string, Uint8Array>();
  return (address: string): Uint8Array => {
    const script = known.get(address) ?? scriptOf(address);
    known.set(address, script);
    return script;
  };
});

/**
 * Rules that fluxd asks when a block arrives and again when it is connected. Those that look at FluxNodes are asked with the
 * parent's state alone: fluxd's first look uses whatever its tip is, and what comes of it depends on the order of arrival.
 */
function checkBeforeConnecting(
  parent: StateView,
  block: Block,
  hash: Uint8Array,
  params: Params,
  { ecdsa, trust }: ConnectOptions,
): Violation | undefined {
  const height = parent.height + 1;
  const verifier = trust === "signatures" ? believer(ecdsa, params) : verifierOn(parent, ecdsa, params);
  const { header, transactions } = block;
  const producerKey = (collateral: FluxnodeStart["collateral"]) =>
    parent.fluxnode(collateral)?.identity.pubkey;
  return (
    checkBlock(block, verifier) ??
    (header.kind === "pon" && trust !== "signatures"
      ? checkPonBlock(header, hash, height, producerKey, ecdsa, params)
      : undefined) ??
    checkPlacedBlock(block, height, params) ??
    firstBroken(transactions, (tx) =>
      tx.kind === "ordinary" ? checkJoinSplitSignature(tx, height, params) : undefined,
    )
  );
}

/**
 * The first rule a block breaks whatever it stands on, in fluxd's order; signatures of FluxNodes, whose keys are in the state,
 * have to wait. Source: fluxd src/main.cpp CheckBlock.
 */
export const checkUnplacedBlock = (
  block: Block,
  ecdsa: EcdsaBackend,
  params: Params,
): Violation | undefined => checkBlock(block, believer(ecdsa, params));

/**
 * The first rule a block that passed {@link checkUnplacedBlock} breaks at its height, as far as that needs no state.
 * Source: fluxd src/main.cpp ContextualCheckBlock.
 */
export const checkPlacedBlock = (block: Block, height: number, params: Params): Violation | undefined =>
  checkBlockAtHeight(block, height, params, scriptsOf(params));

const verifierOn = (parent: StateView, ecdsa: EcdsaBackend, params: Params): BlockVerifier =>
  blockVerifier(
    ecdsa,
    ({ collateral }) => ({
      delegates: parent.delegates(collateral),
      nodeKey: parent.fluxnode(collateral)?.identity.pubkey,
    }),
    params,
  );

/** Takes every signature of a FluxNode transaction to hold. */
const believer = (ecdsa: EcdsaBackend, params: Params): BlockVerifier => ({
  ...blockVerifier(ecdsa, () => ({ delegates: [], nodeKey: undefined }), params),
  signaturesValid: () => true,
});

function firstBroken(
  transactions: readonly Transaction[],
  check: (tx: Transaction) => Violation | undefined,
): Violation | undefined {
  for (const [transaction, tx] of transactions.entries()) {
    const broken = check(tx);
    if (broken !== undefined) return locate(broken, { transaction });
  }
  return undefined;
}

/** What FluxNode transactions must satisfy in the state before the block. */
const checkFluxnodeStates = (
  parent: StateView,
  transactions: readonly Transaction[],
  params: Params,
): Violation | undefined =>
  firstBroken(transactions, (tx) => {
    if (tx.kind === "fluxnodeConfirm") {
      return checkConfirmState(tx, parent.fluxnode(tx.collateral), parent.height + 1, params);
    }
    if (tx.kind !== "fluxnodeStart") return undefined;
    const collateral = {
      node: parent.fluxnode(tx.collateral),
      coin: parent.coin(tx.collateral),
      transactionKnown: () => parent.unspentOutputs(tx.collateral.txid) > 0,
    };
    return checkStartState(tx, collateral, params);
  });

/** The rest: duplicate ids, payments, transactions, the block's totals. */
function connect(
  parent: StateView,
  block: Block,
  hash: Uint8Array,
  height: number,
  params: Params,
  { ecdsa, trust }: ConnectOptions,
): Verdict {
  const { header, transactions } = block;
  for (const [transaction, tx] of transactions.entries()) {
    const unverified = unverifiedProof(tx);
    if (unverified !== undefined) return { verdict: "cannotTell", unverified, transaction };
  }
  const txids = transactions.map(txid);
  const coinbase = transactions[0] as OrdinaryTransaction;
  const due = paymentsDueAfter(parent, params);
  const scriptEcdsa = trust === "nothing" ? ecdsa : undefined;
  const draft = new Draft(parent);
  const connector = new TransactionConnector(draft, { height, params, scriptEcdsa });
  const broken =
    checkIdsNew(parent, transactions, txids) ??
    (tierPaymentsEnforced(params, height)
      ? checkPayout(coinbase, due, height, params, scriptsOf(params))
      : undefined) ??
    connector.connectAll(transactions, txids) ??
    checkSaplingRoot(header, height, params) ??
    checkCoinbaseAmount(coinbase, height, connector.fees, params);
  if (broken !== undefined) return invalid(broken);

  const paid = TIERS.flatMap((tier) => due[tier] ?? []);
  const { changes, events } = fluxnodeTransition(
    parent,
    {
      starts: connector.starts,
      confirms: connector.confirms,
      spent: draft.spentOutpoints(),
      paid: paid.map(({ node }) => node),
    },
    height,
    params,
  );
  const delta = draft.freeze(hash, {
    fluxnodes: changes,
    delegates: delegateChanges(parent, transactions),
    payments: paid.map(({ node, amount }) => ({ tier: node.identity.tier, outpoint: node.outpoint, amount })),
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
function checkIdsNew(
  parent: StateView,
  transactions: readonly Transaction[],
  txids: readonly Uint8Array[],
): Violation | undefined {
  for (const [transaction, tx] of transactions.entries()) {
    if (tx.kind !== "ordinary") continue;
    const id = txids[transaction]!;
    const known = tx.outputs.some((_, index) => parent.coin({ txid: id, index }) !== undefined);
    if (known) return violation("bad-txns-BIP30", { transaction });
  }
  return undefined;
}

/** Lists of delegates that STARTs replace; an empty list erases. Source: fluxd FluxnodeCache::Flush. */
function delegateChanges(
  parent: StateView,
  transactions: readonly Transaction[],
): ReadonlyMap<string, Change<readonly Uint8Array[]>> {
  const changes = new Map<string, Change<readonly Uint8Array[]>>();
  for (const tx of transactions) {
    if (tx.kind !== "fluxnodeStart" || tx.delegates?.type !== DELEGATES_UPDATE) continue;
    const before = parent.delegates(tx.collateral);
    const after = tx.delegates.keys.map((key) => key.slice());
    changes.set(outpointKey(tx.collateral), { outpoint: copyOutpoint(tx.collateral), before, after });
  }
  return changes;
}
