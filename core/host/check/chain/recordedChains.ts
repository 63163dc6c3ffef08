import {
  ABSENT,
  type Block,
  blockHash,
  ChainView,
  type EcdsaBackend,
  type EquihashVerifier,
  type Params,
  type SharedChain,
  SharedChains,
  type StateContents,
  toDisplayHex,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";

/** A network and how its blocks are judged. */
export interface Judging {
  readonly params: Params;
  readonly ecdsa: EcdsaBackend;
  readonly equihash: EquihashVerifier;
}

/**
 * All blocks of the files that are checked together, each judged once and in full: checkpoints, below which fluxd believes
 * scripts, are left out. Files name blocks by hash, so chains may fork from each other.
 */
export class RecordedChains {
  readonly params: Params;
  readonly #judging: Judging;
  #shared: SharedChain | undefined;

  constructor(judging: Judging) {
    this.params = { ...judging.params, checkpoints: {} };
    this.#judging = judging;
  }

  /** Whether `block` is where the network's chains begin. */
  isGenesis({ header }: Block): boolean {
    return toDisplayHex(blockHash(header)) === this.params.genesis.hash;
  }

  /** A node at genesis; `genesis` must be that of the network. */
  nodeAtGenesis(genesis: Block): ChainView {
    const { ecdsa, equihash } = this.#judging;
    this.#shared ??= new SharedChains(genesis, { ecdsa, equihash, trust: "nothing" }).under(this.params);
    return new ChainView(this.#shared, { useCheckpoints: false });
  }

  /** What all nodes share. @throws FormatError at `where` if no chain was begun. */
  sharedFor(where: Field): SharedChain {
    return this.#shared ?? where.fail("a block of a chain that is checked together with this file");
  }

  /** Row of the block that a field names by its hash, if it is connected. @throws FormatError if it is not */
  connectedRow(hash: Field): number {
    const shared = this.sharedFor(hash);
    const row = shared.tree.find(hash.hash());
    if (row === ABSENT || shared.connectedContent(row) === undefined)
      hash.fail("a valid block of a chain that is checked together with this file");
    return row;
  }

  /** The block of a row that is connected. */
  blockAt(row: number, where: Field): Block {
    const shared = this.sharedFor(where);
    return shared.blocks.block(shared.connectedContent(row)!);
  }

  /** A node whose tip is the block that a field names by its hash. @throws FormatError if it is not connected */
  nodeAt(hash: Field): ChainView {
    const node = new ChainView(this.sharedFor(hash), { useCheckpoints: false });
    node.restore(this.connectedRow(hash));
    return node;
  }

  /** The state after the block that a field names. Valid until anything else is asked. @throws FormatError as above */
  stateAfter(hash: Field): StateContents {
    const row = this.connectedRow(hash);
    return this.sharedFor(hash).stateAfter(row);
  }
}

/** Hash of a node's best block, as it is displayed. */
export const tipOf = (node: ChainView): string => toDisplayHex(node.tipHash);
