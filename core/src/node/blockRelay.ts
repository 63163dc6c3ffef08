import type { TipChange } from "../chain/bestChain.ts";
import type { BlockReceipt } from "../chain/chainView.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { dosScore, rejectCode, rejectReason, type Violation } from "../rules/violation.ts";
import { ABSENT } from "../state/keyTable.ts";
import { assert } from "../util/assert.ts";
import type { BlockDownload } from "./blockDownload.ts";
import { compactBlock } from "./compactBlock.ts";
import type { CompactHeaderSync } from "./compactHeaderSync.ts";
import { lastCheckpointHeight } from "./compactHeaders.ts";
import { type HeaderSync, MAX_HEADERS } from "./headerSync.ts";
import type { NodeContext } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";
import { hasHeader, noteHas } from "./peerKnowledge.ts";
import type { PeerId } from "./ports.ts";
import { reject } from "./rejects.ts";

/** Blocks below what a peer had when it connected from which on it is told of new ones. */
const TOLD_BEHIND = 2_000;

/** Blocks that wait to be judged whose senders are remembered: more than the download window. */
const MAX_SOURCES = 10_000;

/** Outcomes after which a list of blocks is worked on. */
const GOOD: ReadonlySet<BlockReceipt["result"]["outcome"]> = new Set(["active", "held", "known"]);

/** Takes blocks from peers and tells peers of the new tip. Source: fluxd src/main.cpp ProcessNewBlock, ActivateBestChain. */
export class BlockRelay {
  readonly #context: NodeContext;
  readonly #sync: HeaderSync;
  readonly #download: BlockDownload;
  readonly #compact: CompactHeaderSync;
  /** Who sent a block that could not be judged at once; undefined before there is one. */
  #sources: Map<number, PeerId> | undefined;

  constructor(context: NodeContext, sync: HeaderSync, download: BlockDownload, compact: CompactHeaderSync) {
    this.#context = context;
    this.#sync = sync;
    this.#download = download;
    this.#compact = compact;
    this.#sources = undefined;
  }

  /** `block`, from a peer. */
  receive(peer: Peer, block: Block): BlockReceipt {
    const { chain, adjustedTime, catchingUp } = this.#context;
    const { tree } = this.#context.shared.chain;
    const hash = tree.hashOf(block.header);
    const known = tree.find(hash);
    const listed = this.#compact.received(hash);
    const requested = (known !== ABSENT && this.#download.received(known)) || listed;
    const forced = peer.link.whitelisted && !catchingUp;
    const receipt = chain.acceptBlock(block, adjustedTime, requested || forced);
    this.#judge(peer, hash, receipt);
    if (listed) this.#compact.judged(GOOD.has(receipt.result.outcome));
    return receipt;
  }

  #judge(peer: Peer, hash: BlockHash, { result, moved }: BlockReceipt): void {
    const { chain, shared } = this.#context;
    const row = shared.chain.tree.find(hash);
    if (row !== ABSENT && chain.knows(row) && !chain.hasFailed(row)) noteHas(peer, row, shared.chain.tree);
    if (moved !== undefined) this.#forgetSources(moved);
    switch (result.outcome) {
      case "held":
        this.#sources ??= new Map();
        if (this.#sources.size < MAX_SOURCES) this.#sources.set(row, peer.id);
        return;
      case "unknownParent":
        this.#sync.unconnecting(peer);
        return;
      case "invalidParent":
        this.#blameSource(row, peer);
        return;
      case "invalid":
        this.#sources?.delete(row);
        this.#refuse(peer, result.violation, hash);
    }
  }

  #refuse(peer: Peer, violation: Violation, hash: BlockHash): void {
    const { ports, catchingUp } = this.#context;
    ports.observe({ kind: "blockRefused", hash, violation, from: peer.id });
    const dos = dosScore(violation, { judging: "block", catchingUp });
    const rejection = { code: rejectCode(violation), reason: rejectReason(violation), dos };
    reject(this.#context, peer, "block", rejection, hash);
  }

  /** A block that came earlier turned out invalid only now: whoever sent it is charged. Source: fluxd src/main.cpp InvalidBlockFound. */
  #blameSource(row: number, sender: Peer): void {
    const { chain, peers, shared } = this.#context;
    if (row === ABSENT || !chain.hasFailed(row)) {
      this.#sync.refused(sender, { outcome: "invalidParent" });
      return;
    }
    const failure = chain.failure(row);
    const source = this.#sources?.get(failure.row);
    this.#sources?.delete(failure.row);
    const peer = source === undefined ? undefined : peers.get(source);
    if (peer === undefined || failure.violation === undefined) return;
    this.#refuse(peer, failure.violation, shared.chain.tree.hash(failure.row));
  }

  #forgetSources({ to, fork }: TipChange): void {
    if (this.#sources === undefined) return;
    for (const row of this.#context.shared.chain.tree.path(fork, to)) this.#sources.delete(row);
    if (this.#sources.size === 0) this.#sources = undefined;
  }

  /** Tells everybody of the tip. */
  announce(): void {
    const { peers, catchingUp, chain, shared } = this.#context;
    if (catchingUp) return;
    const { tip } = chain;
    const parent = shared.chain.tree.parent(tip);
    peers.announce(tip, parent, shared.messages.announcement(tip), this.#announceToOther);
  }

  readonly #announceToOther = (peer: Peer): void => {
    if (peer.introduced && !peer.closing) this.#announceTo(peer);
  };

  #announceTo(peer: Peer): void {
    const { chain, shared, peers, params } = this.#context;
    const { tip, tipHeight } = chain;
    const from = peer.startHeight === -1 ? lastCheckpointHeight(params) : peer.startHeight - TOLD_BEHIND;
    if (tipHeight <= from) return;
    const { messages } = shared;
    const { tree } = shared.chain;
    if (peer.prefersCompactBlocks) this.#sendCompact(peer);
    else if (!peer.prefersHeaders) peers.send(peer, messages.inventory(tip));
    else if (hasHeader(peer, tree.parent(tip), tree)) {
      peers.send(peer, messages.announcement(tip));
      peer.bestSent = tip;
      // From here on it is told whatever the tip is: no reorganisation goes as far back as where it would not be.
      peer.toldHeaders = peer.startHeight !== -1 && peer.startHeight <= tipHeight;
    } else this.#announceRun(peer, tip);
  }

  /** fluxd sends the last header alone, and is fined for it by those who lack the one before. */
  #announceRun(peer: Peer, tip: number): void {
    const { shared, peers } = this.#context;
    const { tree } = shared.chain;
    const rows: number[] = [];
    let at = tip;
    for (; rows.length < MAX_HEADERS && tree.parent(at) !== ABSENT; at = tree.parent(at)) {
      if (hasHeader(peer, at, tree)) break;
      rows.push(at);
    }
    if (!hasHeader(peer, at, tree)) {
      peers.send(peer, shared.messages.inventory(tip));
      return;
    }
    peers.send(peer, { command: "headers", headers: rows.reverse().map((row) => tree.header(row)) });
    peer.bestSent = tip;
  }

  #sendCompact(peer: Peer): void {
    const { peers, chain, ports } = this.#context;
    const block = this.#context.block(chain.tip);
    assert(block !== undefined, "the tip is kept");
    peers.send(peer, compactBlock(block, (BigInt(ports.bits32()) << 32n) | BigInt(ports.bits32())));
    peer.bestSent = chain.tip;
  }
}
