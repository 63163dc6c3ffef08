import {
  type Block,
  type Coin,
  checkInputScripts,
  confirmSignatureValid,
  type EcdsaBackend,
  fluxnodeSignaturesValid,
  isCoinbase,
  type Params,
} from "@fluxlab/core";

/** A block that will be judged, and what is known of the state it will be judged on. */
export interface ComingBlock {
  /** As it came. */
  readonly payload: Uint8Array;
  readonly height: number;
  /** By transaction: the coins that its inputs spend; undefined where some are not known yet, or scripts are believed there. */
  readonly spent: readonly (readonly Coin[] | undefined)[];
}

/** No key of anybody: who signed a CONFIRM is found from the signature. */
const NOBODY = new Uint8Array(33);

/**
 * Asks the curve what judging a block will ask it, by asking the rules themselves. What they say does not matter here; a question that
 * only the state can tell, such as by which delegate a START is signed, is left out.
 */
export function askCurve(
  ecdsa: EcdsaBackend,
  { transactions }: Block,
  { height, spent }: ComingBlock,
  params: Params,
): void {
  for (const [at, tx] of transactions.entries()) {
    if (tx.kind === "ordinary") {
      const coins = spent[at];
      if (coins !== undefined && !isCoinbase(tx)) checkInputScripts(tx, coins, height, params, ecdsa);
    } else if (tx.kind !== "fluxnodeUnknown") {
      if (tx.kind === "fluxnodeConfirm") confirmSignatureValid(ecdsa, tx, NOBODY);
      fluxnodeSignaturesValid(ecdsa, tx, { delegates: [], nodeKey: undefined }, params);
    }
  }
}
