import type { TipChange } from "../chain/bestChain.ts";
import { type BlockReceipt, ChainView } from "../chain/chainView.ts";
import { FROM_USER, type Submission } from "../mempool/feeRules.ts";
import { type Acceptance, Mempool } from "../mempool/mempool.ts";
import type { Block } from "../primitives/block.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { ABSENT } from "../state/keyTable.ts";
import type { AddressManager } from "./addressManager.ts";
import { AddressRelay } from "./addressRelay.ts";
import { BlockDownload } from "./blockDownload.ts";
import { BlockRelay } from "./blockRelay.ts";
import { BlockServing, MAX_INVENTORY, TOO_MUCH_INVENTORY_POINTS } from "./blockServing.ts";
import { CompactHeaderSync } from "./compactHeaderSync.ts";
import { CompactRelay } from "./compactRelay.ts";
import { Filtering } from "./filtering.ts";
import { Handshake } from "./handshake.ts";
import { HeaderSync } from "./headerSync.ts";
import { KeepAlive } from "./keepAlive.ts";
import { INV_BLOCK, type InventoryItem, type Message, type NetworkAddress } from "./messages.ts";
import { NodeContext, SECOND, type SharedStores } from "./nodeContext.ts";
import type { NodeSettings } from "./nodeSettings.ts";
import type { Peer } from "./peer.ts";
import type { PeerRows } from "./peerRows.ts";
import { followTip } from "./poolOnTip.ts";
import type { NodePorts, PeerId, PeerLink, Unreadable } from "./ports.ts";
import type { Producer } from "./producer.ts";
import { REJECT_MALFORMED, reject } from "./rejects.ts";
import { TxRelay } from "./txRelay.ts";

/**
 * One full node as a synchronous state machine. It is told what happened, does all that follows from it through its ports, and
 * returns; what it does next depends on what it is told and on nothing else. This class gives each input to the duty it
 * belongs to.
 */
export class FullNode {
  readonly #context: NodeContext;
  readonly #handshake: Handshake;
  readonly #keepAlive: KeepAlive;
  readonly #addresses: AddressRelay;
  readonly #sync: HeaderSync;
  readonly #download: BlockDownload;
  readonly #compactSync: CompactHeaderSync;
  readonly #relay: BlockRelay;
  readonly #compact: CompactRelay;
  readonly #serving: BlockServing;
  readonly #transactions: TxRelay;
  readonly #filtering: Filtering;
  #producer: Producer | undefined;
  /** When the producer wants to be asked, microseconds. */
  #produceAt: number;

  /**
   * At genesis. `shared` may be that of any number of nodes; `addresses` is this node's own, or undefined for one that is told
   * whom to connect to.
   */
  constructor(shared: SharedStores, ports: NodePorts, settings: NodeSettings, addresses?: AddressManager) {
    const chain = new ChainView(shared.chain, { useCheckpoints: settings.useCheckpoints });
    const { tree } = shared.chain;
    chain.onFork = (row) => ports.observe({ kind: "fork", hash: tree.hash(row), height: tree.height(row) });
    const chance = { below: (bound: number): number => context.below(bound) };
    const { params, verifier } = shared.chain;
    const mempool = new Mempool(params, verifier.ecdsa, chance, settings.mempool);
    const context = new NodeContext(ports, shared, settings, chain, mempool);
    this.#context = context;
    this.#handshake = new Handshake(context);
    this.#keepAlive = new KeepAlive(context);
    this.#addresses = new AddressRelay(context, addresses);
    this.#sync = new HeaderSync(context);
    this.#download = new BlockDownload(context, this.#sync);
    this.#transactions = new TxRelay(context);
    this.#compactSync = new CompactHeaderSync(context, this.#sync);
    this.#relay = new BlockRelay(context, this.#sync, this.#download, this.#compactSync);
    this.#compact = new CompactRelay(context, this.#sync, this.#transactions);
    this.#serving = new BlockServing(context, this.#sync, this.#transactions);
    this.#filtering = new Filtering(context);
    this.#producer = undefined;
    this.#produceAt = Number.POSITIVE_INFINITY;
  }

  get chain(): ChainView {
    return this.#context.chain;
  }

  get mempool(): Mempool {
    return this.#context.mempool;
  }

  /** Its peers, to look at. */
  get peers(): readonly Readonly<Peer>[] {
    return this.#context.peers.all;
  }

  /** Unix seconds, by the node's clock and its peers'. */
  get adjustedTime(): number {
    return this.#context.adjustedTime;
  }

  /** Whether this node thinks that it is far behind. */
  get catchingUp(): boolean {
    return this.#context.catchingUp;
  }

  /** What the operator set. */
  get settings(): NodeSettings {
    return this.#context.settings;
  }

  /** Blocks asked for and not received. */
  get blocksInFlight(): number {
    return this.#download.inFlight;
  }

  /** Takes up work, after {@link ChainView.restore} if it has a past. */
  start(): void {
    this.#context.epochChanged();
    this.#produce();
  }

  /** Its process has ended: what it took of stores that outlive it is free for others. It is not called any more. */
  end(): void {
    this.#context.peers.release();
  }

  /** From now on this node makes blocks. */
  attach(producer: Producer): void {
    this.#producer = producer;
  }

  /** Returns the peer's row of {@link SharedStores.peers}, by which the host may try {@link PeerRows.takeKnown} first. */
  connected(id: PeerId, link: PeerLink): number {
    const { peers, ports } = this.#context;
    const nonce = (BigInt(ports.bits32()) << 32n) | BigInt(ports.bits32());
    const peer = peers.add(id, link, nonce);
    if (peer.outbound) this.#handshake.greet(peer);
    this.#keepAlive.connected(peer);
    this.#sweep();
    return peer.row;
  }

  /** An address could not be reached: it was counted when the attempt began. */
  connectFailed(_address: NetworkAddress): void {}

  disconnected(id: PeerId): void {
    const peer = this.#context.peers.get(id);
    if (peer === undefined) return;
    this.#context.peers.gone(peer, undefined);
    this.#sweep();
  }

  /** What came was no message of its kind. Source: fluxd src/main.cpp ProcessMessages. */
  unreadable(id: PeerId, what: Unreadable): void {
    const peer = this.#context.peers.get(id);
    if (peer === undefined) return;
    if (this.#context.keepAlive) this.#keepAlive.heard(peer);
    if (!peer.introduced && what.command !== "version") this.#chargeStranger(peer);
    else this.#refuse(peer, what);
    this.#sweep();
  }

  /** What came has a command that nobody knows: that costs only who has not said who he is. Source: fluxd src/main.cpp ProcessMessage. */
  unknown(id: PeerId): void {
    const peer = this.#context.peers.get(id);
    if (peer === undefined) return;
    this.#keepAlive.heard(peer);
    if (!peer.introduced) this.#chargeStranger(peer);
    this.#sweep();
  }

  #chargeStranger(peer: Peer): void {
    this.#context.peers.charge(peer, 1, "message before version");
  }

  #refuse(peer: Peer, what: Unreadable): void {
    const rejection = { code: REJECT_MALFORMED, reason: "error parsing message", dos: 0 };
    reject(this.#context, peer, what.command, rejection);
    // fluxd bans the address and keeps the connection.
    if (what.unknownTransactionFormat) {
      this.#context.ports.ban(peer.link.address, this.#context.settings.banSeconds);
    }
  }

  /** A message of a peer; the host never changes it, and neither does the node. */
  receive(id: PeerId, message: Message): void {
    const peer = this.#context.peers.get(id);
    if (peer === undefined) return;
    if (this.#context.keepAlive) this.#keepAlive.heard(peer);
    if (message.command === "version") this.#introduce(peer, message);
    else if (!peer.introduced) this.#chargeStranger(peer);
    else this.#dispatch(peer, message);
    this.#sweep();
  }

  #introduce(peer: Peer, message: Extract<Message, { command: "version" }>): void {
    if (!this.#handshake.version(peer, message)) return;
    this.#addresses.introduced(peer);
    if (peer.link.purpose === "feeler") {
      this.#context.peers.drop(peer, "it was there");
      return;
    }
    this.#keepAlive.introduced(peer);
    this.#sync.start(peer);
  }

  #dispatch(peer: Peer, message: Message): void {
    switch (message.command) {
      case "verack":
        return this.#handshake.acknowledged(peer);
      case "sendheaders":
        peer.prefersHeaders = true;
        return;
      case "sendcmpct":
        return this.#handshake.wantsCompact(peer, message.announce, message.version);
      default:
        if (peer.version >= this.#context.requiredVersion || this.#handshake.keepsUp(peer, peer.version))
          this.#dispatchFurther(peer, message);
    }
  }

  #dispatchFurther(peer: Peer, message: Message): void {
    switch (message.command) {
      case "headers": {
        const whole = this.#sync.receive(peer, message.headers);
        this.#download.request(peer);
        if (whole) this.#sync.settle(peer);
        return;
      }
      case "cmpheaders":
        return this.#compactSync.receive(peer, message.headers);
      case "block":
        return this.#takeBlock(peer, message.block);
      case "cmpctblock":
        return this.#takeBlock(peer, this.#compact.receive(peer, message));
      case "blocktxn":
        return this.#takeBlock(peer, this.#compact.complete(peer, message.block, message.transactions));
      case "getblocktxn":
        return this.#compact.serve(peer, message.block, message.indexes);
      case "getdata":
        return this.#serving.asked(peer, message.items);
      case "getheaders":
        return this.#sync.serve(peer, message.locator, message.stop);
      case "getblocks":
        return this.#serving.list(peer, message.locator, message.stop);
      case "inv":
        return this.#announced(peer, message.items);
      case "tx":
        return this.#transactions.receive(peer, message.tx);
      case "mempool":
        return this.#transactions.list(peer);
      case "ping":
        return this.#keepAlive.pinged(peer, message.nonce);
      case "pong":
        return this.#keepAlive.ponged(peer, message.nonce);
      case "addr":
        return this.#addresses.receive(peer, message.addresses);
      case "getaddr":
        return this.#addresses.asked(peer);
      case "filterload":
        return this.#filtering.load(peer, message);
      case "filteradd":
        return this.#filtering.add(peer, message.data);
      case "filterclear":
        return this.#filtering.clear(peer);
    }
  }

  /** Source: fluxd src/main.cpp ProcessMessage "inv". */
  #announced(peer: Peer, items: readonly InventoryItem[]): void {
    if (items.length > MAX_INVENTORY) {
      this.#context.peers.charge(peer, TOO_MUCH_INVENTORY_POINTS, `inv: ${items.length} items`);
      return;
    }
    // Of blocks the last is enough: the others come before it.
    const block = items.findLast(({ type }) => type === INV_BLOCK);
    if (block !== undefined) this.#sync.announcedHash(peer, block.hash);
    this.#transactions.announced(peer, items);
    if (block !== undefined) this.#download.request(peer);
  }

  #takeBlock(peer: Peer, block: Block | undefined): void {
    if (block === undefined) return;
    const { moved } = this.#relay.receive(peer, block);
    if (moved !== undefined) this.#tipMoved(moved);
    this.#download.request(peer);
    this.#download.requestFromIdle();
  }

  /** A block of this node's own, or given by hand. */
  submitBlock(block: Block): BlockReceipt {
    const receipt = this.#context.chain.acceptBlock(block, this.#context.adjustedTime);
    if (receipt.moved !== undefined) this.#tipMoved(receipt.moved);
    this.#sweep();
    return receipt;
  }

  /** A transaction of this node's own, or given by hand. One that is in the pool already is told of again. */
  submitTransaction(tx: Transaction, from: Submission = FROM_USER): Acceptance {
    const acceptance = this.#transactions.submit(tx, from);
    this.#sweep();
    return acceptance;
  }

  /** By hand: pings every peer that has answered the ping before. */
  pingPeers(): void {
    this.#keepAlive.pingAll();
    this.#sweep();
  }

  /** Microseconds since the ping that a peer has not answered; undefined if there is none. */
  pingWait(peer: Readonly<Peer>): number | undefined {
    return this.#keepAlive.pingWait(peer);
  }

  /** By hand: neither this block nor what follows it is followed. */
  invalidateBlock(row: number): void {
    const moved = this.#context.chain.invalidate(row);
    this.#sync.calm(ABSENT);
    if (moved !== undefined) this.#tipMoved(moved);
    this.#sweep();
  }

  /** Takes {@link invalidateBlock} back. */
  reconsiderBlock(row: number): void {
    const moved = this.#context.chain.reconsider(row);
    if (moved !== undefined) this.#tipMoved(moved);
    this.#sweep();
  }

  #tipMoved(moved: TipChange): void {
    followTip(this.#context, this.#transactions, moved);
    this.#context.epochChanged();
    this.#sync.calm(ABSENT);
    this.#keepAlive.tipChanged();
    this.#relay.announce();
    if (this.#producer === undefined) return;
    this.#produceAt = 0;
    this.#context.wakeBy(this.#context.ports.now());
  }

  /** Proof of work was found, if anybody looked for it: makes a block now. */
  mineNow(): BlockReceipt | undefined {
    const made = this.#producer?.produce(this.#context);
    if (made === undefined || !("block" in made)) return undefined;
    return this.#submitProduced(made.block);
  }

  #submitProduced(block: Block): BlockReceipt {
    const { tree } = this.#context.shared.chain;
    const receipt = this.submitBlock(block);
    const hash = tree.hashOf(block.header);
    const row = tree.find(hash);
    const height = row < 0 ? -1 : tree.height(row);
    this.#context.ports.observe({ kind: "produced", hash, height });
    return receipt;
  }

  #produce(): void {
    const made = this.#producer?.produce(this.#context);
    this.#produceAt = Number.POSITIVE_INFINITY;
    if (made === undefined) return;
    if ("block" in made) this.#submitProduced(made.block);
    // A block that was not good enough leaves the tip, and the producer has more to say.
    const askAt = "block" in made ? this.#context.seconds + 1 : made.askAt;
    if (askAt === undefined || this.#produceAt < Number.POSITIVE_INFINITY) return;
    this.#produceAt = askAt * SECOND;
    this.#context.wakeBy(this.#produceAt);
  }

  /** The time that the node asked for has come. */
  wake(): void {
    const now = this.#context.ports.now();
    this.#context.woken();
    this.#sync.tick(now);
    this.#download.tick(now);
    this.#compactSync.tick(now);
    this.#serving.tick();
    this.#transactions.tick(now);
    this.#keepAlive.tick(now);
    if (this.#produceAt <= now) this.#produce();
    else if (this.#produceAt < Number.POSITIVE_INFINITY) this.#context.wakeBy(this.#produceAt);
    this.#sweep();
  }

  /** Lets go of peers that left in the meantime. */
  #sweep(): void {
    const { peers } = this.#context;
    for (let peer = peers.sweep(); peer !== undefined; peer = peers.sweep()) {
      this.#sync.left(peer);
      this.#download.left(peer);
      this.#compactSync.left(peer);
      this.#compact.left(peer);
      this.#transactions.left(peer);
    }
  }
}
