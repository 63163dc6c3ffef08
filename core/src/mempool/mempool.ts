import { equalBytes } from "../bytes/compare.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import { branchIdAt, upgradeActive } from "../params/upgrades.ts";
import type { FluxnodeTransaction } from "../primitives/fluxnodeTx.ts";
import type { Txid } from "../primitives/ids.ts";
import { joinSplitAnchor } from "../primitives/shielded.ts";
import { isCoinbase, type Transaction } from "../primitives/transaction.ts";
import { knownTxid } from "../primitives/txid.ts";
import { isExpired, isFinal } from "../rules/lockTime.ts";
import type { StateDelta } from "../state/delta.ts";
import { hashKey } from "../state/outpointKey.ts";
import type { Random } from "../util/random.ts";
import type { PoolEntry } from "./entry.ts";
import { AS_IT_IS, type Submission } from "./feeRules.ts";
import { FreeRelayLimiter } from "./freeRelay.ts";
import { judgeFluxnodeTx, judgePayment } from "./judge.ts";
import {
  checkLooseTransaction,
  checkSignatureTimes,
  checkUpdateDue,
  type LooseTxContext,
  type PoolTip,
} from "./looseTxRules.ts";
import { DEFAULT_MEMPOOL_SETTINGS, type MempoolSettings } from "./mempoolSettings.ts";
import { RecentTxids } from "./recentTxids.ts";
import { policy, type Refusal, silently } from "./refusal.ts";
import { drawForEviction } from "./sizeLimit.ts";
import { TxPool } from "./txPool.ts";

/** Why a transaction left the pool. */
export type Departure =
  | "mined"
  | "conflictsWithBlock"
  | "expired"
  | "replaced"
  | "waitedTooLong"
  | "evicted"
  | "undone"
  | "otherBranch"
  | "unfitForBlock";

/** A transaction that left the pool, and why. */
export interface Departed {
  readonly entry: PoolEntry;
  readonly why: Departure;
}

/** What came of an offer. Others may have had to leave in either case, and even the one that was taken. */
export type Acceptance = { readonly departed: readonly Departed[] } & (
  | { readonly accepted: true; readonly entry: PoolEntry }
  | { readonly accepted: false; readonly refusal: Refusal }
);

/** Unix seconds, by the node's clock and by its clock corrected by what its peers say. */
export interface PoolClock {
  readonly now: number;
  readonly adjustedTime: number;
}

/** Seconds a FluxNode transaction waits for a block, and for which it is not taken again. */
const FLUXNODE_TX_SECONDS = 1_800;
/** Ids of FluxNode transactions in blocks are remembered for so much longer than those of evicted ones. */
const IN_BLOCK_FACTOR = 3;
const REMEMBERED_TXIDS = 40_000;

/**
 * Transactions that wait for a block, and the memory of those that shall not come back. One node's: it reads its clock and its
 * chain from what it is given with each call. Sources: fluxd src/main.cpp AcceptToMemoryPool, ConnectTip, DisconnectTip,
 * src/txmempool.cpp.
 */
export class Mempool {
  readonly #pool: TxPool;
  readonly #params: Params;
  readonly #ecdsa: EcdsaBackend;
  readonly #random: Pick<Random, "below">;
  readonly #settings: MempoolSettings;
  readonly #limiter: FreeRelayLimiter;
  readonly #evicted: RecentTxids;
  /** FluxNode transactions of blocks. */
  readonly #inBlocks: RecentTxids;
  /** FluxNode transactions that were taken, with the time, oldest first; in the pool still or not. */
  readonly #seen: Map<string, { readonly entry: PoolEntry; readonly time: number }>;

  /** `random`: who has to leave when the pool is full. */
  constructor(
    params: Params,
    ecdsa: EcdsaBackend,
    random: Pick<Random, "below">,
    settings: MempoolSettings = DEFAULT_MEMPOOL_SETTINGS,
  ) {
    const { evictionMemorySeconds, freeRelayThousandBytesPerMinute } = settings;
    this.#pool = new TxPool();
    this.#params = params;
    this.#ecdsa = ecdsa;
    this.#random = random;
    this.#settings = settings;
    this.#limiter = new FreeRelayLimiter(freeRelayThousandBytesPerMinute);
    this.#evicted = new RecentTxids(evictionMemorySeconds, REMEMBERED_TXIDS);
    this.#inBlocks = new RecentTxids(
      DEFAULT_MEMPOOL_SETTINGS.evictionMemorySeconds * IN_BLOCK_FACTOR,
      REMEMBERED_TXIDS,
    );
    this.#seen = new Map();
  }

  /** What waits, to look at. */
  get pool(): Omit<TxPool, "add" | "remove"> {
    return this.#pool;
  }

  /** Judges `tx` for the block after the tip, and takes it in if nothing speaks against it. */
  accept(tx: Transaction, tip: PoolTip, clock: PoolClock, from: Submission): Acceptance {
    const id = knownTxid(tx);
    const departed: Departed[] = [];
    const context = { pool: this.#pool, tip, params: this.#params, ecdsa: this.#ecdsa };
    const refusal =
      this.#checkMemory(tx, id, context, clock) ??
      checkLooseTransaction(tx, context) ??
      (this.#pool.get(id) === undefined ? undefined : silently("alreadyInPool")) ??
      (tx.kind === "ordinary" ? undefined : this.#replaceOlder(tx, clock, departed)) ??
      (this.#pool.conflicts(tx).size === 0 ? undefined : silently("conflict")) ??
      (tip.state.unspentOutputs(id) === 0 ? undefined : silently("alreadyInChain"));
    if (refusal !== undefined) return { accepted: false, refusal, departed };
    const fees = { limiter: this.#limiter, requirePriority: this.#settings.requirePriority };
    const judged =
      tx.kind === "ordinary"
        ? judgePayment(tx, id, context, { ...fees, now: clock.now, from })
        : judgeFluxnodeTx(tx, id, context, clock.now);
    if ("kind" in judged) return { accepted: false, refusal: judged, departed };
    this.#pool.add(judged);
    if (tx.kind !== "ordinary") this.#remember(judged, clock.now, departed);
    this.#limitSize(clock, departed);
    return { accepted: true, entry: judged, departed };
  }

  /** What the node has seen of this transaction before, and what it need not look at twice. */
  #checkMemory(
    tx: Transaction,
    id: Txid,
    context: LooseTxContext,
    { adjustedTime }: PoolClock,
  ): Refusal | undefined {
    if (this.#tooManyInputs(tx, context.tip.state.height + 1)) return silently("tooManyInputs");
    if (this.#evicted.has(id, adjustedTime)) return silently("recentlyEvicted");
    if (this.#inBlocks.has(id, adjustedTime)) return silently("recentlyInBlock");
    if (tx.kind === "ordinary") return undefined;
    return this.#seen.has(hashKey(id)) ? silently("recentlySeen") : checkUpdateDue(tx, context);
  }

  #tooManyInputs(tx: Transaction, height: number): boolean {
    const limit = this.#settings.maxInputsBeforeAcadia;
    if (limit === undefined || tx.kind !== "ordinary") return false;
    return tx.inputs.length > limit && !upgradeActive(this.#params.upgrades, "acadia", height);
  }

  /** The older one leaves before the newer one is looked at any further, and stays away even if that fails. */
  #replaceOlder(
    tx: FluxnodeTransaction,
    { adjustedTime }: PoolClock,
    departed: Departed[],
  ): Refusal | undefined {
    if (tx.kind === "fluxnodeUnknown") return undefined;
    const waiting = this.#pool.fluxnodeTx(tx.collateral);
    if (waiting !== undefined) {
      if (tx.sigTime <= sigTimeOf(waiting)) {
        return policy("fluxnode-tx-outpoint-sigTime-older-cant-replace");
      }
      this.#remove(waiting, "replaced", departed);
    }
    return checkSignatureTimes(tx, adjustedTime);
  }

  /** Notes a FluxNode transaction as seen, and lets go of those that have waited too long. */
  #remember(entry: PoolEntry, now: number, departed: Departed[]): void {
    this.#seen.set(hashKey(entry.txid), { entry, time: now });
    for (const [key, { entry: old, time }] of this.#seen) {
      if (now - time <= FLUXNODE_TX_SECONDS) return; // the rest is younger
      this.#seen.delete(key);
      if (this.#pool.get(old.txid) !== undefined) this.#remove(old, "waitedTooLong", departed);
    }
  }

  /** Only the one that the draw falls on is remembered: those that depend on it lack a parent now. */
  #limitSize({ adjustedTime }: PoolClock, departed: Departed[]): void {
    while (this.#pool.cost > this.#settings.costLimit) {
      const drawn = drawForEviction(this.#pool.entries(), this.#random);
      this.#evicted.add(drawn.txid, adjustedTime);
      this.#removeAll(drawn, "evicted", departed);
    }
  }

  /**
   * A block of `height` joined the chain: its transactions and what conflicts with them leave, what can no longer be in a block,
   * and what speaks for a FluxNode that the block speaks for.
   */
  blockConnected(transactions: readonly Transaction[], height: number, clock: PoolClock): Departed[] {
    const departed: Departed[] = [];
    if (this.#pool.size > 0) this.#removeOutdated(transactions, height, departed);
    for (const tx of transactions) {
      if (tx.kind !== "ordinary") this.#inBlocks.add(knownTxid(tx), clock.adjustedTime);
    }
    return departed;
  }

  #removeOutdated(transactions: readonly Transaction[], height: number, departed: Departed[]): void {
    for (const tx of transactions) {
      const same = this.#pool.get(knownTxid(tx));
      if (same !== undefined) this.#remove(same, "mined", departed);
      for (const entry of this.#pool.conflicts(tx)) this.#removeAll(entry, "conflictsWithBlock", departed);
    }
    for (const tx of transactions) {
      if (tx.kind !== "fluxnodeStart" && tx.kind !== "fluxnodeConfirm") continue;
      const other = this.#pool.fluxnodeTx(tx.collateral);
      if (other !== undefined) this.#remove(other, "conflictsWithBlock", departed);
    }
    this.#removeWhere(({ tx }) => tx.kind === "ordinary" && isExpired(tx, height), "expired", departed);
  }

  /**
   * A block left the chain and `tip` is its parent. Its transactions come back as far as they may, which those of FluxNodes may
   * not, being remembered; where they do not, what depends on them leaves. fluxd judges them while it still takes the block for
   * its tip, and so for one height more.
   */
  blockDisconnected(
    transactions: readonly Transaction[],
    { sproutTree }: Pick<StateDelta, "sproutTree">,
    tip: PoolTip,
    clock: PoolClock,
  ): Departed[] {
    const departed: Departed[] = [];
    for (const tx of transactions) {
      if (!isCoinbase(tx)) {
        const offer = this.accept(tx, tip, clock, AS_IT_IS);
        departed.push(...offer.departed);
        if (offer.accepted) continue;
      }
      for (const entry of this.#pool.descendants(knownTxid(tx), tx)) this.#remove(entry, "undone", departed);
    }
    const { root } = sproutTree.after;
    const anchoredThere = ({ tx }: PoolEntry): boolean =>
      tx.kind === "ordinary" &&
      tx.shielded.joinSplits.some((joinSplit) => equalBytes(joinSplitAnchor(joinSplit), root));
    if (!equalBytes(sproutTree.before.root, root)) this.#removeWhere(anchoredThere, "undone", departed);
    const remembered = transactions.some((tx) => this.#inBlocks.has(knownTxid(tx), clock.adjustedTime));
    if (remembered) this.#inBlocks.clear();
    return departed;
  }

  /**
   * The chain has reached its new tip. After a reorganisation (`blocksLeft`) what is no longer final or spends a coinbase that is
   * too young again leaves; and always what is signed for another upgrade's branch.
   */
  tipSettled(tip: PoolTip, blocksLeft: boolean): Departed[] {
    return this.#pool.size === 0 ? [] : this.#removeUnfit(tip, blocksLeft);
  }

  #removeUnfit(tip: PoolTip, blocksLeft: boolean): Departed[] {
    const departed: Departed[] = [];
    const next = tip.state.height + 1;
    if (blocksLeft) {
      const undone = ({ tx, spendsCoinbase }: PoolEntry): boolean =>
        !isFinal(tx, next, tip.medianTime) || (spendsCoinbase && this.#spendsYoungCoinbase(tx, tip));
      this.#removeWhere(undone, "undone", departed);
    }
    const branch = branchIdAt(this.#params.upgrades, next);
    this.#removeWhere(({ branchId }) => branchId !== branch, "otherBranch", departed);
    return departed;
  }

  /**
   * What a block template found to be of no use in the next block leaves, and what depends on it stays. An entry that has left
   * since is passed over. Source: fluxd src/miner.cpp CreateNewBlock.
   */
  dropUnfit(entries: Iterable<PoolEntry>): Departed[] {
    const departed: Departed[] = [];
    for (const entry of entries) {
      if (this.#pool.get(entry.txid) === entry) this.#remove(entry, "unfitForBlock", departed);
    }
    return departed;
  }

  /** Or a coin that is gone. */
  #spendsYoungCoinbase(tx: Transaction, { state }: PoolTip): boolean {
    if (tx.kind !== "ordinary") return false;
    return tx.inputs.some(({ prevout }) => {
      if (this.#pool.get(prevout.txid) !== undefined) return false;
      const coin = state.coin(prevout);
      if (coin === undefined) return true;
      return coin.coinbase && state.height + 1 - coin.height < this.#params.coinbaseMaturity;
    });
  }

  #removeWhere(leaves: (entry: PoolEntry) => boolean, why: Departure, departed: Departed[]): void {
    for (const entry of [...this.#pool.entries()].filter(leaves)) this.#removeAll(entry, why, departed);
  }

  /** With all that depends on it. */
  #removeAll(entry: PoolEntry, why: Departure, departed: Departed[]): void {
    if (this.#pool.get(entry.txid) === undefined) return; // left with one that it depends on
    const dependants = this.#pool.descendants(entry.txid, entry.tx);
    this.#remove(entry, why, departed);
    for (const dependant of dependants) this.#remove(dependant, why, departed);
  }

  #remove(entry: PoolEntry, why: Departure, departed: Departed[]): void {
    this.#pool.remove(entry);
    departed.push({ entry, why });
  }
}

const sigTimeOf = ({ tx }: PoolEntry): number =>
  tx.kind === "fluxnodeStart" || tx.kind === "fluxnodeConfirm" ? tx.sigTime : 0;
