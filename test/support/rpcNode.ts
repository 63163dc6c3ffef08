import {
  BanList,
  type Block,
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type NetworkAddress,
  type NodeSettings,
  PeerRows,
  plainSolver,
  puzzleParams,
  type SharedChain,
  SharedMessages,
  type Subnet,
} from "@fluxlab/core";
import {
  answerRequest,
  Boosts,
  ChainIndex,
  type CommandContext,
  Dispatcher,
  type NetworkApi,
  type NodeApi,
  type RpcReply,
  Wallet,
  type WalletContents,
  type WalletSettings,
  type WalletStore,
} from "@fluxlab/testnet/rpc";
import { fastEcdsa } from "./ecdsa.ts";
import { RecordingPorts } from "./recordingPorts.ts";

/** A store that lasts as long as the test. */
class MemoryStore implements WalletStore {
  contents: WalletContents | undefined = undefined;

  load(): WalletContents | undefined {
    return this.contents;
  }
  save(contents: WalletContents): void {
    this.contents = structuredClone(contents);
  }
}

/** Nobody is there. */
class EmptyNetwork implements NetworkApi {
  readonly names = new Map<string, NetworkAddress>();
  readonly #bans = new BanList();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  traffic() {
    return [];
  }
  totals() {
    return { received: 0, sent: 0 };
  }
  add(name: string, address: NetworkAddress): boolean {
    const isNew = !this.names.has(name);
    this.names.set(name, address);
    return isNew;
  }
  remove(name: string): boolean {
    return this.names.delete(name);
  }
  added() {
    return [...this.names].map(([name, address]) => ({ name, address }));
  }
  connectOnce(): void {}
  disconnect(): void {}
  ban(subnet: Subnet, until: number): void {
    this.#bans.ban(subnet, until);
  }
  isBanned(ip: Uint8Array): boolean {
    return this.#bans.isBanned(ip, this.#now());
  }
  unban(subnet: Subnet): boolean {
    return this.#bans.lift(subnet);
  }
  clearBans(): void {
    this.#bans.clear();
  }
  bans() {
    return this.#bans.bans(this.#now());
  }
  async resolve(name: string): Promise<NetworkAddress | undefined> {
    const [, a, b, c, d, port] = /^(\d+)\.(\d+)\.(\d+)\.(\d+):(\d+)$/.exec(name) ?? [];
    if (port === undefined) return undefined;
    const ip = Uint8Array.from([
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      255,
      255,
      Number(a),
      Number(b),
      Number(c),
      Number(d),
    ]);
    return { services: 0n, ip, port: Number(port) };
  }
}

const NOWHERE = { dataFolder: "/nowhere", exportFolder: undefined };

/** A node without sockets and disk that answers RPC. */
export class RpcNode {
  readonly node: FullNode;
  readonly ports: RecordingPorts;
  readonly store = new MemoryStore();
  readonly wallet: Wallet;
  readonly context: CommandContext;
  stopped = false;
  readonly #dispatcher: Dispatcher;
  readonly #walletSettings: WalletSettings;

  constructor(
    shared: SharedChain,
    seconds: number,
    settings: Partial<NodeSettings> = {},
    folders: Pick<CommandContext, "dataFolder" | "exportFolder"> = NOWHERE,
  ) {
    this.ports = new RecordingPorts(seconds);
    const whole = { ...DEFAULT_NODE_SETTINGS, ...settings };
    const messages = new SharedMessages(shared, whole.protocolVersion);
    const stores = { chain: shared, messages, peers: new PeerRows() };
    const node = new FullNode(stores, this.ports, whole);
    this.node = node;
    const now = (): number => Math.floor(this.ports.time / 1_000_000);
    this.#walletSettings = { params: shared.params, ecdsa: fastEcdsa, now, keyPoolTarget: 5, scryptCost: 16 };
    this.wallet = new Wallet(this.store, this.#walletSettings);
    const api: NodeApi = {
      params: shared.params,
      node,
      network: new EmptyNetwork(now),
      now,
      setMockTime: (time) => {
        if (time !== undefined) this.ports.time = time * 1_000_000;
      },
      submitBlock: (block: Block) => node.submitBlock(block),
      submitTransaction: (tx, from) => node.submitTransaction(tx, from),
      solver: () => plainSolver(puzzleParams(node.chain.tipHeight + 1, shared.params))!,
      sizeOnDisk: () => 0,
      pruneHeight: () => undefined,
      stop: () => {
        this.stopped = true;
      },
    };
    const context: CommandContext = {
      api,
      index: new ChainIndex(node.chain),
      wallet: this.wallet,
      boosts: new Boosts(),
      ...folders,
      miner: { running: false, threads: -1, solutionRate: 0, set() {} },
      tipMoved: async () => {},
    };
    this.context = context;
    this.#dispatcher = new Dispatcher(context);
  }

  /** The answer to a body as it comes over HTTP. Faults of ours are thrown. */
  async answer(body: string): Promise<RpcReply> {
    const faults: unknown[] = [];
    const call = this.call;
    const reply = await answerRequest(body, call, (error) => faults.push(error));
    if (faults.length > 0) throw faults[0];
    return reply;
  }

  /** The wallet as another process would find it in the store. */
  reopenedWallet(): Wallet {
    return new Wallet(this.store, this.#walletSettings);
  }

  readonly call = (method: string, params: readonly unknown[]) => this.#dispatcher.call(method, params);

  /** The result of a call. @throws Error with the error's code and text */
  async ask<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T> {
    const { body } = await this.answer(JSON.stringify({ id: 1, method, params }));
    const { result, error } = JSON.parse(body) as {
      result: T;
      error: { code: number; message: string } | null;
    };
    if (error !== null) throw new Error(`${error.code}: ${error.message}`);
    return result;
  }
}
