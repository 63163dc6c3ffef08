import {
  ABSENT,
  assert,
  type Block,
  type ChainView,
  type Destination,
  GENESIS_ROW,
  isCoinbase,
  isPayToKeyHash,
  isPayToScriptHash,
  joinSplitCommitments,
  knownTxid,
  type Outpoint,
  outpointKey,
  type Params,
  SproutTree,
  scriptAddress,
  scriptDestination,
  shieldedValueIn,
  shieldedValueOut,
  type Transaction,
  type TxOutput,
  toWireHex,
} from "@fluxlab/core";
import { RPC, RpcError } from "./rpcError.ts";

/** A transaction of the best chain. */
export interface MinedTransaction {
  readonly tx: Transaction;
  readonly height: number;
  /** Position in its block. */
  readonly position: number;
}

/** Where an output was spent. */
export interface Spending {
  readonly txid: Uint8Array;
  /** Of the input. */
  readonly index: number;
  readonly height: number;
}

/** An output paid to an address, or an input that spent one. */
export interface AddressEntry {
  readonly kind: "received" | "spent";
  readonly txid: Uint8Array;
  /** Of the output or input. */
  readonly index: number;
  /** Negative if spent. */
  readonly satoshi: bigint;
  readonly height: number;
  /** Of the transaction in its block. */
  readonly position: number;
  /** The output that was paid or is spent. */
  readonly outpoint: Outpoint;
  readonly output: TxOutput;
}

/** What a chain comes to up to and with a block. */
export interface ChainTotals {
  /** Satoshi in the Sprout pool; see Supply of the core. */
  readonly sprout: bigint;
  readonly sproutTree: SproutTree;
}

interface IndexedBlock {
  readonly row: number;
  readonly totals: ChainTotals;
  /** Keys of the entries it made, in order. */
  readonly addresses: readonly string[];
}

/** A transaction's place as one number: height * 2^20 + position, of which a block has fewer. */
export const POSITIONS = 2 ** 20;
/** Blocks that were read last. */
const RECENT = 64;

/**
 * The address that fluxd's indexes have an output under: that of a script that names a hash. Outputs to bare keys are under none,
 * though their keys have addresses. Source: fluxd src/main.cpp ConnectBlock, fAddressIndex.
 */
export const indexedAddress = ({ scriptPubKey }: TxOutput, params: Params): string | undefined =>
  isPayToKeyHash(scriptPubKey) || isPayToScriptHash(scriptPubKey)
    ? scriptAddress(scriptPubKey, params)
    : undefined;

/** By which an address is found. */
export const addressKey = ({ type, id }: Destination): string => `${type} ${toWireHex(id)}`;

/**
 * What a best chain holds, by transaction, by output spent and by address: fluxd's -txindex, -spentindex and -addressindex.
 * Kept in memory, but for the transactions themselves; it follows the chain when it is asked something.
 */
export class ChainIndex {
  readonly #chain: ChainView;
  /** By txid in wire hex: see {@link POSITIONS}. */
  readonly #transactions: Map<string, number>;
  /** By outpointKey. */
  readonly #spendings: Map<string, Spending>;
  /** By {@link addressKey}, in chain order. */
  readonly #addresses: Map<string, AddressEntry[]>;
  /** By height, from genesis. */
  readonly #blocks: IndexedBlock[];
  /** By row, the last one asked for the last. */
  readonly #recent: Map<number, Block>;

  constructor(chain: ChainView) {
    this.#chain = chain;
    this.#transactions = new Map();
    this.#spendings = new Map();
    this.#addresses = new Map();
    this.#blocks = [];
    this.#recent = new Map();
  }

  /**
   * Goes where the chain is. Cost: the blocks in between.
   * @throws RpcError where blocks are pruned, which no index is without
   */
  follow(): void {
    const { tree } = this.#chain.shared;
    const { tip } = this.#chain;
    if (this.#blocks.at(-1)?.row === tip) return;
    for (
      let at = this.#blocks.at(-1);
      at !== undefined && !this.#chain.isActive(at.row);
      at = this.#blocks.at(-1)
    ) {
      // A branch that was left so long ago that nothing of it is left either.
      if (tree.isLive(at.row)) this.#drop();
      else this.#clear();
    }
    const last = this.#blocks.at(-1)?.row;
    const path = last === undefined ? [GENESIS_ROW, ...tree.path(GENESIS_ROW, tip)] : tree.path(last, tip);
    for (const row of path) this.#add(row);
  }

  #clear(): void {
    this.#transactions.clear();
    this.#spendings.clear();
    this.#addresses.clear();
    this.#blocks.length = 0;
  }

  /** Row of the block at a height of the best chain; undefined outside of it. */
  rowAt(height: number): number | undefined {
    const { tip, tipHeight, shared } = this.#chain;
    return height >= 0 && height <= tipHeight ? shared.tree.ancestor(tip, height) : undefined;
  }

  /** After the block at a height of the best chain. */
  totalsAt(height: number): ChainTotals {
    this.follow();
    const block = this.#blocks[height];
    assert(block !== undefined, "totals are those of the best chain");
    return block.totals;
  }

  /** `txid` in wire order. */
  transaction(txid: Uint8Array): MinedTransaction | undefined {
    this.follow();
    return this.#find(txid);
  }

  #find(txid: Uint8Array): MinedTransaction | undefined {
    const place = this.#transactions.get(toWireHex(txid));
    if (place === undefined) return undefined;
    const height = Math.floor(place / POSITIONS);
    const position = place % POSITIONS;
    const tx = this.#blockOf(this.#chain.shared.tree.ancestor(this.#chain.tip, height)).transactions[
      position
    ];
    assert(tx !== undefined, "an index is of the blocks there are");
    return { tx, height, position };
  }

  spending(outpoint: Outpoint): Spending | undefined {
    this.follow();
    return this.#spendings.get(outpointKey(outpoint));
  }

  /** An output of the best chain, spent or not. */
  output({ txid, index }: Outpoint): TxOutput | undefined {
    this.follow();
    return this.#outputOf({ txid, index });
  }

  #outputOf({ txid, index }: Outpoint, from?: ReadonlyMap<string, Transaction>): TxOutput | undefined {
    const mined = { tx: from?.get(toWireHex(txid)) ?? this.#find(txid)?.tx };
    return mined.tx?.kind === "ordinary" ? mined.tx.outputs[index] : undefined;
  }

  /** In chain order. */
  ofAddress(destination: Destination): readonly AddressEntry[] {
    this.follow();
    return this.#addresses.get(addressKey(destination)) ?? [];
  }

  #blockOf(row: number): Block {
    const recent = this.#recent.get(row);
    const block = recent ?? this.#chain.block(row);
    if (block === undefined || block === "pruned") {
      throw new RpcError(RPC.misc, "Not available: this node is pruned, and keeps neither index nor wallet");
    }
    this.#recent.delete(row);
    this.#recent.set(row, block);
    if (this.#recent.size > RECENT) this.#recent.delete(this.#recent.keys().next().value!);
    return block;
  }

  #add(row: number): void {
    assert(row !== ABSENT, "a chain has no gaps");
    const touched: string[] = [];
    const height = this.#blocks.length;
    const { transactions } = this.#blockOf(row);
    const ofBlock = new Map<string, Transaction>();
    // What genesis pays is no coin, and fluxd's indexes leave it out.
    for (const [position, tx] of height === 0 ? [] : transactions.entries()) {
      const id = knownTxid(tx);
      ofBlock.set(toWireHex(id), tx);
      this.#transactions.set(toWireHex(id), height * POSITIONS + position);
      if (tx.kind !== "ordinary") continue;
      const note = (entry: Omit<AddressEntry, "txid" | "height" | "position">): void => {
        const destination = scriptDestination(entry.output.scriptPubKey);
        if (destination === undefined) return;
        const key = addressKey(destination);
        touched.push(key);
        const entries = this.#addresses.get(key);
        const whole = { ...withoutBlock(entry), txid: id, height, position };
        if (entries === undefined) this.#addresses.set(key, [whole]);
        else entries.push(whole);
      };
      if (!isCoinbase(tx)) this.#addInputs(tx, height, ofBlock, note);
      for (const [index, output] of tx.outputs.entries()) {
        note({ kind: "received", index, satoshi: output.value, outpoint: { txid: id, index }, output });
      }
    }
    this.#blocks.push({ row, totals: this.#totals(transactions), addresses: touched });
  }

  #totals(transactions: readonly Transaction[]): ChainTotals {
    let { sprout, sproutTree } = this.#blocks.at(-1)?.totals ?? { sprout: 0n, sproutTree: SproutTree.EMPTY };
    for (const tx of transactions) {
      if (tx.kind !== "ordinary") continue;
      sprout += shieldedValueOut(tx) - shieldedValueIn(tx);
      for (const joinSplit of tx.shielded.joinSplits)
        sproutTree = sproutTree.append(joinSplitCommitments(joinSplit));
    }
    return { sprout, sproutTree };
  }

  #addInputs(
    tx: Extract<Transaction, { kind: "ordinary" }>,
    height: number,
    ofBlock: ReadonlyMap<string, Transaction>,
    note: (entry: Omit<AddressEntry, "txid" | "height" | "position">) => void,
  ): void {
    for (const [index, { prevout }] of tx.inputs.entries()) {
      this.#spendings.set(outpointKey(prevout), { txid: knownTxid(tx), index, height });
      const output = this.#outputOf(prevout, ofBlock);
      assert(output !== undefined, "a block spends what came before it");
      note({ kind: "spent", index, satoshi: -output.value, outpoint: prevout, output });
    }
  }

  #drop(): void {
    const { row, addresses } = this.#blocks.pop()!;
    for (const key of addresses) this.#addresses.get(key)!.pop();
    if (this.#blocks.length === 0) return;
    // The chain may be elsewhere by now, and the block is still there.
    for (const tx of this.#blockOf(row).transactions) {
      if (tx.kind === "ordinary")
        for (const { prevout } of tx.inputs) this.#spendings.delete(outpointKey(prevout));
      this.#transactions.delete(toWireHex(knownTxid(tx)));
    }
  }
}

/** What is read of a block are views of its bytes: an entry that kept one would keep all. */
const withoutBlock = <T extends Pick<AddressEntry, "outpoint" | "output">>(entry: T): T => ({
  ...entry,
  outpoint: { txid: entry.outpoint.txid.slice(), index: entry.outpoint.index },
  output: { value: entry.output.value, scriptPubKey: entry.output.scriptPubKey.slice() },
});
