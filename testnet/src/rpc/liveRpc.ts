import { statSync } from "node:fs";
import { join } from "node:path";
import { nobleEcdsa, type Params, plainSolver, puzzleParams } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { type LiveNode, parseEndpoint } from "../host/index.ts";
import { loadNativeEcdsa } from "../host/nativeSecp256k1.ts";
import { removeCookie, writeCookie } from "./auth.ts";
import { Boosts } from "./boosts.ts";
import { ChainIndex } from "./chainIndex.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { NetworkApi, NodeApi } from "./nodeApi.ts";
import { RPC, RpcError } from "./rpcError.ts";
import { RpcServer } from "./server.ts";
import { Wallet } from "./wallet/wallet.ts";
import { WalletFile } from "./wallet/walletFile.ts";

/** Keys kept ready. Source: fluxd src/wallet/wallet.h DEFAULT_KEYPOOL_SIZE is 100; each costs a key pair at the first start. */
const KEY_POOL = 10;

/** What a live node answers RPC with. */
export interface LiveRpcOptions {
  readonly params: Params;
  readonly dataFolder: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Ends the process in order. */
  readonly stop: () => void;
  /** Hears of our own faults. */
  readonly report: (error: unknown) => void;
}

/**
 * Answers RPC for a live node, by the cookie in its folder.
 * @throws InputError if the port cannot be had
 */
export async function serveLiveNode(
  live: LiveNode,
  options: LiveRpcOptions,
): Promise<{ close(): Promise<void> }> {
  const { params, dataFolder, host, port, report } = options;
  const api = nodeApi(live, options);
  const wallet = new Wallet(new WalletFile(join(dataFolder, "wallet.json")), {
    ...{ params, ecdsa: loadNativeEcdsa() ?? nobleEcdsa, now: api.now, keyPoolTarget: KEY_POOL },
  });
  const dispatcher = new Dispatcher({
    ...{ api, wallet, index: new ChainIndex(live.node.chain), boosts: new Boosts() },
    miner: { running: false, threads: -1, set: refuseToMine },
    tipMoved: (milliseconds) => tipMoved(live, milliseconds),
  });
  const credentials = writeCookie(dataFolder);
  try {
    const server = await RpcServer.start({
      ...{ host, port, credentials, allowed: () => false, rest: undefined, report },
      call: (method, parameters) => dispatcher.call(method, parameters),
    });
    return {
      close: async () => {
        await server.close();
        removeCookie(dataFolder);
      },
    };
  } catch (error) {
    removeCookie(dataFolder);
    throw new InputError(`--rpc-port ${port}: ${(error as Error).message}`, { cause: error });
  }
}

function nodeApi(live: LiveNode, { params, dataFolder, stop }: LiveRpcOptions): NodeApi {
  const { node, host } = live;
  return {
    params,
    node,
    network: networkApi(live, params),
    now: () => Math.floor(host.now() / 1_000_000),
    setMockTime: (seconds) => host.setMockTime(seconds),
    submitBlock: (block) => live.submitBlock(block),
    submitTransaction: (tx, from) => node.submitTransaction(tx, from),
    solver: () => {
      const solver = plainSolver(puzzleParams(node.chain.tipHeight + 1, params));
      if (solver !== undefined) return solver;
      throw new RpcError(RPC.internal, "This network's puzzle is too large to be solved on the spot");
    },
    sizeOnDisk: () => statSync(join(dataFolder, "blocks.log")).size,
    stop,
  };
}

function networkApi({ host, dialer }: LiveNode, params: Params): NetworkApi {
  const peers = () => host.peers();
  return {
    traffic: () => peers().map(({ peer, traffic }) => ({ peer, ...traffic })),
    totals: () => host.totals,
    add: (name, address) => dialer.add(name, address),
    remove: (name) => dialer.remove(name),
    added: () => dialer.added(),
    connectOnce: (address) => host.connect(address, "ordinary"),
    disconnect: (peer) => host.drop(peer),
    ban: (ip, until) => host.bans.ban(ip, until),
    unban: (ip) => host.bans.lift(ip),
    clearBans: () => host.bans.clear(),
    bans: () => host.currentBans(),
    resolve: async (name) => {
      try {
        return await parseEndpoint(name, params.p2pPort, "address");
      } catch (error) {
        if (error instanceof InputError) return undefined;
        throw error;
      }
    },
  };
}

function refuseToMine(running: boolean): void {
  if (!running) return;
  throw new RpcError(RPC.misc, "This node has no built-in miner: use getblocktemplate and submitblock");
}

/** Between two looks at the tip. */
const LOOK_MS = 100;

async function tipMoved({ node }: LiveNode, milliseconds: number): Promise<void> {
  const { tip } = node.chain;
  const deadline = performance.now() + milliseconds;
  while (node.chain.tip === tip && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
