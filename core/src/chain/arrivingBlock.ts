import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import { checkBlock, checkBlockAtHeight } from "../rules/blockRules.ts";
import { blockVerifier } from "../rules/verifiers.ts";
import type { Violation } from "../rules/violation.ts";
import { scriptsOf } from "./blockOnParent.ts";

// What is asked of a block's body before it is stored: rules that need no state. checkBody.ts asks again on the parent's
// state, with the rest.

const noSigners = { delegates: [], nodeKey: undefined };

/**
 * The first rule a body breaks wherever it stands, in fluxd's order; signatures of FluxNodes, whose keys are in the state, have
 * to wait. Source: fluxd src/main.cpp CheckBlock.
 */
export function checkUnplacedBlock(block: Block, ecdsa: EcdsaBackend, params: Params): Violation | undefined {
  const verifier = blockVerifier(ecdsa, () => noSigners, params);
  return checkBlock(block, { ...verifier, signaturesValid: () => true });
}

/**
 * The first rule the body of a block that passed {@link checkUnplacedBlock} breaks at its height.
 * Source: fluxd src/main.cpp ContextualCheckBlock.
 */
export const checkPlacedBlock = (block: Block, height: number, params: Params): Violation | undefined =>
  checkBlockAtHeight(block, height, params, scriptsOf(params));
