import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";
import type { Block } from "../primitives/block.ts";
import { blockHash } from "../primitives/header.ts";
import type { BlockHash, Txid } from "../primitives/ids.ts";
import { txid } from "../primitives/txid.ts";
import type { ScriptOf } from "../rules/coinbaseRules.ts";
import { scriptOfAddress } from "../rules/verifiers.ts";
import type { StateView } from "../state/stateView.ts";

/**
 * What is believed of a block before it is looked at: "scripts" of blocks at or below a checkpoint, where fluxd does not run
 * them; "signatures", which means scripts and every other signature, in replays of blocks judged before.
 */
export type Trust = "nothing" | "scripts" | "signatures";

/** How a block is judged: by which curve, and what is believed unseen. */
export interface ConnectOptions {
  readonly ecdsa: EcdsaBackend;
  readonly trust: Trust;
  /** A block in the making: its producer has not signed it yet, and is not asked for. */
  readonly unsigned?: boolean;
}

/** A block, the state its parent left, and what follows from the two at once. */
export interface BlockOnParent {
  readonly parent: StateView;
  readonly block: Block;
  readonly hash: BlockHash;
  readonly txids: readonly Txid[];
  readonly height: number;
  readonly params: Params;
  readonly options: ConnectOptions;
  /** Scripts of the network's own addresses. */
  readonly scriptOf: ScriptOf;
}

/** Hashes the block and its transactions, once for all who judge it. */
export const blockOnParent = (
  parent: StateView,
  block: Block,
  params: Params,
  options: ConnectOptions,
): BlockOnParent => ({
  parent,
  block,
  hash: blockHash(block.header),
  txids: block.transactions.map(txid),
  height: parent.height + 1,
  params,
  options,
  scriptOf: scriptsOf(params),
});

/** Scripts of a network's own addresses. Every block asks for the same few: worked out once. */
export const scriptsOf = perParams((params): ScriptOf => {
  const scriptOf = scriptOfAddress(params);
  const known = new Map<string, Uint8Array>();
  return (address) => {
    const script = known.get(address) ?? scriptOf(address);
    known.set(address, script);
    return script;
  };
});
