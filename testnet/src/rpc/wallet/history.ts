import {
  type Block,
  type Destination,
  decodeAddress,
  isCoinbase,
  isPayToKeyHash,
  isPayToScriptHash,
  knownTxid,
  type OrdinaryTransaction,
  type Outpoint,
  outpointKey,
  ParseError,
  parseDisplayHash,
  parseWhole,
  readTransaction,
  scriptAddress,
  scriptDestination,
  shieldedValueIn,
  type Transaction,
  type TxOutput,
  toWireHex,
  transactionValueOut,
  wireHex,
} from "@fluxlab/core";
import { addressKey, POSITIONS } from "../chainIndex.ts";
import { type CommandContext, walletOf } from "../command.ts";
import type { Ownership, Wallet } from "./wallet.ts";
import type { SentPayment } from "./walletFile.ts";

// fluxd keeps every transaction that ever concerned its wallet. Here they are found again at each call: in the index of the best
// chain, in the pool, in blocks that left the best chain, and among what the wallet sent.

/** An output of the wallet's own. */
interface OwnOutput {
  readonly vout: number;
  readonly output: TxOutput;
  readonly ownership: Ownership;
}

/**
 * When the wallet heard of a transaction, as far as that can be told: after the block of that height, and then in that order.
 * What was mined before anybody asked is taken for heard of with its block.
 */
interface Arrival {
  readonly height: number;
  /** 0: with that block; 1: while it was the tip; 2: in a branch that left the best chain there. */
  readonly stage: 0 | 1 | 2;
  /** Within a stage. */
  readonly order: number;
}

/** A transaction that pays the wallet or spends what the wallet was paid. */
export interface WalletTransaction {
  /** Wire order, hex: fluxd's order of whatever it does not sort by arrival. */
  readonly id: string;
  /** Undefined: in no block of the best chain. */
  readonly mined: { readonly height: number; readonly position: number } | undefined;
  /** Blocks on top of it and its own; 0: in the pool; -1: in neither, for another transaction or branch took its place. */
  readonly depth: number;
  /** Unix seconds at which it was heard of, or of its block. */
  readonly time: number;
  readonly coinbase: boolean;
  /** What the wallet's owner noted when paying. */
  readonly note: SentPayment | undefined;
  /** Satoshi of the wallet's coins that it spends. */
  readonly spent: Readonly<Record<Ownership, bigint>>;
  /** In the order of its outputs. */
  readonly own: readonly OwnOutput[];
  /** Outputs to bare keys of addresses that are looked at, which fluxd takes for the wallet's by address and not by script. */
  readonly bare: readonly OwnOutput[];
  readonly arrival: Arrival;
}

/** An output that left the wallet or came to it. */
export interface Payment {
  /** Undefined: no address stands for it. */
  readonly address: string | undefined;
  readonly vout: number;
  readonly value: bigint;
}

/** A transaction as payments. Source: fluxd src/wallet/wallet.cpp CWalletTx::GetAmounts. */
export interface Amounts {
  readonly received: readonly Payment[];
  readonly sent: readonly Payment[];
  /** 0 unless the wallet's coins are spent. */
  readonly fee: bigint;
}

/** What is collected of a transaction before all of it is known. */
interface Draft {
  readonly spent: Record<Ownership, bigint>;
  readonly own: OwnOutput[];
  readonly bare: OwnOutput[];
}

/** A transaction outside of the best chain. */
interface Loose {
  readonly tx: OrdinaryTransaction;
  readonly depth: 0 | -1;
  readonly time: number;
  readonly arrival: Arrival;
}

/** All transactions of a wallet, as things stand when it is made. Cost: what the wallet's addresses were ever part of. */
export class WalletHistory {
  readonly wallet: Wallet;
  readonly #context: CommandContext;
  readonly #ownership: Map<string, Ownership | undefined>;
  readonly #notes: Map<string, SentPayment>;
  readonly #loose: Map<string, Loose>;
  /** By outpointKey: who in {@link #loose} spends it. */
  readonly #looseSpenders: Map<string, string[]>;
  readonly #transactions: Map<string, WalletTransaction>;

  /** @throws RpcError if the node runs without a wallet, or its blocks are pruned */
  constructor(context: CommandContext) {
    this.wallet = walletOf(context);
    this.#context = context;
    this.#ownership = new Map();
    this.#notes = new Map();
    for (const note of this.wallet.sent) this.#notes.set(toWireHex(parseDisplayHash(note.txid)!), note);
    this.#loose = new Map();
    this.#looseSpenders = new Map();
    this.#transactions = new Map();
    this.#addMined();
    for (const loose of [...this.#inPool(), ...this.#inBranches(), ...this.#lostPayments()]) this.#add(loose);
    for (const [id, loose] of this.#loose) this.#judge(id, loose);
  }

  get size(): number {
    return this.#transactions.size;
  }

  find(id: string): WalletTransaction | undefined {
    return this.#transactions.get(id);
  }

  /** As fluxd keeps them. */
  byId(): WalletTransaction[] {
    return [...this.#transactions.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The first that was heard of first. */
  byArrival(): WalletTransaction[] {
    return [...this.#transactions.values()].sort(
      ({ arrival: a }, { arrival: b }) => a.height - b.height || a.stage - b.stage || a.order - b.order,
    );
  }

  #addMined(): void {
    const { index, api } = this.#context;
    const { tree } = api.node.chain.shared;
    const drafts = new Map<string, Draft & { readonly mined: { height: number; position: number } }>();
    for (const destination of this.wallet.destinations()) {
      for (const { kind, txid, index: vout, height, position, output } of index.ofAddress(destination)) {
        const id = toWireHex(txid);
        const draft = drafts.get(id) ?? { ...emptyDraft(), mined: { height, position } };
        drafts.set(id, draft);
        if (kind === "received") this.#sort(draft, output, vout);
        else this.#charge(draft, output);
      }
    }
    for (const [id, draft] of drafts) {
      if (!concerns(draft)) continue;
      const { spent, own, bare, mined } = draft;
      const note = this.#notes.get(id);
      const { height, position } = mined;
      this.#transactions.set(id, {
        id,
        mined,
        depth: api.node.chain.tipHeight - height + 1,
        time: note?.time ?? tree.time(index.rowAt(height)!),
        coinbase: position === 0,
        note,
        spent,
        own: own.sort((a, b) => a.vout - b.vout),
        bare,
        arrival: this.#noted(note) ?? { height, stage: 0, order: position },
      });
    }
  }

  #noted(note: SentPayment | undefined): Arrival | undefined {
    return note?.height === undefined
      ? undefined
      : { height: note.height, stage: 1, order: this.wallet.sent.indexOf(note) - this.wallet.sent.length };
  }

  *#inPool(): Generator<Loose> {
    let order = 0;
    for (const { tx, time, height } of this.#context.api.node.mempool.pool.entries()) {
      if (tx.kind === "ordinary") yield { tx, depth: 0, time, arrival: { height, stage: 1, order: order++ } };
    }
  }

  /** Of blocks that were once on the best chain. What was folded since, fluxd would still know. */
  *#inBranches(): Generator<Loose> {
    const { chain } = this.#context.api.node;
    const { tree } = chain.shared;
    for (const row of tree.subtree(tree.root)) {
      if (chain.isActive(row) || !chain.isValid(row) || !chain.hasBlock(row)) continue;
      const height = tree.height(tree.commonAncestor(row, chain.tip));
      const block = chain.block(row) as Block;
      for (const [position, tx] of block.transactions.entries()) {
        const order = (tree.height(row) - height) * POSITIONS + position;
        if (tx.kind === "ordinary")
          yield { tx, depth: -1, time: tree.time(row), arrival: { height, stage: 2, order } };
      }
    }
  }

  *#lostPayments(): Generator<Loose> {
    for (const [order, { hex, time }] of this.wallet.sent.entries()) {
      const tx = parseWhole(wireHex(hex), readTransaction);
      if (tx instanceof ParseError || tx.kind !== "ordinary") continue;
      yield { tx, depth: -1, time, arrival: { height: 0, stage: 1, order } };
    }
  }

  #add(loose: Loose): void {
    const txid = knownTxid(loose.tx);
    const id = toWireHex(txid);
    if (this.#loose.has(id) || this.#context.index.transaction(txid) !== undefined) return;
    this.#loose.set(id, loose);
    if (isCoinbase(loose.tx)) return;
    for (const { prevout } of loose.tx.inputs) {
      const key = outpointKey(prevout);
      this.#looseSpenders.set(key, [...(this.#looseSpenders.get(key) ?? []), id]);
    }
  }

  /** Takes a transaction in if it concerns the wallet. */
  #judge(id: string, { tx, depth, time, arrival }: Loose): void {
    const draft = emptyDraft();
    for (const { prevout } of isCoinbase(tx) ? [] : tx.inputs) {
      const output = this.#output(prevout);
      if (output !== undefined) this.#charge(draft, output);
    }
    for (const [vout, output] of tx.outputs.entries()) this.#sort(draft, output, vout);
    if (!concerns(draft)) return;
    const note = this.#notes.get(id);
    this.#transactions.set(id, {
      id,
      mined: undefined,
      depth,
      time: note?.time ?? time,
      coinbase: isCoinbase(tx),
      note,
      ...draft,
      arrival: this.#noted(note) ?? arrival,
    });
  }

  /** An output that a transaction spends. */
  #charge({ spent }: Draft, output: TxOutput): void {
    const ownership = this.#ownershipOfOutput(output);
    if (ownership !== undefined) spent[ownership] += output.value;
  }

  /** An output that a transaction has. */
  #sort({ own, bare }: Draft, output: TxOutput, vout: number): void {
    const ownership = this.#ownershipOfOutput(output);
    if (ownership !== undefined) own.push({ vout, output, ownership });
    else if (this.#ownershipOf(scriptDestination(output.scriptPubKey)) === "watched")
      bare.push({ vout, output, ownership: "watched" });
  }

  #output(outpoint: Outpoint): TxOutput | undefined {
    return (
      this.#context.index.output(outpoint) ??
      this.#loose.get(toWireHex(outpoint.txid))?.tx.outputs[outpoint.index]
    );
  }

  /** Who looks at an address does not look at what pays its bare key. Source: fluxd src/wallet/ismine.cpp IsMine. */
  #ownershipOfOutput({ scriptPubKey }: TxOutput): Ownership | undefined {
    const ownership = this.#ownershipOf(scriptDestination(scriptPubKey));
    const named = isPayToKeyHash(scriptPubKey) || isPayToScriptHash(scriptPubKey);
    return ownership === "watched" && !named ? undefined : ownership;
  }

  #ownershipOf(destination: Destination | undefined): Ownership | undefined {
    if (destination === undefined) return undefined;
    const key = addressKey(destination);
    if (!this.#ownership.has(key)) this.#ownership.set(key, this.wallet.ownership(destination));
    return this.#ownership.get(key);
  }

  /** The address that stands for an output. */
  addressOf({ scriptPubKey }: TxOutput): string | undefined {
    return scriptAddress(scriptPubKey, this.#context.api.params);
  }

  /** The wallet's outputs that a transaction spends. */
  ownInputs({ id, coinbase, spent }: WalletTransaction): TxOutput[] {
    if (coinbase || spent.spendable + spent.watched === 0n) return [];
    return this.transaction(id).inputs.flatMap(({ prevout }) => {
      const output = this.#output(prevout);
      return output !== undefined && this.#ownershipOfOutput(output) !== undefined ? [output] : [];
    });
  }

  /** In the chain, or paid by coins of the wallet alone. Source: fluxd src/wallet/wallet.cpp CWalletTx::IsTrusted. */
  isTrusted({ id, depth }: WalletTransaction): boolean {
    if (depth !== 0) return depth > 0;
    return this.transaction(id).inputs.every(({ prevout }) => {
      const output = this.#output(prevout);
      return output !== undefined && this.#ownershipOfOutput(output) === "spendable";
    });
  }

  /** Whether chain or pool spend an output. */
  isSpent({ id }: WalletTransaction, vout: number): boolean {
    const outpoint = { txid: wireHex(id), index: vout };
    const { index, api } = this.#context;
    return index.spending(outpoint) !== undefined || api.node.mempool.pool.spender(outpoint) !== undefined;
  }

  /** Whose an address is. */
  ownershipOf(address: string): Ownership | undefined {
    return this.#ownershipOf(decodeAddress(address, this.#context.api.params));
  }

  /** All of a transaction, which may have to be read from a block. */
  transaction(id: string): OrdinaryTransaction {
    const loose = this.#loose.get(id)?.tx;
    const tx: Transaction = loose ?? this.#context.index.transaction(wireHex(id))!.tx;
    return tx as OrdinaryTransaction; // no other kind has outputs, or inputs that spend some
  }

  /** Other transactions of the wallet that spend a coin which this one spends, by id. */
  conflicts({ id, coinbase }: WalletTransaction): string[] {
    if (coinbase) return [];
    const spenders = this.transaction(id).inputs.flatMap(({ prevout }) => {
      const mined = this.#context.index.spending(prevout);
      const loose = this.#looseSpenders.get(outpointKey(prevout)) ?? [];
      return mined === undefined ? loose : [toWireHex(mined.txid), ...loose];
    });
    return [...new Set(spenders)].filter((each) => each !== id && this.#transactions.has(each)).sort();
  }

  /** `watching`: what is only looked at counts as the wallet's. */
  amounts(transaction: WalletTransaction, watching: boolean): Amounts {
    const debit = debitOf(transaction, watching);
    const received = transaction.own
      .filter((each) => counts(each.ownership, watching))
      .map(({ vout, output }) => this.#payment(output, vout));
    if (debit === 0n) return { received, sent: [], fee: 0n };
    const tx = this.transaction(transaction.id);
    const own = new Set(transaction.own.map(({ vout }) => vout));
    const isChange = ({ address, vout }: Payment): boolean =>
      own.has(vout) && (address === undefined || this.wallet.labelOf(address) === undefined);
    const sent = tx.outputs
      .map((output, vout) => this.#payment(output, vout))
      .filter((each) => !isChange(each));
    const shielded = { address: undefined, vout: tx.outputs.length };
    const { valueBalance } = tx.shielded;
    if (valueBalance < 0n) sent.unshift({ ...shielded, value: -valueBalance });
    const unshielded = valueBalance > 0n ? [{ ...shielded, value: valueBalance }] : [];
    return {
      received: [...unshielded, ...received.filter((each) => !isChange(each))],
      sent,
      fee: debit - transactionValueOut(tx) + shieldedValueIn(tx),
    };
  }

  #payment(output: TxOutput, vout: number): Payment {
    return { address: this.addressOf(output), vout, value: output.value };
  }
}

const emptyDraft = (): Draft => ({ spent: { spendable: 0n, watched: 0n }, own: [], bare: [] });

const concerns = ({ spent, own }: Draft): boolean => own.length > 0 || spent.spendable + spent.watched > 0n;

/** Whether an output is of those asked for. */
export const counts = (ownership: Ownership | undefined, watching: boolean): boolean =>
  ownership === "spendable" || (watching && ownership === "watched");

/** Satoshi of the wallet's coins that a transaction spends. */
export const debitOf = ({ spent }: WalletTransaction, watching: boolean): bigint =>
  spent.spendable + (watching ? spent.watched : 0n);

/**
 * Blocks until the wallet may spend it: one more than the rules want. Source: fluxd src/wallet/wallet.cpp CMerkleTx::GetBlocksToMaturity.
 */
export const blocksToMaturity = (
  { coinbase, depth }: WalletTransaction,
  { api }: Pick<CommandContext, "api">,
): number => (coinbase ? Math.max(0, api.params.coinbaseMaturity + 1 - depth) : 0);
