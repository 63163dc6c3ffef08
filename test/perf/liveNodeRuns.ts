import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ChainView,
  type Coin,
  displayHash,
  FROM_USER,
  generateBlocks,
  Mempool,
  medianTimePast,
  type Outpoint,
  payToKeyHash,
  plainEquihash,
  plainSolver,
  Random,
  SharedChains,
  txid,
} from "@fluxlab/core";
import { BlockLog, DiskFile } from "@fluxlab/testnet/host";
import { LiveRpc } from "@fluxlab/testnet/rpc";
import { BENCH_GENESIS, BENCH_PARAMS, openBenchNode } from "../support/benchNode.ts";
import { coinbaseAt, FEE, passedOn } from "../support/benchPayments.ts";
import { fastEcdsa } from "../support/ecdsa.ts";
import { MINER_SCRIPT } from "../support/miningLab.ts";

// A live node of the bench in a process of its own, so that its memory is its own. Prints figures as JSON.
//
//   make FOLDER BLOCKS PAYMENTS    writes a folder of blocks, with so many signed payments each
//   start FOLDER [reindex]         opens it and closes it
//   serve FOLDER                   gives its blocks to peers, and answers RPC, until its input ends
//   sync FOLDER PORT HEIGHT TIME [PAR]    gets blocks from such a one

/** What the start of a node came to. */
export interface StartCost {
  readonly seconds: number;
  readonly height: number;
  readonly residentMiB: number;
  /** Of it, what is not garbage or the program itself. */
  readonly heldMiB: number;
}

/** What a sync came to. */
export interface SyncCost {
  readonly seconds: number;
  readonly megabytes: number;
  readonly peakMiB: number;
  readonly idleMiB: number;
  /** Signatures that other threads had checked in time. */
  readonly foreseen: number;
}

function makeFolder(folder: string, blocks: number, payments: number): void {
  mkdirSync(folder);
  const log = new BlockLog(
    new DiskFile(join(folder, "blocks.log")),
    displayHash(BENCH_PARAMS.genesis.hash),
    folder,
  );
  log.replay(() => {});
  const options = { ecdsa: fastEcdsa, trust: "signatures" } as const;
  const chains = new SharedChains(BENCH_GENESIS, { ...options, equihash: plainEquihash });
  const view = new ChainView(chains.under(BENCH_PARAMS), { useCheckpoints: false });
  const random = Random.root("bench");
  const mempool = new Mempool(BENCH_PARAMS, fastEcdsa, random.fork("pool"));
  const coins: { outpoint: Outpoint; coin: Coin }[] = [];
  for (let height = 1; height <= blocks; height++) {
    const now = view.headers().time(height - 1);
    const tip = { state: view.state(), medianTime: medianTimePast(view.headers()) };
    for (const [i, each] of coins.entries()) {
      const tx = passedOn(each.outpoint, each.coin, height);
      const offer = mempool.accept(tx, tip, { now, adjustedTime: now }, FROM_USER);
      if (!offer.accepted) throw new Error(`height ${height}: ${JSON.stringify(offer.refusal)}`);
      const coin = { ...each.coin, value: each.coin.value - FEE, height, coinbase: false };
      coins[i] = { outpoint: { txid: txid(tx), index: 0 }, coin };
    }
    const { stopped } = generateBlocks(view, 1, {
      ...options,
      params: BENCH_PARAMS,
      payTo: MINER_SCRIPT,
      adjustedTime: now + BENCH_PARAMS.pow.targetSpacing,
      solver: () => plainSolver({ n: 48, k: 5 })!,
      random,
      producers: [],
      mempool,
    });
    if (stopped !== undefined) throw new Error(`height ${height}: ${stopped.why}`);
    const block = view.block(view.tip);
    if (block === undefined || block === "pruned") throw new Error("a node has its tip");
    log.append(block);
    // Each coinbase of the first blocks becomes a coin that goes from hand to hand.
    if (coins.length < payments && height > 2 * BENCH_PARAMS.coinbaseMaturity) {
      coins.push(coinbaseAt(view, height - BENCH_PARAMS.coinbaseMaturity));
    }
    if (height % 500 === 0) chains.fold([view]);
  }
  log.close();
}

/** Of this process alone, MiB: what is resident, or was at most. */
function memory(which: "VmRSS" | "VmHWM"): number {
  globalThis.gc?.();
  const [, kib] =
    new RegExp(`^${which}:\\s+(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Math.round(Number(kib) / 1_024);
}

/** MiB of objects and arrays. */
function held(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

const print = (value: object): void => console.log(JSON.stringify(value));

async function start(folder: string, reindex: boolean): Promise<void> {
  const before = held();
  const beganAt = performance.now();
  const live = await openBenchNode(folder, { reindex });
  const seconds = (performance.now() - beganAt) / 1_000;
  const heldMiB = held() - before;
  const height = live.node.chain.tipHeight;
  const cost: StartCost = { seconds, height, residentMiB: memory("VmRSS"), heldMiB };
  await live.close();
  print(cost);
}

async function serve(folder: string): Promise<void> {
  const live = await openBenchNode(folder);
  const { chain } = live.node;
  live.host.setMockTime(chain.shared.tree.time(chain.tip));
  const rpc = await LiveRpc.start(live, {
    dataFolder: folder,
    host: "127.0.0.1",
    port: 0,
    credentials: { user: "bench", password: "bench" },
    allowed: () => true,
    rest: false,
    keyPoolTarget: undefined,
    stop() {},
    report: (error) => console.error(error),
    mining: { generate: false, threads: 1, payTo: payToKeyHash(new Uint8Array(20)), log() {} },
  });
  print({ port: live.listening!.port, rpcPort: rpc.port, time: chain.shared.tree.time(chain.tip) });
  for await (const _ of process.stdin); // until whoever asked for it is done
  await rpc.close();
  await live.close();
}

async function sync(folder: string, port: number, height: number, time: number, par: number): Promise<void> {
  const live = await openBenchNode(folder, { port, par });
  live.host.setMockTime(time);
  const beganAt = performance.now();
  while (live.node.chain.tipHeight < height) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - beganAt) / 1_000;
  const megabytes = live.host.totalTraffic().bytesReceived / 1e6;
  const peakMiB = memory("VmHWM");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const foreseen = live.signaturesForeseen;
  const cost: SyncCost = { seconds, megabytes, peakMiB, idleMiB: memory("VmRSS"), foreseen };
  await live.close();
  print(cost);
}

const [role, folder = "", a = "", b = "", c = "", d = "1"] = process.argv.slice(2);
if (role === "make") makeFolder(folder, Number(a), Number(b));
else if (role === "start") await start(folder, a === "reindex");
else if (role === "serve") await serve(folder);
else await sync(folder, Number(a), Number(b), Number(c), Number(d));
