import {
  ABSENT,
  assert,
  type Block,
  type ChainView,
  type Destination,
  isCoinbase,
  isPayToKeyHash,
  isPayToScriptHash,
  knownTxid,
  type Outpoint,
  outpointKey,
  type Params,
  scriptAddress,
  scriptDestination,
  type Transaction,
  type TxOutput,
  toWireHex,
} from "@fluxlab/core";

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
  /** Notes in the Sprout tree. */
  readonly notes: number;
}

interface IndexedBlock {
  readonly row: number;
  readonly totals: ChainTotals;
  /** Keys of the entries it made, in order. */
  readonly addresses: readonly string[];
}

const NOTES_OF_A_JOIN_SPLIT = 2;

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
 * Kept in memory, as the blocks are; it follows the chain when it is asked to.
 */
export class ChainIndex {
  readonly #chain: ChainView;
  /** By txid in wire hex. */
  readonly #transactions: Map<string, MinedTransaction>;
  /** By outpointKey. */
  readonly #spendings: Map<string, Spending>;
  /** By {@link addressKey}, in chain order. */
  readonly #addresses: Map<string, AddressEntry[]>;
  /** By height, from genesis. */
  readonly #blocks: IndexedBlock[];

  constructor(chain: ChainView) {
    this.#chain = chain;
    this.#transactions = new Map();
    this.#spendings = new Map();
    this.#addresses = new Map();
    this.#blocks = [];
  }

  /** Goes where the chain is. Cost: the blocks in between. */
  follow(): void {
    const { tree } = this.#chain.shared;
    const { tip } = this.#chain;
    while (this.#blocks.length > 0 && !this.#chain.isActive(this.#blocks.at(-1)!.row)) this.#drop();
    const last = this.#blocks.at(-1)?.row;
    const path = last === undefined ? [tree.root, ...tree.path(tree.root, tip)] : tree.path(last, tip);
    for (const row of path) this.#add(row);
  }

  /** Row of the block at a height of the best chain; undefined outside of it. */
  rowAt(height: number): number | undefined {
    return this.#blocks[height]?.row;
  }

  /** After the block at a height of the best chain. */
  totalsAt(height: number): ChainTotals {
    const block = this.#blocks[height];
    assert(block !== undefined, "totals are those of the best chain");
    return block.totals;
  }

  /** `txid` in wire order. */
  transaction(txid: Uint8Array): MinedTransaction | undefined {
    return this.#transactions.get(toWireHex(txid));
  }

  spending(outpoint: Outpoint): Spending | undefined {
    return this.#spendings.get(outpointKey(outpoint));
  }

  /** An output of the best chain, spent or not. */
  output({ txid, index }: Outpoint): TxOutput | undefined {
    const mined = this.transaction(txid);
    return mined?.tx.kind === "ordinary" ? mined.tx.outputs[index] : undefined;
  }

  /** In chain order. */
  ofAddress(destination: Destination): readonly AddressEntry[] {
    return this.#addresses.get(addressKey(destination)) ?? [];
  }

  #blockOf(row: number): Block {
    const block = this.#chain.block(row);
    assert(
      block !== undefined && block !== "pruned",
      "a node with an index keeps the blocks of its best chain",
    );
    return block;
  }

  #add(row: number): void {
    assert(row !== ABSENT, "a chain has no gaps");
    const touched: string[] = [];
    const height = this.#blocks.length;
    const { transactions } = this.#blockOf(row);
    // What genesis pays is no coin, and fluxd's indexes leave it out.
    for (const [position, tx] of height === 0 ? [] : transactions.entries()) {
      this.#transactions.set(toWireHex(knownTxid(tx)), { tx, height, position });
      if (tx.kind !== "ordinary") continue;
      const note = (entry: Omit<AddressEntry, "txid" | "height" | "position">): void => {
        const destination = scriptDestination(entry.output.scriptPubKey);
        if (destination === undefined) return;
        const key = addressKey(destination);
        touched.push(key);
        const entries = this.#addresses.get(key);
        const whole = { ...entry, txid: knownTxid(tx), height, position };
        if (entries === undefined) this.#addresses.set(key, [whole]);
        else entries.push(whole);
      };
      if (!isCoinbase(tx)) this.#addInputs(tx, height, note);
      for (const [index, output] of tx.outputs.entries()) {
        const outpoint = { txid: knownTxid(tx), index };
        note({ kind: "received", index, satoshi: output.value, outpoint, output });
      }
    }
    this.#blocks.push({ row, totals: this.#totals(row, transactions), addresses: touched });
  }

  #totals(row: number, transactions: readonly Transaction[]): ChainTotals {
    const before = this.#blocks.at(-1)?.totals;
    const { supplyChange } = this.#chain.shared.deltaOf(row);
    const joinSplits = transactions.reduce(
      (count, tx) => count + (tx.kind === "ordinary" ? tx.shielded.joinSplits.length : 0),
      0,
    );
    return {
      sprout: (before?.sprout ?? 0n) + supplyChange.sprout,
      notes: (before?.notes ?? 0) + NOTES_OF_A_JOIN_SPLIT * joinSplits,
    };
  }

  #addInputs(
    tx: Extract<Transaction, { kind: "ordinary" }>,
    height: number,
    note: (entry: Omit<AddressEntry, "txid" | "height" | "position">) => void,
  ): void {
    for (const [index, { prevout }] of tx.inputs.entries()) {
      this.#spendings.set(outpointKey(prevout), { txid: knownTxid(tx), index, height });
      const output = this.output(prevout);
      assert(output !== undefined, "a block spends what came before it");
      note({ kind: "spent", index, satoshi: -output.value, outpoint: prevout, output });
    }
  }

  #drop(): void {
    const { row, addresses } = this.#blocks.pop()!;
    for (const key of addresses) this.#addresses.get(key)!.pop();
    if (this.#blocks.length === 0) return;
    for (const tx of this.#blockOf(row).transactions) {
      if (tx.kind === "ordinary")
        for (const { prevout } of tx.inputs) this.#spendings.delete(outpointKey(prevout));
      this.#transactions.delete(toWireHex(knownTxid(tx)));
    }
  }
}
