import {
  compareBytes,
  keyId,
  NEW_COLLATERAL,
  OLD_COLLATERAL,
  type Outpoint,
  type Params,
  payToKeyHash,
  type StateImage,
  TIERS,
  type Tier,
  type Transaction,
  type TxOutput,
  txid,
  UPDATE_CONFIRM,
  upgradeActive,
} from "@fluxlab/core";
import type { WitnessedBlock } from "./checker.ts";

/** What is known of a FluxNode from the blocks that mention it. Heights; 0: never. */
export interface BookEntry {
  readonly outpoint: Outpoint;
  readonly tier: Tier;
  readonly status: "started" | "dos" | "confirmed";
  /** Output script of the collateral: where payments go. */
  readonly script: Uint8Array;
  readonly added: number;
  readonly confirmed: number;
  readonly lastConfirmed: number;
  readonly lastPaid: number;
}

/** By txid, wire order in hex, and index. */
export type FluxnodeBook = ReadonlyMap<string, BookEntry>;

/** Which of them a height accepts is for blocks to break; here it is only which tier an amount stands for. */
const tierOf = (value: bigint | undefined): Tier | undefined =>
  TIERS.find((tier) => NEW_COLLATERAL[tier] === value || OLD_COLLATERAL[tier] === value);

const keyOf = ({ txid: id, index }: Outpoint): string => `${id.join()}:${index}`;

/** Blocks that nodes may go without a word, told from the upgrades alone. */
function patience({ upgrades }: Params, height: number) {
  const [pon, halving, flux] = (["pon", "halving", "flux"] as const).map((name) =>
    upgradeActive(upgrades, name, height),
  );
  return {
    start: pon ? 240 : 60,
    release: pon ? 720 : 180,
    expiry: pon ? 640 : halving ? 160 : flux ? 80 : 60,
  };
}

/**
 * The lists of FluxNodes as 03 section 5 of the protocol description tells them, every rule asked of every node in every block, from
 * what blocks hold. Shares no code with the rules that nodes run on.
 */
export class FluxnodeBooks {
  readonly #books = new WeakMap<WitnessedBlock, FluxnodeBook>();
  /** Outputs that could be collaterals, of all blocks ever seen. */
  readonly #outputs = new Map<string, TxOutput>();

  /** After a block that was added. */
  after(block: WitnessedBlock): FluxnodeBook {
    return this.#books.get(block)!;
  }

  /** Those due in the block after: the head of each tier's queue. */
  due(block: WitnessedBlock): BookEntry[] {
    const confirmed = [...this.after(block).values()].filter(({ status }) => status === "confirmed");
    return TIERS.flatMap((tier) =>
      confirmed
        .filter((entry) => entry.tier === tier)
        .sort(byTurn)
        .slice(0, 1),
    );
  }

  /** What a state has after a block. */
  begin(block: WitnessedBlock, state: StateImage): void {
    if (this.#books.has(block)) return;
    const scripts = new Map<string, Uint8Array>();
    for (const [outpoint, coin] of state.coins()) {
      if (tierOf(coin.value) === undefined) continue;
      scripts.set(keyOf(outpoint), coin.scriptPubKey);
      this.#outputs.set(keyOf(outpoint), coin);
    }
    const book = new Map<string, BookEntry>();
    for (const {
      outpoint,
      identity,
      status,
      confirmedHeight,
      lastConfirmedHeight,
      lastPaidHeight,
    } of state.fluxnodes()) {
      const key = keyOf(outpoint);
      book.set(key, {
        ...{
          outpoint,
          status,
          tier: identity.tier,
          script: scripts.get(key) ?? payToKeyHash(keyId(identity.collateralPubkey)),
        },
        ...{ added: identity.addedHeight, confirmed: confirmedHeight },
        ...{ lastConfirmed: lastConfirmedHeight, lastPaid: lastPaidHeight },
      });
    }
    this.#books.set(block, book);
  }

  /** Parents before children; a block that was added stays as it is. */
  add(block: WitnessedBlock, params: Params): void {
    if (this.#books.has(block)) return;
    const { parent, height } = block;
    this.#noteOutputs(block);
    const before: FluxnodeBook = parent === undefined ? new Map() : this.after(parent);
    const paid = parent === undefined || height < params.fluxnodes.paymentStartHeight ? [] : this.due(parent);
    const book = new Map(before);
    this.#start(book, block);
    const told = confirmsOf(block);
    const spent = spentBy(block);
    const windows = patience(params, height);
    for (const [key, entry] of before) grow(book, key, entry, { height, told, spent, ...windows });
    for (const { outpoint } of paid) {
      const entry = book.get(keyOf(outpoint));
      if (entry?.status === "confirmed") book.set(keyOf(outpoint), { ...entry, lastPaid: height });
    }
    this.#books.set(block, book);
  }

  #noteOutputs({ block }: WitnessedBlock): void {
    for (const tx of block.transactions) {
      if (tx.kind !== "ordinary") continue;
      tx.outputs.forEach((output, index) => {
        if (tierOf(output.value) !== undefined) this.#outputs.set(keyOf({ txid: txid(tx), index }), output);
      });
    }
  }

  #start(book: Map<string, BookEntry>, { block, height }: WitnessedBlock): void {
    for (const tx of block.transactions) {
      if (tx.kind !== "fluxnodeStart") continue;
      const key = keyOf(tx.collateral);
      const output = this.#outputs.get(key);
      const tier = tierOf(output?.value);
      if (output === undefined || tier === undefined) continue;
      book.set(key, {
        outpoint: tx.collateral,
        tier,
        status: "started",
        script: output.scriptPubKey,
        added: height,
        confirmed: 0,
        lastConfirmed: 0,
        lastPaid: 0,
      });
    }
  }
}

interface BlockFacts extends ReturnType<typeof patience> {
  readonly height: number;
  readonly told: ReadonlyMap<string, number>;
  readonly spent: ReadonlySet<string>;
}

/** What a block does to a node that was in the book before it. */
function grow(book: Map<string, BookEntry>, key: string, entry: BookEntry, facts: BlockFacts): void {
  const { height, told, spent } = facts;
  const word = told.get(key);
  if (entry.status === "started") {
    if (word !== undefined) {
      book.set(key, { ...entry, status: "confirmed", confirmed: height, lastConfirmed: height });
    } else if (entry.added === height - facts.start) book.set(key, { ...entry, status: "dos" });
  } else if (entry.status === "dos") {
    if (entry.added === height - facts.release) book.delete(key);
  } else if (spent.has(key)) book.delete(key);
  else if (word === UPDATE_CONFIRM) book.set(key, { ...entry, lastConfirmed: height });
  else if (entry.lastConfirmed < height - facts.expiry) book.delete(key);
}

/** Update types by node. */
const confirmsOf = ({ block }: WitnessedBlock): Map<string, number> =>
  new Map(
    block.transactions.flatMap((tx) =>
      tx.kind === "fluxnodeConfirm" ? [[keyOf(tx.collateral), tx.updateType] as const] : [],
    ),
  );

const spentBy = ({ block }: WitnessedBlock): Set<string> =>
  new Set(
    block.transactions.flatMap((tx: Transaction) =>
      tx.kind === "ordinary" ? tx.inputs.map(({ prevout }) => keyOf(prevout)) : [],
    ),
  );

/** Whoever waits longest; of equals those never paid come first, then the smaller outpoint. */
function byTurn(a: BookEntry, b: BookEntry): number {
  const since = (entry: BookEntry) => (entry.lastPaid === 0 ? entry.confirmed : entry.lastPaid);
  return (
    since(a) - since(b) ||
    Math.sign(a.lastPaid) - Math.sign(b.lastPaid) ||
    compareBytes(a.outpoint.txid, b.outpoint.txid) ||
    a.outpoint.index - b.outpoint.index
  );
}
