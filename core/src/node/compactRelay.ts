import { toDisplayHex } from "../bytes/hex.ts";
import type { Block } from "../primitives/block.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { ABSENT } from "../state/keyTable.ts";
import { type PartialBlock, reconstruct } from "./compactBlock.ts";
import type { HeaderSync } from "./headerSync.ts";
import { INV_BLOCK, type Message } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";
import type { PeerId } from "./ports.ts";
import type { TxRelay } from "./txRelay.ts";

type CompactBlock = Extract<Message, { command: "cmpctblock" }>;

/** Older compact blocks are not worth the trouble. Source: fluxd src/main.cpp ProcessMessage "cmpctblock". */
const MAX_DEPTH = 100;
/** Below the tip, transactions of a block are sent one by one. Source: fluxd src/main.cpp MAX_BLOCKTXN_DEPTH. */
const MAX_SERVED_DEPTH = 15;
const MAX_TRANSACTIONS = 20_000;
const INVALID_POINTS = 100;
/** Blocks that are put together at a time, and how long it may take. */
const MAX_PARTIAL = 16;
const PARTIAL_TIME = 600 * SECOND;

interface Pending {
  readonly peer: PeerId;
  readonly partial: PartialBlock;
  readonly until: number;
}

/** Blocks that come as lists of short ids. Source: fluxd src/main.cpp ProcessMessage "cmpctblock", "getblocktxn", "blocktxn". */
export class CompactRelay {
  readonly #context: NodeContext;
  readonly #sync: HeaderSync;
  readonly #transactions: TxRelay;
  /** By hash; one peer a block: another is asked for all of it if that one fails. */
  readonly #pending: Map<string, Pending>;

  constructor(context: NodeContext, sync: HeaderSync, transactions: TxRelay) {
    this.#context = context;
    this.#sync = sync;
    this.#transactions = transactions;
    this.#pending = new Map();
  }

  /** `cmpctblock`: the block, if all of it is at hand. */
  receive(peer: Peer, message: CompactBlock): Block | undefined {
    const { chain, shared, peers, adjustedTime } = this.#context;
    const { tree } = shared.chain;
    const outcome = chain.acceptHeader(message.header, adjustedTime);
    if (!("row" in outcome)) {
      this.#sync.refused(peer, outcome);
      return undefined;
    }
    const { row } = outcome;
    this.#sync.connected(peer, row);
    if (chain.hasBlock(row) || tree.height(row) < chain.tipHeight - MAX_DEPTH) return undefined;
    const result = reconstruct(message, this.#transactions.candidates());
    if (result.state === "invalid") {
      peers.charge(peer, INVALID_POINTS, "cmpctblock: no block");
      return undefined;
    }
    if (result.state !== "partial") return this.#askForAll(peer, row);
    const { block: partial } = result;
    return partial.missing.length === 0
      ? (partial.complete([]) ?? this.#askForAll(peer, row))
      : this.#askForMissing(peer, row, partial);
  }

  #askForAll(peer: Peer, row: number): undefined {
    const { peers, shared } = this.#context;
    peers.send(peer, shared.messages.request(row));
  }

  /** fluxd asks for nothing here, and waits for another to announce the block. */
  #askForMissing(peer: Peer, row: number, partial: PartialBlock): undefined {
    const { peers, shared, ports } = this.#context;
    const hash = shared.chain.tree.hash(row);
    const key = toDisplayHex(hash);
    this.#forgetOld();
    if (this.#pending.has(key) || this.#pending.size === MAX_PARTIAL) return;
    this.#pending.set(key, { peer: peer.id, partial, until: ports.now() + PARTIAL_TIME });
    peers.send(peer, { command: "getblocktxn", block: hash, indexes: partial.missing });
  }

  #forgetOld(): void {
    const now = this.#context.ports.now();
    for (const [key, { until }] of this.#pending) if (until <= now) this.#pending.delete(key);
  }

  /** `getblocktxn`. */
  serve(peer: Peer, hash: Uint8Array, indexes: readonly number[]): void {
    const { chain, shared, peers } = this.#context;
    const { tree } = shared.chain;
    const row = tree.find(hash);
    if (row === ABSENT || !chain.knows(row) || tree.height(row) < chain.tipHeight - MAX_SERVED_DEPTH) return;
    const block = this.#context.block(row);
    if (block === undefined) return;
    const transactions: Transaction[] = [];
    for (const index of indexes) {
      const tx = block.transactions[index];
      if (tx === undefined) {
        peers.charge(peer, INVALID_POINTS, `getblocktxn: no transaction ${index}`);
        return;
      }
      transactions.push(tx);
    }
    peers.send(peer, { command: "blocktxn", block: tree.hash(row), transactions });
  }

  /** `blocktxn`: the block, if it is whole now. */
  complete(peer: Peer, hash: Uint8Array, transactions: readonly Transaction[]): Block | undefined {
    const key = toDisplayHex(hash);
    const pending = this.#pending.get(key);
    if (pending === undefined || pending.peer !== peer.id) return undefined;
    this.#pending.delete(key);
    if (transactions.length > MAX_TRANSACTIONS) {
      this.#context.peers.charge(peer, INVALID_POINTS, "blocktxn: too many transactions");
      return undefined;
    }
    const block = pending.partial.complete(transactions);
    // Two transactions may share a short id: that is nobody's fault.
    if (block === undefined) {
      this.#context.peers.send(peer, { command: "getdata", items: [{ type: INV_BLOCK, hash }] });
    }
    return block;
  }

  /** A peer has gone. */
  left(peer: Peer): void {
    for (const [key, pending] of this.#pending) if (pending.peer === peer.id) this.#pending.delete(key);
  }
}
