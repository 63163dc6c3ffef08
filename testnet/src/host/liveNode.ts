import {
  type Acceptance,
  AddressManager,
  type Block,
  type BlockOutcome,
  type BlockReceipt,
  DEFAULT_NODE_SETTINGS,
  FROM_USER,
  FullNode,
  type NetworkAddress,
  type NodeSettings,
  nobleEcdsa,
  type Observation,
  type Params,
  type PeerLink,
  PeerRows,
  type Producer,
  SERVICE_NETWORK,
  SharedMessages,
  type Submission,
  type Transaction,
  toDisplayHex,
  upcomingVersion,
  wireHex,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { nodeEquihash } from "@fluxlab/core/host";
import {
  addressLines,
  anchorLines,
  banLines,
  parseAddressLines,
  parseAnchorLines,
  parseBanLines,
} from "./addressBook.ts";
import { loadNativeEcdsa } from "./nativeSecp256k1.ts";
import { Dialer, type DialPlan } from "./net/dialer.ts";
import { askSeeds } from "./net/dnsSeeds.ts";
import { type HostedNode, PeerHost } from "./net/peerHost.ts";
import { osBits32, osNow } from "./os.ts";
import { BlockForesight } from "./signatures/blockForesight.ts";
import { CheckerPool, checkerThreads } from "./signatures/checkerPool.ts";
import { ForeseenAnswers } from "./signatures/foreseenAnswers.ts";
import { type Loaded, loadBlocks, saveBlocks } from "./store/bootstrapFile.ts";
import { ChainDisk, type DiskTuning } from "./store/chainDisk.ts";
import { DataFolder } from "./store/dataFolder.ts";
import { type DiskTrouble, TroubledFile } from "./store/troubledFile.ts";

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
  /** Makes blocks from the first moment on. */
  readonly producer?: Producer | undefined;
  readonly settings?: Partial<NodeSettings>;
  /** Bytes of blocks to keep if more are not needed; left out: all. */
  readonly pruneTo?: number | undefined;
  /** Whether all blocks are judged again: see {@link ChainDisk}. */
  readonly reindex?: boolean;
  readonly diskTuning?: Partial<DiskTuning>;
  /** Threads that check signatures, its own among them, as -par has it: see {@link checkerThreads}. Left out: its own alone. */
  readonly par?: number;
  /** What is wrong with the disk, in laboratories; left out: nothing. */
  readonly diskTrouble?: (() => DiskTrouble) | undefined;
  /** The disk does not take what the node has to write: it should be closed. Left out: what happens is thrown where it does. */
  readonly failed?: (error: InputError) => void;
  readonly log: NodeLog;
}

const PEERS = "peers.jsonl";
const BANS = "bans.jsonl";
const ANCHORS = "anchors.txt";
/** Source: fluxd src/net.cpp MAX_BLOCK_RELAY_ONLY_ANCHORS. */
const MAX_ANCHORS = 2;

/** Source: fluxd src/net.cpp DUMP_ADDRESSES_INTERVAL. */
const SAVE_ADDRESSES_MS = 900_000;
/** Between two looks at whether somebody was banned. */
const SAVE_BANS_MS = 10_000;
/** What was taken in from peers is on the disk so much later; what was given by hand, before it is acknowledged. */
const COMMIT_MS = 200;
/** Between two lines about the blocks read at the start. */
const PROGRESS_MS = 5_000;

/** A full node with sockets, clock and disk: it comes back from any crash with every block it has acknowledged. */
export class LiveNode {
  readonly node: FullNode;
  readonly host: PeerHost;
  readonly addresses: AddressManager;
  readonly dialer: Dialer;
  readonly #folder: DataFolder;
  readonly #disk: ChainDisk;
  /** Signatures that other threads found valid. */
  readonly #foreseen: ForeseenAnswers;
  readonly #checkers: CheckerPool | undefined;
  readonly #watchers: Set<(observation: Observation) => void>;
  readonly #options: LiveNodeOptions;
  #commitTimer: NodeJS.Timeout | undefined;
  #saveTimer: NodeJS.Timeout | undefined;
  #banTimer: NodeJS.Timeout | undefined;
  /** As they are on the disk. */
  #savedBans: string;
  /** Where it listens. */
  #listening: NetworkAddress | undefined;

  /** Opens the folder, takes up what is in it, and joins the network. @throws InputError for what a person has to change */
  static async start(options: LiveNodeOptions): Promise<LiveNode> {
    const { dataFolder, diskTrouble } = options;
    const folder = new DataFolder(dataFolder, diskTrouble && ((file) => new TroubledFile(file, diskTrouble)));
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
    this.#foreseen = new ForeseenAnswers();
    this.#disk = new ChainDisk(
      folder,
      { params, genesis },
      {
        ecdsa: this.#foreseen.before(loadNativeEcdsa() ?? nobleEcdsa),
        trust: "nothing",
        equihash: nodeEquihash(),
      },
      {
        pruneTo: options.pruneTo,
        reindex: options.reindex === true,
        log: (level, fields, text) => log[level](fields, text),
        clock: () => performance.now(),
        tuning: options.diskTuning ?? {},
      },
    );
    this.host = new PeerHost({
      messageStart: wireHex(params.messageStart),
      listen: options.listen,
      maxConnections,
      whitelisted,
      clockOffset: options.clockOffset ?? 0,
      upcomingVersion: () => upcomingVersion(params.upgrades, this.node.chain.tipHeight),
      observe: (observation) => this.#observed(observation),
      blockAhead: (payload) => foresight?.sees(payload),
      log: (text) => log.debug({}, text),
    });
    this.addresses = new AddressManager(
      Uint8Array.from({ length: 32 }, () => osBits32() & 0xff),
      osBits32,
    );
    const settings: NodeSettings = { ...settingsFor(options), ...options.settings };
    const { chain } = this.#disk;
    const shared = {
      chain,
      messages: new SharedMessages(chain, settings.protocolVersion),
      peers: new PeerRows(),
    };
    this.node = new FullNode(shared, this.host, settings, this.addresses);
    this.#checkers = this.#startCheckers();
    const foresight = this.#checkers && new BlockForesight(this.node, this.#checkers);
    this.dialer = new Dialer(this.host, this.addresses, { ...dial, defaultPort: params.p2pPort });
    this.#watchers = new Set();
    this.#commitTimer = undefined;
    this.#saveTimer = undefined;
    this.#banTimer = undefined;
    this.#savedBans = "";
    this.#listening = undefined;
  }

  #startCheckers(): CheckerPool | undefined {
    const { params, log, par = 1 } = this.#options;
    const threads = checkerThreads(par);
    if (threads === 0) return undefined;
    return new CheckerPool(
      params,
      threads,
      (answers) => this.#foreseen.learn(answers),
      ({ message }) =>
        log.warn({ error: message }, "no threads that check signatures: the node does it alone"),
    );
  }

  /** Signatures so far that other threads had checked when they were asked for. */
  get signaturesForeseen(): number {
    return this.#foreseen.used;
  }

  /** Where it takes connections; undefined if it takes none. */
  get listening(): NetworkAddress | undefined {
    return this.#listening;
  }

  async #join(): Promise<void> {
    this.#replay();
    const now = Math.floor(osNow() / 1_000_000);
    this.addresses.restore(parseAddressLines(this.#folder.read(PEERS) ?? ""), now);
    this.#savedBans = this.#folder.read(BANS) ?? "";
    for (const { subnet, until } of parseBanLines(this.#savedBans)) this.host.bans.ban(subnet, until);
    const anchors = parseAnchorLines(this.#folder.read(ANCHORS) ?? "");
    // One that is why the node died is not met again.
    this.#folder.remove(ANCHORS);
    if (this.#options.producer !== undefined) this.node.attach(this.#options.producer);
    this.#listening = await this.host.run(this.#hosted());
    this.#saveTimer = setInterval(() => this.#storing(() => this.#saveAddresses()), SAVE_ADDRESSES_MS);
    this.#banTimer = setInterval(() => this.#storing(() => this.#saveBans()), SAVE_BANS_MS);
    const { params, dial, log } = this.#options;
    if (this.#options.askSeeds && dial.only === undefined && this.addresses.size === 0) {
      void askSeeds(params.dnsSeeds, params.p2pPort, this.addresses, (text) => log.warn({}, text));
    }
    this.dialer.start(anchors);
  }

  /** Gives the node the blocks of its folder that no snapshot speaks for, in the order in which it had taken them in. */
  #replay(): void {
    const { log } = this.#options;
    const { chain } = this.node;
    const began = { at: performance.now(), bytes: this.#disk.bytesToReplay };
    let shownAt = began.at;
    let taken = 0;
    const { blocks } = this.#disk.replay(chain, (block) => {
      // No clock is in the way of what was accepted before.
      const time = Math.max(this.host.seconds(), block.header.time);
      chain.acceptBlock(block, time);
      taken++;
      const now = performance.now();
      if (now - shownAt < PROGRESS_MS) return;
      shownAt = now;
      const left = this.#disk.bytesToReplay;
      const secondsLeft = Math.round(((now - began.at) / 1_000) * (left / Math.max(1, began.bytes - left)));
      log.info({ blocks: taken, height: chain.tipHeight, secondsLeft }, "reading blocks");
    });
    const milliseconds = Math.round(performance.now() - began.at);
    log.info({ blocks, height: chain.tipHeight, tip: toDisplayHex(chain.tipHash), milliseconds }, "ready");
  }

  /** The node as the host sees it: after each input, blocks that are new are written down. */
  #hosted(): HostedNode {
    const { node } = this;
    const noted =
      <T extends unknown[]>(input: (...values: T) => void) =>
      (...values: T): void => {
        input(...values);
        this.#appendSoon();
      };
    return {
      start: noted(() => node.start()),
      connected: noted((peer, link) => node.connected(peer, link)),
      connectFailed: noted((address) => node.connectFailed(address)),
      disconnected: noted((peer) => node.disconnected(peer)),
      receive: noted((peer, message) => node.receive(peer, message)),
      unreadable: noted((peer, what) => node.unreadable(peer, what)),
      unknown: noted((peer) => node.unknown(peer)),
      wake: noted(() => node.wake()),
    };
  }

  /** fluxd stops where its disk is full (src/main.cpp AbortNode), and so does this: nothing is acknowledged that is not written. */
  #storing(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { failed } = this.#options;
      const full = this.#unwritable(error);
      if (full === undefined || failed === undefined) throw error;
      failed(full);
    }
  }

  /** What a person has to do about an error of the disk; undefined for any other. */
  #unwritable(error: unknown): InputError | undefined {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) return undefined;
    return new InputError(
      `--datadir ${this.#options.dataFolder}: cannot be written to: ${message}: make room or mend the disk and start again; every block that was acknowledged is there`,
    );
  }

  /** Whether there was anything new. */
  #append(): boolean {
    const any = this.#disk.append();
    if (any) this.#disk.tidy(this.node.chain);
    return any;
  }

  /** Writes down what is new; on the disk it is a little later. */
  #appendSoon(): void {
    this.#storing(() => {
      if (this.#append())
        this.#commitTimer ??= setTimeout(() => this.#storing(() => this.#commit()), COMMIT_MS);
    });
  }

  #commit(): void {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    this.#disk.commit();
  }

  /**
   * Takes in a block. When this returns it would survive a crash, unless it was refused.
   * @throws InputError if the disk does not take it: then it is not acknowledged, and the node ends
   */
  submitBlock(block: Block): BlockReceipt {
    const { chain } = this.node;
    const hash = chain.shared.tree.hashOf(block.header);
    this.#observed({ kind: "produced", hash, height: chain.tipHeight + 1 });
    const receipt = this.node.submitBlock(block);
    try {
      this.#append();
      this.#commit();
    } catch (error) {
      const full = this.#unwritable(error);
      if (full === undefined) throw error;
      this.#options.failed?.(full);
      throw full;
    }
    return receipt;
  }

  /** Takes in the blocks of a file such as bootstrap.dat, saying how far it is. @throws InputError if it cannot be read */
  async loadBlocks(path: string, signal?: AbortSignal): Promise<Loaded> {
    const { log, params } = this.#options;
    const beganAt = performance.now();
    let shownAt = beganAt;
    const take = (block: Block): BlockOutcome => {
      const { result } = this.node.submitBlock(block);
      this.#appendSoon();
      return result;
    };
    const show = (share: number, blocks: number): void => {
      const now = performance.now();
      if (now - shownAt < PROGRESS_MS) return;
      shownAt = now;
      const secondsLeft = Math.round(((now - beganAt) / 1_000) * (1 / share - 1));
      log.info({ file: path, blocks, height: this.node.chain.tipHeight, secondsLeft }, "loading blocks");
    };
    const loaded = await loadBlocks(path, wireHex(params.messageStart), take, show, signal);
    this.#commit();
    log.info({ file: path, ...loaded, height: this.node.chain.tipHeight }, "loaded blocks");
    return loaded;
  }

  /** Writes the best chain from genesis to a new file that fluxd can load. How many blocks. @throws InputError */
  saveBlocks(path: string): number {
    const { chain } = this.node;
    const { tree } = chain.shared;
    const blocks = function* (): Generator<Block> {
      for (let height = 0; height <= chain.tipHeight; height++) {
        const block = chain.block(tree.ancestor(chain.tip, height));
        if (block === undefined || block === "pruned")
          throw new InputError(
            `${path}: block ${height} was pruned: only a node that keeps all can write them`,
          );
        yield block;
      }
    };
    return saveBlocks(path, wireHex(this.#options.params.messageStart), blocks());
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
    return this.#disk.bytes;
  }

  /** Lowest height of which, and of all above, blocks are kept; undefined if it keeps all. */
  get pruneHeight(): number | undefined {
    return this.#options.pruneTo === undefined ? undefined : this.#disk.firstBlock(this.node.chain);
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

  #saveBans(): void {
    const bans = banLines(this.host.currentBans());
    if (bans === this.#savedBans) return;
    this.#folder.replace(BANS, bans);
    this.#savedBans = bans;
  }

  /** Parts from all peers and leaves the folder in order. */
  async close(): Promise<void> {
    this.dialer.stop();
    clearInterval(this.#saveTimer);
    clearInterval(this.#banTimer);
    const anchors = this.node.peers.filter(({ link }) => isAnchor(link)).map(({ link }) => link.address);
    await this.host.close();
    await this.#checkers?.close();
    clearTimeout(this.#commitTimer);
    this.#storing(() => {
      this.#disk.close(this.node.chain);
      this.#saveAddresses();
      this.#saveBans();
      this.#folder.replace(ANCHORS, anchorLines(anchors.slice(0, MAX_ANCHORS)));
    });
    this.#folder.release();
  }
}

const isAnchor = ({ direction, purpose }: PeerLink): boolean =>
  direction === "outbound" && purpose === "ordinary";

/** A node that does not keep all blocks offers none to those that are far behind. Source: fluxd src/init.cpp, fPruneMode. */
function settingsFor({ pruneTo }: LiveNodeOptions): NodeSettings {
  const { services } = DEFAULT_NODE_SETTINGS;
  return pruneTo === undefined
    ? DEFAULT_NODE_SETTINGS
    : { ...DEFAULT_NODE_SETTINGS, services: services & ~SERVICE_NETWORK };
}
