import {
  type Block,
  blockHash,
  type Coin,
  type FullNode,
  hashKey,
  isCoinbase,
  type OrdinaryTransaction,
  ParseError,
  parseWhole,
  readBlock,
  txid,
} from "@fluxlab/core";
import type { CheckerPool } from "./checkerPool.ts";

/** Blocks whose outputs are remembered until they are part of the chain: more are never on their way. */
const BLOCKS_AHEAD = 256;
/** The header of it is not known: its height is not either. */
const ABSENT = -1;

/**
 * Sees blocks that a node will be given while it catches up, as soon as they have come, and has their signatures checked by other
 * threads meanwhile. Everything that a block will be judged by is in it, but for the coins it spends: those are in the node's state, or
 * in a block that was seen before.
 */
export class BlockForesight {
  readonly #node: Pick<FullNode, "catchingUp" | "chain">;
  readonly #pool: Pick<CheckerPool, "ready" | "check" | "rest">;
  /** Outputs of the last blocks seen, by transaction. */
  readonly #outputs = new Map<string, { readonly tx: OrdinaryTransaction; readonly height: number }>();
  /** Their transactions, by block. */
  readonly #blocks: (readonly string[])[] = [];
  #resting = true;

  constructor(
    node: Pick<FullNode, "catchingUp" | "chain">,
    pool: Pick<CheckerPool, "ready" | "check" | "rest">,
  ) {
    this.#node = node;
    this.#pool = pool;
  }

  /** A message with a block has come, and waits for its turn. */
  sees(payload: Uint8Array): void {
    if (!this.#node.catchingUp) return this.#rest();
    this.#resting = false;
    const block = parseWhole(payload, readBlock);
    if (block instanceof ParseError) return;
    const { shared } = this.#node.chain;
    const row = shared.tree.find(blockHash(block.header));
    if (row === ABSENT) return;
    const height = shared.tree.height(row);
    this.#remember(block, height);
    const spent = shared.trustIn(row) === "nothing" ? this.#spentBy(block) : [];
    if (this.#pool.ready) this.#pool.check({ payload, height, spent });
  }

  /** At the tip of the chain, signatures were checked when transactions came. */
  #rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#outputs.clear();
    this.#blocks.length = 0;
    void this.#pool.rest();
  }

  #spentBy({ transactions }: Block): (readonly Coin[] | undefined)[] {
    return transactions.map((tx) => {
      if (tx.kind !== "ordinary" || isCoinbase(tx)) return undefined;
      const coins = tx.inputs.map(({ prevout }) => this.#coin(prevout));
      return coins.every((coin) => coin !== undefined) ? coins : undefined;
    });
  }

  #coin(prevout: OrdinaryTransaction["inputs"][number]["prevout"]): Coin | undefined {
    const from = this.#outputs.get(hashKey(prevout.txid));
    if (from === undefined) return this.#node.chain.state().coin(prevout);
    const output = from.tx.outputs[prevout.index];
    if (output === undefined) return undefined;
    // A copy, because a view would have all of its block sent to the thread.
    const scriptPubKey = output.scriptPubKey.slice();
    return { value: output.value, scriptPubKey, height: from.height, coinbase: isCoinbase(from.tx) };
  }

  #remember({ transactions }: Block, height: number): void {
    const made: string[] = [];
    for (const tx of transactions) {
      if (tx.kind !== "ordinary") continue;
      const key = hashKey(txid(tx));
      this.#outputs.set(key, { tx, height });
      made.push(key);
    }
    this.#blocks.push(made);
    if (this.#blocks.length <= BLOCKS_AHEAD) return;
    for (const key of this.#blocks.shift()!) this.#outputs.delete(key);
  }
}
