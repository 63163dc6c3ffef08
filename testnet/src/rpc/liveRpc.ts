import { join } from "node:path";
import {
  type Block,
  type BlockReceipt,
  type NetworkAddress,
  type Observation,
  plainSolver,
  puzzleParams,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { type LiveNode, parseEndpoint } from "../host/index.ts";
import { type Credentials, newCookie, removeCookie, writeCookie } from "./auth.ts";
import { Boosts } from "./boosts.ts";
import { ChainIndex } from "./chainIndex.ts";
import type { CommandContext } from "./command.ts";
import { Dispatcher } from "./dispatcher.ts";
import { BuiltInMiner, type MinerOptions } from "./mining/builtInMiner.ts";
import type { NetworkApi, NodeApi } from "./nodeApi.ts";
import { answerRest } from "./rest.ts";
import { RPC, RpcError } from "./rpcError.ts";
import { RpcServer } from "./server.ts";
import { Wallet } from "./wallet/wallet.ts";
import { WalletFile } from "./wallet/walletFile.ts";

/** How a live node is to be asked. */
export interface LiveRpcOptions {
  readonly dataFolder: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Undefined: a cookie in the data folder. */
  readonly credentials: Credentials | undefined;
  readonly allowed: (ip: string) => boolean;
  readonly rest: boolean;
  /** Keys kept ready; undefined: no wallet. */
  readonly keyPoolTarget: number | undefined;
  /** Where wallets may be dumped to; left out: nowhere. */
  readonly exportFolder?: string | undefined;
  /** What the command `stop` does. */
  readonly stop: () => void;
  /** Hears of faults of this program. */
  readonly report: (error: unknown) => void;
  readonly mining: MiningOptions;
}

/** The built-in miner: -gen, -genproclimit, -mineraddress. */
interface MiningOptions {
  readonly generate: boolean;
  /** -1: one a core. */
  readonly threads: number;
  /** Script that blocks pay; undefined: a key of the wallet. */
  readonly payTo: Uint8Array | undefined;
  readonly log: MinerOptions["log"];
}

const WALLET_FILE = "wallet.json";
/** So that the answer to `stop` gets out. */
const STOP_AFTER_MS = 100;

/** RPC of a live node. */
export class LiveRpc {
  readonly #server: RpcServer;
  readonly #cookieIn: string | undefined;
  /** Nobody waits for the node any more. */
  readonly #release: () => void;
  readonly miner: BuiltInMiner;

  /** Listens when this is done. @throws Error of the operating system if the port cannot be had; InputError for a damaged wallet */
  static async start(live: LiveNode, options: LiveRpcOptions): Promise<LiveRpc> {
    const waiting = new Set<() => void>();
    const wakeAll = (): void => {
      for (const wake of [...waiting]) wake();
    };
    const unwatch = live.watch((observation: Observation) => {
      if (observation.kind === "tip") wakeAll();
    });
    const release = (): void => {
      unwatch();
      wakeAll();
    };
    const { context, miner } = contextOf(live, options, waiting);
    const dispatcher = new Dispatcher(context);
    const cookieIn = options.credentials === undefined ? options.dataFolder : undefined;
    const credentials = options.credentials ?? newCookie();
    const server = await RpcServer.start({
      host: options.host,
      port: options.port,
      credentials,
      allowed: options.allowed,
      call: (method, params) => dispatcher.call(method, params),
      rest: options.rest ? (path) => answerRest(path, context) : undefined,
      report: options.report,
    });
    if (cookieIn !== undefined) writeCookie(cookieIn, credentials);
    const { generate, threads } = options.mining;
    if (generate) miner.set(true, threads);
    return new LiveRpc(server, cookieIn, release, miner);
  }

  private constructor(
    server: RpcServer,
    cookieIn: string | undefined,
    release: () => void,
    miner: BuiltInMiner,
  ) {
    this.#server = server;
    this.#cookieIn = cookieIn;
    this.#release = release;
    this.miner = miner;
  }

  get port(): number {
    return this.#server.port;
  }

  /** Takes no more calls and leaves no cookie. */
  async close(): Promise<void> {
    const idle = this.miner.close();
    this.#release();
    await idle;
    await this.#server.close();
    if (this.#cookieIn !== undefined) removeCookie(this.#cookieIn);
  }
}

function contextOf(
  live: LiveNode,
  options: LiveRpcOptions,
  waiting: Set<() => void>,
): { readonly context: CommandContext; readonly miner: BuiltInMiner } {
  const { node } = live;
  const { params, verifier } = node.chain.shared;
  const { keyPoolTarget } = options;
  const api: NodeApi = {
    params,
    node,
    network: networkOf(live, params.p2pPort),
    now: () => live.host.seconds(),
    setMockTime: (seconds) => live.host.setMockTime(seconds),
    submitBlock: (block) => submitted(live, block),
    submitTransaction: (tx, from) => live.submitTransaction(tx, from),
    solver: () => smallSolver(node.chain.tipHeight + 1, params),
    sizeOnDisk: () => live.sizeOnDisk,
    pruneHeight: () => live.pruneHeight,
    stop: () => void setTimeout(options.stop, STOP_AFTER_MS),
  };
  const wallet =
    keyPoolTarget === undefined
      ? undefined
      : new Wallet(new WalletFile(join(options.dataFolder, WALLET_FILE)), {
          params,
          ecdsa: verifier.ecdsa,
          now: api.now,
          keyPoolTarget,
        });
  const tipMoved = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      waiting.add(wake);
    });
  const { dataFolder, exportFolder } = options;
  const index = new ChainIndex(node.chain);
  const common = { api, index, wallet, boosts: new Boosts(), tipMoved, dataFolder, exportFolder };
  const { payTo, log } = options.mining;
  const miner = new BuiltInMiner(common, { payTo: () => payTo ?? minersKey(wallet), log });
  return { context: { ...common, miner }, miner };
}

function minersKey(wallet: Wallet | undefined): Uint8Array {
  if (wallet !== undefined) return wallet.miningScript();
  throw new RpcError(RPC.keypoolRanOut, "No key available: mining without a wallet needs --miner-address");
}

/** Blocks on demand are for networks with a small puzzle. */
function smallSolver(height: number, params: NodeApi["params"]): ReturnType<NodeApi["solver"]> {
  const puzzle = puzzleParams(height, params);
  const solver = plainSolver(puzzle);
  if (solver !== undefined) return solver;
  throw new RpcError(RPC.internal, `no blocks on demand where the puzzle is (${puzzle.n}, ${puzzle.k})`);
}

function networkOf(live: LiveNode, defaultPort: number): NetworkApi {
  const { host, dialer } = live;
  const added = new Map<string, NetworkAddress>();
  return {
    traffic: () => host.peers().map(({ peer, traffic }) => ({ peer, ...traffic })),
    totals: () => {
      const { bytesReceived, bytesSent } = host.totalTraffic();
      return { received: bytesReceived, sent: bytesSent };
    },
    add(name, address) {
      if (added.has(name)) return false;
      added.set(name, address);
      dialer.add(address);
      return true;
    },
    remove(name) {
      const address = added.get(name);
      if (address !== undefined) dialer.remove(address);
      return added.delete(name);
    },
    added: () => [...added].map(([name, address]) => ({ name, address })),
    connectOnce: (address) => host.connect(address, "ordinary"),
    disconnect(peer) {
      host.disconnect(peer);
      live.node.disconnected(peer);
    },
    ban: (subnet, until) => host.bans.ban(subnet, until),
    isBanned: (ip) => host.bans.isBanned(ip, host.seconds()),
    unban: (subnet) => host.bans.lift(subnet),
    clearBans: () => host.bans.clear(),
    bans: () => host.currentBans(),
    async resolve(name) {
      try {
        return await parseEndpoint(name, defaultPort, "addnode");
      } catch (error) {
        if (error instanceof InputError) return undefined;
        throw error;
      }
    },
  };
}

/** A disk that does not take a block is the caller's to know, and no fault of this program. */
function submitted(live: LiveNode, block: Block): BlockReceipt {
  try {
    return live.submitBlock(block);
  } catch (error) {
    if (error instanceof InputError) throw new RpcError(RPC.database, error.message);
    throw error;
  }
}
