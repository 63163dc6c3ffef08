import type { Outpoint } from "../primitives/outpoint.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { type BlockVerifier, checkBlock, checkBlockAtHeight } from "../rules/blockRules.ts";
import { checkConfirmState, checkStartState } from "../rules/fluxnode/stateRules.ts";
import { checkPonBlock } from "../rules/ponBlock.ts";
import { checkJoinSplitSignature } from "../rules/shieldedRules.ts";
import { blockVerifier } from "../rules/verifiers.ts";
import { locate, type Violation } from "../rules/violation.ts";
import type { BlockOnParent } from "./blockOnParent.ts";

/**
 * Rules of a block's body that fluxd asks when the block arrives and again when it is connected; then those of FluxNode
 * transactions that only connecting enforces. All that look at FluxNodes see the parent's state alone: fluxd's first look is at
 * whatever its tip is, and what comes of that depends on the order of arrival.
 * Source: fluxd src/main.cpp CheckBlock, ContextualCheckBlock.
 */
export function checkBody(on: BlockOnParent): Violation | undefined {
  const { block, txids, height, params, options, scriptOf } = on;
  const believed = options.trust === "signatures";
  return (
    checkBlock(block, verifierOf(on), txids) ??
    (believed ? undefined : checkProducer(on)) ??
    checkBlockAtHeight(block, height, params, scriptOf) ??
    (believed ? undefined : firstBroken(on, (tx) => checkJoinSplits(tx, on))) ??
    firstBroken(on, (tx) => checkFluxnodeState(tx, on))
  );
}

const nodeKey = ({ parent }: BlockOnParent, collateral: Outpoint): Uint8Array | undefined =>
  parent.fluxnode(collateral)?.identity.pubkey;

/** Knows signers by the parent's state; where signatures are believed, takes those of FluxNode transactions to hold. */
function verifierOf(on: BlockOnParent): BlockVerifier {
  const { parent, params, options } = on;
  const verifier = blockVerifier(
    options.ecdsa,
    ({ collateral }) => ({ delegates: parent.delegates(collateral), nodeKey: nodeKey(on, collateral) }),
    params,
  );
  return options.trust === "signatures" ? { ...verifier, signaturesValid: () => true } : verifier;
}

function checkProducer(on: BlockOnParent): Violation | undefined {
  const { block, hash, height, params, options } = on;
  const { header } = block;
  if (header.kind !== "pon") return undefined;
  return checkPonBlock(header, hash, height, (collateral) => nodeKey(on, collateral), options.ecdsa, params);
}

const checkJoinSplits = (tx: Transaction, { height, params }: BlockOnParent): Violation | undefined =>
  tx.kind === "ordinary" ? checkJoinSplitSignature(tx, height, params) : undefined;

function checkFluxnodeState(
  tx: Transaction,
  { parent, height, params }: BlockOnParent,
): Violation | undefined {
  if (tx.kind === "fluxnodeConfirm") {
    return checkConfirmState(tx, parent.fluxnode(tx.collateral), height, params);
  }
  if (tx.kind !== "fluxnodeStart") return undefined;
  const collateral = {
    node: parent.fluxnode(tx.collateral),
    coin: parent.coin(tx.collateral),
    transactionKnown: () => parent.unspentOutputs(tx.collateral.txid) > 0,
  };
  return checkStartState(tx, collateral, params);
}

/** What the first transaction to break a rule breaks. */
function firstBroken(
  { block }: BlockOnParent,
  check: (tx: Transaction) => Violation | undefined,
): Violation | undefined {
  for (const [transaction, tx] of block.transactions.entries()) {
    const broken = check(tx);
    if (broken !== undefined) return locate(broken, { transaction });
  }
  return undefined;
}
