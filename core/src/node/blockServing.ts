import { u256 } from "../bytes/u256.ts";
import type { Block } from "../primitives/block.ts";
import { blockProof, equivalentSeconds } from "../rules/chainWork.ts";
import { maxReorgDepth } from "../rules/headerArrival.ts";
import { ABSENT } from "../state/keyTable.ts";
import { compactBlock } from "./compactBlock.ts";
import type { HeaderSync } from "./headerSync.ts";
import { merkleBlock } from "./merkleBlock.ts";
import {
  INV_BLOCK,
  INV_COMPACT_BLOCK,
  INV_FILTERED_BLOCK,
  INV_TX,
  type InventoryItem,
  type Locator,
} from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import { NONE, type Peer } from "./peer.ts";
import { noteSent } from "./peerKnowledge.ts";
import type { TxRelay } from "./txRelay.ts";

/** In one message. Source: fluxd src/net.h MAX_INV_SZ. */
export const MAX_INVENTORY = 50_000;
/** For a message of more than that. */
export const TOO_MUCH_INVENTORY_POINTS = 20;
/** Bytes queued for a peer above which it has to wait: -maxsendbuffer. */
const SEND_LIMIT = 1_000_000;
/** How often a slow connection is looked after. Source: fluxd src/net.cpp ThreadMessageHandler. */
const RETRY_TIME = SECOND / 10;
/** Answer to one getblocks. */
const MAX_LISTED = 500;
/** Seconds by which a block off the best chain may be older than the best header, by its time and by its work, to be given out. */
const SIDE_CHAIN_AGE = 30 * 24 * 60 * 60;
/** Blocks below the tip to which compact blocks are sent as such. Source: fluxd src/main.cpp ProcessGetData. */
const COMPACT_DEPTH = 100;

/** Gives peers the blocks and transactions they ask for, no faster than they take them. Source: fluxd src/main.cpp ProcessGetData. */
export class BlockServing {
  readonly #context: NodeContext;
  readonly #sync: HeaderSync;
  readonly #transactions: TxRelay;

  constructor(context: NodeContext, sync: HeaderSync, transactions: TxRelay) {
    this.#context = context;
    this.#sync = sync;
    this.#transactions = transactions;
  }

  /** `getdata`. */
  asked(peer: Peer, items: readonly InventoryItem[]): void {
    if (items.length > MAX_INVENTORY) {
      this.#context.peers.charge(peer, TOO_MUCH_INVENTORY_POINTS, `getdata: ${items.length} items`);
      return;
    }
    if (peer.unserved.length > 0) {
      peer.unserved = [...peer.unserved, ...items].slice(0, MAX_INVENTORY);
      return;
    }
    this.#serve(peer, items);
  }

  #serve(peer: Peer, items: readonly InventoryItem[]): void {
    const missing: InventoryItem[] = [];
    let at = 0;
    for (; at < items.length && this.#hasRoom(peer); at++) {
      const item = items[at]!;
      if (!this.#serveItem(peer, item)) missing.push(item);
    }
    peer.unserved = at === items.length ? NONE : items.slice(at);
    if (peer.unserved.length > 0) this.#context.wakeBy(this.#context.ports.now() + RETRY_TIME);
    if (missing.length > 0) this.#context.peers.send(peer, { command: "notfound", items: missing });
  }

  #hasRoom(peer: Peer): boolean {
    return !peer.closing && this.#context.ports.sendQueueBytes(peer.id) < SEND_LIMIT;
  }

  /** False for what `notfound` names: of blocks that are not there fluxd says nothing. */
  #serveItem(peer: Peer, { type, hash }: InventoryItem): boolean {
    switch (type) {
      case INV_TX:
        return this.#transactions.serve(peer, hash);
      case INV_BLOCK:
      case INV_FILTERED_BLOCK:
      case INV_COMPACT_BLOCK:
        this.#serveBlock(peer, type, hash);
        return true;
      default:
        return true;
    }
  }

  #serveBlock(peer: Peer, type: number, hash: Uint8Array): void {
    const { chain, shared, peers } = this.#context;
    const { tree } = shared.chain;
    const row = tree.find(hash);
    if (row === ABSENT || !this.#mayServe(row)) return;
    const block = this.#context.block(row);
    if (block === undefined) return;
    if (type === INV_COMPACT_BLOCK && tree.height(row) >= chain.tipHeight - COMPACT_DEPTH) {
      peers.send(peer, compactBlock(block, BigInt(this.#context.ports.bits32())));
    } else if (type === INV_FILTERED_BLOCK) this.#serveFiltered(peer, block);
    else peers.send(peer, shared.messages.block(row, block));
    noteSent(peer, row, tree);
    if (peer.continueAt === tree.hash(row)) {
      peer.continueAt = undefined;
      peers.send(peer, shared.messages.inventory(chain.tip));
    }
  }

  /** With the transactions that match and that the peer does not know. */
  #serveFiltered(peer: Peer, block: Block): void {
    const { message, matched } = merkleBlock(block, peer.filter);
    this.#context.peers.send(peer, message);
    this.#transactions.sendUnknown(peer, matched);
  }

  /** Off the best chain only what is valid, and neither old nor deep: else a peer could tell what else this node saw. */
  #mayServe(row: number): boolean {
    const { chain, shared, params } = this.#context;
    if (chain.isActive(row)) return true;
    if (!chain.isValid(row)) return false;
    const { tree } = shared.chain;
    const { bestHeader, tipHeight } = chain;
    const depth = tipHeight - (tree.height(row) - 1);
    if (depth >= maxReorgDepth(tipHeight, params)) return false;
    if (tree.time(bestHeader) - tree.time(row) >= SIDE_CHAIN_AGE) return false;
    const { version, bits } = tree.header(bestHeader);
    const blockWork = blockProof(u256(), version, bits);
    const { targetSpacing } = params.pow;
    return (
      equivalentSeconds(tree.work(bestHeader), tree.work(row), blockWork, targetSpacing) < SIDE_CHAIN_AGE
    );
  }

  /** `getblocks`. */
  list(peer: Peer, locator: Locator, stop: Uint8Array): void {
    const { chain, shared, peers } = this.#context;
    const { tree } = shared.chain;
    const fork = this.#sync.locate(peer, locator);
    const stopRow = tree.find(stop);
    const first = tree.height(fork) + 1;
    const stopsAt =
      stopRow !== ABSENT && chain.isActive(stopRow) && tree.height(stopRow) >= first
        ? tree.height(stopRow) - 1
        : chain.tipHeight;
    const last = Math.min(stopsAt, first + MAX_LISTED - 1);
    if (last < first) return;
    const rows = tree.path(fork, tree.ancestor(chain.tip, last));
    peers.send(peer, {
      command: "inv",
      items: rows.map((row) => ({ type: INV_BLOCK, hash: tree.hash(row) })),
    });
    if (rows.length === MAX_LISTED) peer.continueAt = tree.hash(rows.at(-1)!);
  }

  /** Goes on where connections were slow. */
  tick(): void {
    for (const peer of this.#context.peers.all) {
      if (peer.unserved.length > 0 && !peer.closing) this.#serve(peer, peer.unserved);
    }
  }
}
