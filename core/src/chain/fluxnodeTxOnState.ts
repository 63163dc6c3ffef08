import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import type { Transaction } from "../primitives/transaction.ts";
import type { BlockVerifier } from "../rules/blockRules.ts";
import { checkConfirmState, checkStartState } from "../rules/fluxnode/stateRules.ts";
import { blockVerifier } from "../rules/verifiers.ts";
import type { Violation } from "../rules/violation.ts";
import type { StateView } from "../state/stateView.ts";

// FluxNode transactions of the block after a state, be it a block that came or the one that a pool waits for.

/** What rules ask about signatures, answered with the keys that `state` knows. */
export const verifierOn = (state: StateView, ecdsa: EcdsaBackend, params: Params): BlockVerifier =>
  blockVerifier(
    ecdsa,
    ({ collateral }) => ({
      delegates: state.delegates(collateral),
      nodeKey: state.fluxnode(collateral)?.identity.pubkey,
    }),
    params,
  );

/** The first rule about its node's state that `tx` breaks. */
export function checkFluxnodeState(tx: Transaction, state: StateView, params: Params): Violation | undefined {
  if (tx.kind === "fluxnodeConfirm") {
    return checkConfirmState(tx, state.fluxnode(tx.collateral), state.height + 1, params);
  }
  if (tx.kind !== "fluxnodeStart") return undefined;
  const collateral = {
    node: state.fluxnode(tx.collateral),
    coin: state.coin(tx.collateral),
    transactionKnown: () => state.unspentOutputs(tx.collateral.txid) > 0,
  };
  return checkStartState(tx, collateral, params);
}
