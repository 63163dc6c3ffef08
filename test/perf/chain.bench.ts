import {
  BaseState,
  type Block,
  branchIdAt,
  type Coin,
  CoinTable,
  type ConnectOptions,
  connectBlock,
  type FluxnodeRecord,
  flux,
  type KeyPair,
  keyId,
  type OrdinaryTransaction,
  type Outpoint,
  outpointKey,
  type Params,
  type PlannedTransaction,
  payToKeyHash,
  planTransaction,
  regtest,
  type SpendableCoin,
  signTransaction,
  startedRecord,
  TIERS,
  txid,
} from "@fluxlab/core";
import { ChainBuilder } from "../support/chainBuilder.ts";
import { fastEcdsa, nativeEcdsa } from "../support/ecdsa.ts";
import { line } from "../support/figures.ts";
import { memoryRetained } from "../support/heap.ts";
import { testKey } from "../support/keys.ts";
import { labnet, withUpgrades } from "../support/networks.ts";
import { parseBlock, replayedDeltas } from "../support/replay.ts";
import { readJsonLines, vectorsPresent } from "../support/vectors.ts";

const LABNET = "labnet/chain-a.jsonl";
export const JUDGED: ConnectOptions = { ecdsa: fastEcdsa, trust: "nothing" };
export const REPLAYED: ConnectOptions = { ecdsa: fastEcdsa, trust: "signatures" };
const ROUNDS = 3;

/** Least milliseconds of `work` over {@link ROUNDS} rounds, after one that warms up. */
export function leastMs(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    work();
    if (round > 0) least = Math.min(least, performance.now() - start);
  }
  return least;
}

function connectAll(blocks: readonly Block[], params: Params, options: ConnectOptions): void {
  const state = new BaseState();
  for (const block of blocks) {
    const verdict = connectBlock(state, block, params, options);
    if (verdict.verdict !== "connected")
      throw new Error(`height ${state.height + 1} of the bench is refused`);
    state.apply(verdict.delta);
  }
}

function benchLabnet(): void {
  if (!vectorsPresent) {
    console.log("labnet: no figures, ../shared/vectors is not beside this checkout");
    return;
  }
  const params = labnet();
  const blocks = readJsonLines<{ hex: string }>(LABNET).map(({ hex }) => parseBlock(Buffer.from(hex, "hex")));
  const perSecond = (ms: number): number => (blocks.length / ms) * 1_000;
  line("labnet, signatures on", perSecond(leastMs(() => connectAll(blocks, params, JUDGED))), "blocks/s");
  line("labnet, signatures off", perSecond(leastMs(() => connectAll(blocks, params, REPLAYED))), "blocks/s");
  const deltas = replayedDeltas(LABNET, params, REPLAYED);
  const base = new BaseState();
  const moves = leastMs(() => {
    for (const delta of deltas) base.apply(delta);
    for (const delta of deltas.toReversed()) base.revert(delta);
  });
  line("labnet, deltas applied and reverted", perSecond(moves), "blocks/s");
  line(
    "labnet, memory of a block's delta",
    memoryRetained(() => replayedDeltas(LABNET, params, REPLAYED)) / deltas.length,
    "bytes",
  );
}

export const FULL_BLOCK = 2_000;
const FULL_BLOCKS = 4;
const SPENT_HEIGHT = 102;

/** A chain, and `count` blocks on it of {@link FULL_BLOCK} payments, each signed by a key of its own. */
export function fullBlocks(count: number): {
  readonly chain: ChainBuilder;
  readonly blocks: readonly Block[];
} {
  const chain = new ChainBuilder(withUpgrades(regtest, { acadia: 1, pon: 1_000 }));
  chain.mineTo(0);
  const keys = Array.from({ length: FULL_BLOCK }, (_, i) => testKey(`chain bench ${i}`));
  const outputs = keys.map((key) => ({ value: flux(1n), scriptPubKey: payToKeyHash(keyId(key.publicKey)) }));
  const { created } = chain.mine([], outputs);
  let coins: SpendableCoin[] = [...created.values()]
    .map(({ outpoint, coin }) => ({ outpoint, output: coin }))
    .sort((a, b) => a.outpoint.index - b.outpoint.index);
  chain.mineTo(SPENT_HEIGHT - 1);
  const blocks = Array.from({ length: count }, () => {
    const transactions = keys.map((key, i) => halved(coins[i]!, key, chain));
    coins = transactions.map((tx) => ({ outpoint: { txid: txid(tx), index: 0 }, output: tx.outputs[0]! }));
    const block = chain.block(transactions);
    chain.connect(block);
    return block;
  });
  for (const delta of chain.deltas.splice(-count).reverse()) chain.state.revert(delta);
  return { chain, blocks };
}

/** Pays half a coin to the key that it belongs to; what is left less the fee is the change. */
function halved(coin: SpendableCoin, key: KeyPair, { params, state }: ChainBuilder): OrdinaryTransaction {
  const height = state.height + 1;
  const { scriptPubKey } = coin.output;
  const payments = [{ value: coin.output.value / 2n, scriptPubKey }];
  const planned = planTransaction(
    { height, payments, coins: [coin], changeScript: scriptPubKey },
    params,
  ) as PlannedTransaction;
  const branchId = branchIdAt(params.upgrades, height);
  const signed = signTransaction(fastEcdsa, planned.tx, planned.coins, [key], branchId);
  if (signed.kind !== "signed") throw new Error("the bench signs with all keys");
  return signed.tx;
}

function benchFullBlocks(): void {
  const { chain, blocks } = fullBlocks(FULL_BLOCKS);
  const { state, params } = chain;
  const connect = (options: ConnectOptions): void => {
    const deltas = blocks.map((block) => {
      const verdict = connectBlock(state, block, params, options);
      if (verdict.verdict !== "connected") throw new Error("a full block is refused");
      state.apply(verdict.delta);
      return verdict.delta;
    });
    for (const delta of deltas.reverse()) state.revert(delta);
  };
  const perSecond = (options: ConnectOptions): number =>
    (blocks.length * 1_000) / leastMs(() => connect(options));
  line(`chain of blocks of ${FULL_BLOCK} payments, signatures on`, perSecond(JUDGED), "blocks/s", 1);
  line(`chain of blocks of ${FULL_BLOCK} payments, signatures off`, perSecond(REPLAYED), "blocks/s", 1);
}

const COINS = 400_000;

const madeUpTxid = (n: number): Uint8Array => {
  const txid = new Uint8Array(32);
  for (let i = 0; i < 8; i++) new DataView(txid.buffer).setUint32(i * 4, Math.imul(n + i, 0x9e3779b1));
  return txid;
};

/** Two outputs a transaction, as payments have. */
const madeUpCoin = (n: number): { outpoint: Outpoint; coin: Coin } => ({
  outpoint: { txid: madeUpTxid(n >> 1), index: n & 1 },
  coin: {
    value: BigInt(n),
    scriptPubKey: payToKeyHash(madeUpTxid(n).subarray(0, 20)),
    height: n >> 8,
    coinbase: false,
  },
});

function benchMemory(): void {
  const table = (): CoinTable => {
    const coins = new CoinTable();
    for (let n = 0; n < COINS; n++) {
      const { outpoint, coin } = madeUpCoin(n);
      coins.add(outpoint, coin);
    }
    return coins;
  };
  const map = (): Map<string, Coin> => {
    const coins = new Map<string, Coin>();
    for (let n = 0; n < COINS / 8; n++) {
      const { outpoint, coin } = madeUpCoin(n);
      coins.set(outpointKey(outpoint), coin);
    }
    return coins;
  };
  line("coin table", memoryRetained(table) / COINS, "bytes/coin");
  line("baseline: a Map of coins", memoryRetained(map) / (COINS / 8), "bytes/coin");
  line("FluxNode table", memoryRetained(manyNodes) / NODES, "bytes/node");
}

const NODES = 15_000;

/** A state with as many confirmed nodes as main has. */
function manyNodes(): BaseState {
  const state = new BaseState();
  const fluxnodes = new Map(
    Array.from({ length: NODES }, (_, n) => {
      const outpoint = { txid: madeUpTxid(n), index: 0 };
      const pubkey = Uint8Array.from({ length: 65 }, (_, i) => n + i);
      const tier = TIERS[n % TIERS.length]!;
      const identity = {
        ...{ outpoint, tier, collateralAmount: flux(1_000n), addedHeight: n },
        ...{ pubkey, collateralPubkey: pubkey.slice(0, 33), redeemScript: new Uint8Array(0) },
      };
      const ip = Uint8Array.from(Buffer.from("203.0.113.7:16137"));
      const confirmed = {
        status: "confirmed" as const,
        confirmedHeight: n + 1,
        lastConfirmedHeight: n % 640,
        ip,
      };
      const after: FluxnodeRecord = { ...startedRecord(identity), ...confirmed };
      return [outpointKey(outpoint), { outpoint, before: undefined, after }];
    }),
  );
  const { sproutTree, blockHash } = state;
  state.apply({
    ...{ height: 0, blockHash: madeUpTxid(1), parentHash: blockHash, fluxnodes },
    ...{ created: new Map(), spent: new Map(), delegates: new Map(), nullifiers: new Map(), payments: [] },
    ...{
      sproutTree: { before: sproutTree, after: sproutTree },
      supplyChange: { transparent: 0n, sprout: 0n },
    },
  });
  return state;
}

/** Prints how fast blocks connect and what a state weighs. */
export function benchChain(): void {
  console.log(
    `chain: signatures by ${nativeEcdsa === undefined ? "noble (TypeScript)" : "the native library"}`,
  );
  benchLabnet();
  benchFullBlocks();
  benchMemory();
}
