import type { PoolEntry } from "../mempool/entry.ts";
import { FROM_PEER, type Submission } from "../mempool/feeRules.ts";
import type { Acceptance } from "../mempool/mempool.ts";
import { type Refusal, rejectMessage } from "../mempool/refusal.ts";
import type { Txid } from "../primitives/ids.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { knownTxid } from "../primitives/txid.ts";
import { isExpiringSoon } from "../rules/policy.ts";
import { sparesTxid } from "../rules/violation.ts";
import { hashKey } from "../state/outpointKey.ts";
import { ln } from "../util/exactMath.ts";
import { KnownTransactions } from "./knownTransactions.ts";
import { INV_TX, type InventoryItem } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import { Orphans } from "./orphans.ts";
import { NONE, type Peer } from "./peer.ts";
import { RecentHashes } from "./recentHashes.ts";
import { reject } from "./rejects.ts";
import { TxRequests } from "./txRequests.ts";

/** Source: fluxd src/main.cpp recentRejects. Forgotten with each new tip. */
const REMEMBERED_REFUSALS = 120_000;
/** Of blocks that joined the chain, so that late announcements are not followed; fluxd looks for unspent outputs. */
const REMEMBERED_MINED = 1_024;
/** For which a transaction that was announced is given out, even if it left the pool. Source: fluxd src/net.cpp RelayTransaction. */
const RELAY_TIME = 15 * 60 * SECOND;
/** In one inv of new transactions. */
const MAX_BATCH = 1_000;
/** In one answer to `mempool`. Source: fluxd src/net.h MAX_INV_SZ. */
const MAX_LISTED = 50_000;
/** One peer in so many loops of fluxd's message handler, 100 ms each, gets all that is queued for it. */
const LOOP_TIME = SECOND / 10;
/** Refused transactions kept to complete compact blocks. Source: fluxd src/main.cpp vExtraTxnForCompact. */
const MAX_EXTRA = 100;

/** Transactions: who has which, whom to ask, what to make of them and whom to tell. Source: fluxd src/main.cpp ProcessMessage "tx". */
export class TxRelay {
  readonly #context: NodeContext;
  readonly #requests: TxRequests;
  readonly #orphans: Orphans;
  readonly #known: KnownTransactions;
  readonly #refused: RecentHashes;
  readonly #mined: RecentHashes;
  /** By {@link hashKey}, the oldest first. */
  readonly #relayed: Map<string, { readonly tx: Transaction; readonly until: number }>;
  readonly #extra: Transaction[];
  /** Whether a peer may have to be told of some. */
  #someWait: boolean;
  /** Decides which transactions are announced at once. */
  readonly #salt: number;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#requests = new TxRequests(context);
    this.#orphans = new Orphans((bound) => context.below(bound));
    this.#known = new KnownTransactions();
    this.#refused = new RecentHashes(REMEMBERED_REFUSALS);
    this.#mined = new RecentHashes(REMEMBERED_MINED);
    this.#relayed = new Map();
    this.#extra = [];
    this.#someWait = false;
    this.#salt = context.ports.bits32();
  }

  /** A peer announced transactions. */
  announced(peer: Peer, items: readonly InventoryItem[]): void {
    if (this.#context.catchingUp) return;
    const wanted: Uint8Array[] = [];
    for (const { type, hash } of items) {
      if (type !== INV_TX) continue;
      this.#known.note(peer.slot, hash);
      if (!this.#has(hash)) wanted.push(hash);
    }
    if (wanted.length > 0) this.#requests.announced(peer, wanted);
  }

  /** Source: fluxd src/main.cpp AlreadyHave. */
  #has(hash: Uint8Array): boolean {
    return (
      this.#refused.has(hash) ||
      this.#mined.has(hash) ||
      this.#orphans.has(hash) ||
      this.#context.mempool.pool.get(hash) !== undefined
    );
  }

  /** `tx`, from a peer. */
  receive(peer: Peer, tx: Transaction): void {
    if (this.#context.catchingUp) return;
    const id = knownTxid(tx);
    this.#known.note(peer.slot, id);
    this.#requests.received(id);
    if (this.#refused.has(id) || this.#orphans.has(id)) {
      this.#relayForWhitelisted(peer, tx, id, undefined);
      return;
    }
    const offer = this.#offer(tx, id, FROM_PEER);
    if (offer.accepted) this.#adopt(id);
    else this.#notAccepted(peer, tx, id, offer.refusal);
  }

  #offer(tx: Transaction, id: Txid, from: Submission): Acceptance {
    const { mempool, poolTip, poolClock, ports } = this.#context;
    const offer = mempool.accept(tx, poolTip, poolClock, from);
    const reason = offer.accepted ? undefined : reasonOf(offer.refusal);
    ports.observe({ kind: "transaction", txid: id, accepted: offer.accepted, reason });
    // What was taken may have been evicted at once.
    if (offer.accepted && mempool.pool.get(id) !== undefined) this.#relay(tx, id);
    return offer;
  }

  #notAccepted(peer: Peer, tx: Transaction, id: Txid, refusal: Refusal): void {
    if (refusal.kind === "missingInputs") {
      this.#orphans.add({ tx, txid: id, from: peer.id });
      return;
    }
    this.#remember(tx, id, refusal);
    this.#relayForWhitelisted(peer, tx, id, refusal);
    this.#answer(peer, id, refusal);
  }

  #answer(peer: Peer, id: Txid, refusal: Refusal): void {
    const message = rejectMessage(refusal, this.#context.catchingUp);
    if (message !== undefined) reject(this.#context, peer, "tx", message, id);
  }

  /** So that it is not asked for again while the tip stays. */
  #remember(tx: Transaction, id: Txid, refusal: Refusal): void {
    if (refusal.kind === "violation" && sparesTxid(refusal.violation)) return;
    this.#refused.add(id);
    this.#extra.push(tx);
    if (this.#extra.length > MAX_EXTRA) this.#extra.shift();
  }

  /** What a whitelisted peer sends goes on even if this node does not take it, unless it is worth points. */
  #relayForWhitelisted(peer: Peer, tx: Transaction, id: Txid, refusal: Refusal | undefined): void {
    if (!peer.link.whitelisted) return;
    const dos = refusal && rejectMessage(refusal, this.#context.catchingUp)?.dos;
    if ((dos ?? 0) === 0) this.#relay(tx, id);
  }

  /** Transactions that waited for one that came have their turn, and those that waited for them. */
  #adopt(parent: Txid): void {
    const parents = [parent];
    for (const id of parents) {
      for (const orphan of this.#orphans.childrenOf(id)) {
        if (!this.#orphans.has(orphan.txid)) continue;
        const offer = this.#offer(orphan.tx, orphan.txid, FROM_PEER);
        if (offer.accepted) parents.push(orphan.txid);
        else if (offer.refusal.kind === "missingInputs") continue;
        else this.#orphanRefused(orphan.from, orphan.tx, orphan.txid, offer.refusal);
        this.#orphans.remove(orphan);
      }
    }
  }

  #orphanRefused(from: number, tx: Transaction, id: Txid, refusal: Refusal): void {
    this.#remember(tx, id, refusal);
    const sender = this.#context.peers.get(from);
    const message = rejectMessage(refusal, this.#context.catchingUp);
    if (sender !== undefined && message !== undefined) {
      this.#context.peers.charge(sender, message.dos, message.reason);
    }
  }

  /** By this node's own user. */
  submit(tx: Transaction, from: Submission): Acceptance {
    const id = knownTxid(tx);
    const offer = this.#offer(tx, id, from);
    if (offer.accepted) this.#adopt(id);
    else if (this.#context.mempool.pool.get(id) !== undefined) this.#relay(tx, id);
    return offer;
  }

  /** Tells everybody who does not know. Source: fluxd src/net.cpp RelayTransaction. */
  #relay(tx: Transaction, id: Txid): void {
    this.#keep(tx, id);
    const atOnce = ((mixed(id) ^ this.#salt) & 3) === 0;
    const item: InventoryItem = { type: INV_TX, hash: id };
    for (const peer of this.#context.peers.all) {
      if (!peer.relay || peer.closing || this.#known.knows(peer.slot, id)) continue;
      if (peer.filter !== undefined && !peer.filter.matches(tx)) continue;
      if (atOnce || peer.link.whitelisted) this.#tell(peer, [item]);
      else this.#queue(peer, item);
    }
  }

  #keep(tx: Transaction, id: Txid): void {
    const now = this.#context.ports.now();
    for (const [key, { until }] of this.#relayed) {
      if (until > now) break;
      this.#relayed.delete(key);
    }
    this.#relayed.set(hashKey(id), { tx, until: now + RELAY_TIME });
  }

  /**
   * fluxd gives all that is queued to one peer, drawn anew in each loop: so a queue waits for so many loops, on average, as there
   * are peers. Here that wait is drawn when the queue begins.
   */
  #queue(peer: Peer, item: InventoryItem): void {
    if (peer.toAnnounce.length === 0) {
      const { ports, peers } = this.#context;
      const draw = (ports.bits32() + 1) / 0x1_0000_0000;
      peer.announceAt = ports.now() + Math.ceil(-ln(draw) * LOOP_TIME * peers.all.length);
      this.#context.wakeBy(peer.announceAt);
      peer.toAnnounce = [item];
      this.#someWait = true;
    } else peer.toAnnounce.push(item);
  }

  /** All of them that the peer does not know by now. */
  #tell(peer: Peer, items: readonly InventoryItem[]): void {
    const news = items.filter(({ hash }) => !this.#known.knows(peer.slot, hash));
    for (const { hash } of news) this.#known.note(peer.slot, hash);
    for (let at = 0; at < news.length; at += MAX_BATCH) {
      this.#context.peers.send(peer, { command: "inv", items: news.slice(at, at + MAX_BATCH) });
    }
  }

  /** Whether a transaction was there and goes to the peer. */
  serve(peer: Peer, hash: Uint8Array): boolean {
    const { mempool, peers, chain } = this.#context;
    const tx = this.#relayed.get(hashKey(hash))?.tx ?? mempool.pool.get(hash)?.tx;
    if (tx === undefined || isExpiringSoon(tx, chain.tipHeight + 1)) return false;
    this.#known.note(peer.slot, hash);
    peers.send(peer, { command: "tx", tx });
    return true;
  }

  /** Those of a filtered block that the peer cannot have from us yet. */
  sendUnknown(peer: Peer, transactions: readonly Transaction[]): void {
    for (const tx of transactions) {
      const id = knownTxid(tx);
      if (this.#known.knows(peer.slot, id)) continue;
      this.#known.note(peer.slot, id);
      this.#context.peers.send(peer, { command: "tx", tx });
    }
  }

  /** `mempool`: everything that waits and will not soon have waited in vain. */
  list(peer: Peer): void {
    const { mempool, peers, chain } = this.#context;
    const height = chain.tipHeight + 1;
    const shown = ({ tx }: PoolEntry) => !isExpiringSoon(tx, height) && (peer.filter?.matches(tx) ?? true);
    const items = [...mempool.pool.entries()].filter(shown).map(({ txid }) => ({ type: INV_TX, hash: txid }));
    for (let at = 0; at < items.length; at += MAX_LISTED) {
      peers.send(peer, { command: "inv", items: items.slice(at, at + MAX_LISTED) });
    }
  }

  /** Transactions that a compact block may name: the pool's, and some that were refused. */
  *candidates(): Generator<{ readonly id: Uint8Array; readonly tx: Transaction }> {
    for (const { txid, tx } of this.#context.mempool.pool.entries()) yield { id: txid, tx };
    for (const tx of this.#extra) yield { id: knownTxid(tx), tx };
  }

  /** A block joined the chain. */
  blockConnected(transactions: readonly Transaction[]): void {
    for (let i = 1; i < transactions.length; i++) {
      const id = knownTxid(transactions[i]!);
      this.#mined.add(id);
      this.#requests.received(id);
      if (this.#orphans.size > 0) this.#orphans.forget(id);
    }
  }

  /** A block left the chain. */
  blockDisconnected(): void {
    this.#mined.clear();
  }

  /** What was refused may be right now. */
  tipChanged(): void {
    this.#refused.clear();
  }

  /** A peer has gone. */
  left(peer: Peer): void {
    this.#known.forget(peer.slot);
    if (this.#orphans.size > 0) this.#orphans.left(peer.id);
  }

  tick(now: number): void {
    this.#requests.tick(now);
    if (!this.#someWait) return;
    this.#someWait = false;
    for (const peer of this.#context.peers.all) {
      if (peer.toAnnounce.length === 0 || peer.closing) continue;
      if (peer.announceAt > now) {
        this.#someWait = true;
        this.#context.wakeBy(peer.announceAt);
        continue;
      }
      const items = peer.toAnnounce;
      peer.toAnnounce = NONE as never[];
      this.#tell(peer, items);
    }
  }
}

/** The first bytes of an id, as good a draw as any. */
const mixed = (id: Txid): number => id[0]! ^ id[1]!;

/** In fluxd's words where it has any. */
function reasonOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case "silent":
      return refusal.why;
    case "violation":
      return refusal.violation.rule;
    case "policy":
    case "nonStandard":
      return refusal.reason;
    default:
      return refusal.kind;
  }
}
