import type { Outpoint } from "../primitives/outpoint.ts";
import { type BlockVerifier, checkBlock, checkBlockAtHeight } from "../rules/blockRules.ts";
import { checkPonBlock } from "../rules/ponBlock.ts";
import { locate, type Violation } from "../rules/violation.ts";
import type { BlockOnParent } from "./blockOnParent.ts";
import { checkFluxnodeState, verifierOn } from "./fluxnodeTxOnState.ts";

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
    (believed || options.unsigned ? undefined : checkProducer(on)) ??
    checkBlockAtHeight(block, height, params, scriptOf, believed) ??
    checkFluxnodeStates(on)
  );
}

/** Knows signers by the parent's state; where signatures are believed, takes those of FluxNode transactions to hold. */
function verifierOf({ parent, params, options }: BlockOnParent): BlockVerifier {
  const verifier = verifierOn(parent, options.ecdsa, params);
  return options.trust === "signatures" ? { ...verifier, signaturesValid: () => true } : verifier;
}

function checkProducer(on: BlockOnParent): Violation | undefined {
  const { parent, block, hash, height, params, options } = on;
  const { header } = block;
  if (header.kind !== "pon") return undefined;
  const nodeKey = (collateral: Outpoint) => parent.fluxnode(collateral)?.identity.pubkey;
  return checkPonBlock(header, hash, height, nodeKey, options.ecdsa, params);
}

/** What the first FluxNode transaction to break a rule about its node's state breaks. */
function checkFluxnodeStates({ parent, block, params }: BlockOnParent): Violation | undefined {
  for (const [transaction, tx] of block.transactions.entries()) {
    const broken = checkFluxnodeState(tx, parent, params);
    if (broken !== undefined) return locate(broken, { transaction });
  }
  return undefined;
}
