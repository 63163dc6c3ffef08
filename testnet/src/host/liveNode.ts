import { statSync } from "node:fs";
import {
  type Acceptance,
  AddressManager,
  type Block,
  type BlockReceipt,
  DEFAULT_NODE_SETTINGS,
  displayHash,
  FROM_USER,
  FullNode,
  type NetworkAddress,
  type NodeSettings,
  nobleEcdsa,
  type Observation,
  type Params,
  PeerRows,
  type Producer,
  type SharedChain,
  SharedChains,
  SharedMessages,
  type Submission,
  type Transaction,
  toDisplayHex,
  upcomingVersion,
  wireHex,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { nodeEquihash, readChainFile } from "@fluxlab/core/host";
import { addressLines, parseAddressLines } from "./addressBook.ts";
import { loadNativeEcdsa } from "./nativeSecp256k1.ts";
import { Dialer, type DialPlan } from "./net/dialer.ts";
import { askSeeds } from "./net/dnsSeeds.ts";
import { type HostedNode, PeerHost } from "./net/peerHost.ts";
import { osBits32, osNow } from "./os.ts";
import { DiskFile } from "./store/appendFile.ts";
import { BlockLog } from "./store/blockLog.ts";
import type { ChainStore } from "./store/chainStore.ts";
import { DataFolder } from "./store/dataFolder.ts";

/** What a log takes; pino's loggers do. */
export interface NodeLog {
  info(fields: object, text: string): void;
  debug(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** A node on this machine. */
export interface LiveNodeOptions {
  readonly params: Params;
  /** Of the parameters: see `genesisBlock` of the core. */
  readonly genesis: Block;
  /** Folder of its own. */
  readonly dataFolder: string;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly dial: Omit<DialPlan, "defaultPort">;
  /** Whether DNS is asked for peers where none are known. */
  readonly askSeeds: boolean;
  readonly maxConnections: number;
  readonly whitelisted: (ip: Uint8Array) => boolean;
  /** Microseconds by which the node's clock is fast; 0 if left out. */
  readonly clockOffset?: number;
  /** Blocks that are taken in before it joins the network, as a file of fluxd's form. */
  readonly chainFile?: string | undefined;
  /** Makes blocks from the first moment on. */
  readonly producer?: Producer | undefined;
  readonly settings?: Partial<NodeSettings>;
  readonly log: NodeLog;
}

const BLOCKS = "blocks.log";
const PEERS = "peers.jsonl";

/** Source: fluxd src/net.cpp DUMP_ADDRESSES_INTERVAL. */
const SAVE_ADDRESSES_MS = 900_000;
/** What was taken in from peers is on the disk so much later; what was given by hand, before it is acknowledged. */
const COMMIT_MS = 200;
/** What becomes of blocks of a chain file that are good. */
const TAKEN: ReadonlySet<string> = new Set<BlockReceipt["result"]["outcome"]>(["active", "held", "known"]);
/** Between two lines about the blocks read at the start. */
const PROGRESS_MS = 5_000;

/** A full node with sockets, clock and disk: it comes back from any crash with every block it has acknowledged. */
export class LiveNode {
  readonly node: FullNode;
  readonly host: PeerHost;
  readonly addresses: AddressManager;
  readonly dialer: Dialer;
  readonly #shared: SharedChain;
  readonly #folder: DataFolder;
  readonly #store: ChainStore;
  readonly #watchers: Set<(observation: Observation) => void>;
  readonly #options: LiveNodeOptions;
  /** Blocks of the shared chain that are in the store. */
  #stored: number;
  #commitTimer: NodeJS.Timeout | undefined;
  #saveTimer: NodeJS.Timeout | undefined;
  /** Where it listens. */
  #listening: NetworkAddress | undefined;

  /** Opens the folder, takes up what is in it, and joins the network. @throws InputError for what a person has to change */
  static async start(options: LiveNodeOptions): Promise<LiveNode> {
    const folder = new DataFolder(options.dataFolder);
    try {
      const live = new LiveNode(options, folder);
      await live.#join();
      return live;
    } catch (error) {
      folder.release();
      throw error;
    }
  }

  private constructor(options: LiveNodeOptions, folder: DataFolder) {
    const { params, genesis, log, maxConnections, whitelisted, dial } = options;
    this.#options = options;
    this.#folder = folder;
    const file = folder.file(BLOCKS);
    this.#store = new BlockLog(new DiskFile(file), displayHash(params.genesis.hash), file);
    this.#shared = new SharedChains(genesis, {
      ecdsa: loadNativeEcdsa() ?? nobleEcdsa,
      trust: "nothing",
      equihash: nodeEquihash(),
    }).under(params);
    this.host = new PeerHost({
      messageStart: wireHex(params.messageStart),
      listen: options.listen,
      maxConnections,
      whitelisted,
      clockOffset: options.clockOffset ?? 0,
      upcomingVersion: () => upcomingVersion(params.upgrades, this.node.chain.tipHeight),
      observe: (observation) => this.#observed(observation),
      log: (text) => log.debug({}, text),
    });
    this.addresses = new AddressManager(
      Uint8Array.from({ length: 32 }, () => osBits32() & 0xff),
      osBits32,
    );
    const settings: NodeSettings = { ...DEFAULT_NODE_SETTINGS, ...options.settings };
    const shared = {
      chain: this.#shared,
      messages: new SharedMessages(this.#shared, settings.protocolVersion),
      peers: new PeerRows(),
    };
    this.node = new FullNode(shared, this.host, settings, this.addresses);
    this.dialer = new Dialer(this.host, this.addresses, { ...dial, defaultPort: params.p2pPort });
    this.#watchers = new Set();
    this.#stored = this.#shared.blocks.end;
    this.#commitTimer = undefined;
    this.#saveTimer = undefined;
    this.#listening = undefined;
  }

  /** Where it takes connections; undefined if it takes none. */
  get listening(): NetworkAddress | undefined {
    return this.#listening;
  }

  async #join(): Promise<void> {
    this.#replay();
    this.#load();
    const now = Math.floor(osNow() / 1_000_000);
    this.addresses.restore(parseAddressLines(this.#folder.read(PEERS) ?? ""), now);
    if (this.#options.producer !== undefined) this.node.attach(this.#options.producer);
    this.#listening = await this.host.run(this.#hosted());
    this.#saveTimer = setInterval(() => this.#saveAddresses(), SAVE_ADDRESSES_MS);
    const { params, dial, log } = this.#options;
    if (this.#options.askSeeds && dial.only === undefined && this.addresses.size === 0) {
      void askSeeds(params.dnsSeeds, params.p2pPort, this.addresses, (text) => log.warn({}, text));
    }
    this.dialer.start();
  }

  /** Gives the node the blocks of its folder, in the order in which it had taken them in. */
  #replay(): void {
    const { log } = this.#options;
    let taken = 0;
    let shownAt = performance.now();
    const { bytesLost } = this.#store.replay((block) => {
      // No clock is in the way of what was accepted before.
      const time = Math.max(Math.floor(this.host.now() / 1_000_000), block.header.time);
      this.node.chain.acceptBlock(block, time);
      taken++;
      if (performance.now() - shownAt < PROGRESS_MS) return;
      shownAt = performance.now();
      log.info({ blocks: taken, height: this.node.chain.tipHeight }, "reading blocks");
    });
    this.#stored = this.#shared.blocks.end;
    if (bytesLost > 0) log.warn({ bytesLost }, "the last block was not written completely and is left out");
    log.info(
      { blocks: taken, height: this.node.chain.tipHeight, tip: toDisplayHex(this.node.chain.tipHash) },
      "ready",
    );
  }

  /** Takes in the blocks of the chain file; those it has already are no news. @throws InputError for one that breaks a rule */
  #load(): void {
    const { chainFile, params, log } = this.#options;
    if (chainFile === undefined) return;
    const { chain } = this.node;
    for (const block of readChainFile(chainFile, wireHex(params.messageStart))) {
      const hash = toDisplayHex(chain.shared.tree.hashOf(block.header));
      if (hash === params.genesis.hash) continue;
      const time = Math.max(Math.floor(this.host.now() / 1_000_000), block.header.time);
      const { result } = chain.acceptBlock(block, time);
      if (TAKEN.has(result.outcome)) continue;
      const why = result.outcome === "invalid" ? result.violation.rule : result.outcome;
      throw new InputError(`${chainFile}: block ${hash} is not taken: ${why}`);
    }
    this.#append();
    this.#commit();
    log.info({ chainFile, height: chain.tipHeight }, "loaded");
  }

  /** The node as the host sees it: after each input, blocks that are new are written down. */
  #hosted(): HostedNode {
    const { node } = this;
    const noted =
      <T extends unknown[]>(input: (...values: T) => void) =>
      (...values: T): void => {
        input(...values);
        if (this.#append()) this.#commitTimer ??= setTimeout(() => this.#commit(), COMMIT_MS);
      };
    return {
      start: noted(() => node.start()),
      connected: noted((peer, link) => node.connected(peer, link)),
      connectFailed: noted((address) => node.connectFailed(address)),
      disconnected: noted((peer) => node.disconnected(peer)),
      receive: noted((peer, message) => node.receive(peer, message)),
      unreadable: noted((peer, what) => node.unreadable(peer, what)),
      wake: noted(() => node.wake()),
    };
  }

  /** Whether there was anything new. */
  #append(): boolean {
    const { blocks } = this.#shared;
    const before = this.#stored;
    for (; this.#stored < blocks.end; this.#stored++) this.#store.append(blocks.block(this.#stored));
    return this.#stored > before;
  }

  #commit(): void {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    this.#store.commit();
  }

  /** Takes in a block. When this returns it would survive a crash, unless it was refused. */
  submitBlock(block: Block): BlockReceipt {
    const hash = this.#shared.tree.hashOf(block.header);
    this.#observed({ kind: "produced", hash, height: this.node.chain.tipHeight + 1 });
    const receipt = this.node.submitBlock(block);
    this.#append();
    this.#commit();
    return receipt;
  }

  /** Takes in a transaction; transactions outside of blocks do not outlive the process, as in fluxd. */
  submitTransaction(tx: Transaction, from: Submission = FROM_USER): Acceptance {
    return this.node.submitTransaction(tx, from);
  }

  /** Where a file of its folder lies. */
  file(name: string): string {
    return this.#folder.file(name);
  }

  /** Bytes that the blocks take. */
  get sizeOnDisk(): number {
    return statSync(this.file(BLOCKS)).size;
  }

  /** Tells of what the node observes from now on. Returns how to stop it. */
  watch(watcher: (observation: Observation) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #observed(observation: Observation): void {
    const { log } = this.#options;
    for (const watcher of this.#watchers) watcher(observation);
    const { kind, ...fields } = observation;
    const text = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        value instanceof Uint8Array ? toDisplayHex(value) : value,
      ]),
    );
    if (kind === "tip" || kind === "banned" || kind === "blockRefused" || kind === "produced")
      log.info(text, kind);
    else log.debug(text, kind);
  }

  #saveAddresses(): void {
    this.#folder.replace(PEERS, addressLines(this.addresses));
  }

  /** Parts from all peers and leaves the folder in order. */
  async close(): Promise<void> {
    this.dialer.stop();
    clearInterval(this.#saveTimer);
    await this.host.close();
    this.#append();
    clearTimeout(this.#commitTimer);
    this.#store.close();
    this.#saveAddresses();
    this.#folder.release();
  }
}
