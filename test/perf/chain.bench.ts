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
  keyId,
  LayeredState,
  type Outpoint,
  outpointKey,
  type Params,
  type PlannedTransaction,
  payToKeyHash,
  planTransaction,
  regtest,
  type StateDelta,
  signTransaction,
  startedRecord,
  TIERS,
} from "@fluxlab/core";
import { ChainBuilder } from "../support/chainBuilder.ts";
import { fastEcdsa, nativeEcdsa } from "../support/ecdsa.ts";
import { memoryRetained } from "../support/heap.ts";
import { testKey } from "../support/keys.ts";
import { labnet, withUpgrades } from "../support/networks.ts";
import { parseBlock, replayedDeltas } from "../support/replay.ts";
import { readJsonLines, vectorsPresent } from "../support/vectors.ts";

const LABNET = "labnet/chain-a.jsonl";
export const JUDGED: ConnectOptions = { ecdsa: fastEcdsa, trust: "nothing" };
export const REPLAYED: ConnectOptions = { ecdsa: fastEcdsa, trust: "signatures" };
const ROUNDS = 3;

export const line = (name: string, figure: number, unit: string, digits = 0): void =>
  console.log(`${name.padEnd(52)} ${figure.toFixed(digits).padStart(9)} ${unit}`);

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
  benchViews(deltas);
}

const VIEWS = 10_000;
const DEPTH = 40;

/** Every node's eyes on one of the last forty blocks, over one base. */
function benchViews(deltas: readonly StateDelta[]): void {
  const base = new BaseState();
  for (const delta of deltas.slice(0, -DEPTH)) base.apply(delta);
  const recent = deltas.slice(-DEPTH);
  const views = (): LayeredState[] => {
    const tips = recent.map((_, i) => new LayeredState(base, recent.slice(0, i + 1)));
    return Array.from({ length: VIEWS }, (_, node) => tips[node % tips.length]!);
  };
  line(`${VIEWS} views of ${DEPTH} tips over one chain`, memoryRetained(views) / 1_024, "KiB", 1);
}

export const FULL_BLOCK = 2_000;
const SPENT_HEIGHT = 102;

/** A block of {@link FULL_BLOCK} payments, each signed by a key of its own, and the chain it stands on. */
export function fullBlock(): { readonly chain: ChainBuilder; readonly block: Block } {
  const chain = new ChainBuilder(withUpgrades(regtest, { acadia: 1, pon: 1_000 }));
  chain.mineTo(0);
  const keys = Array.from({ length: FULL_BLOCK }, (_, i) => testKey(`chain bench ${i}`));
  const outputs = keys.map((key) => ({ value: flux(1n), scriptPubKey: payToKeyHash(keyId(key.publicKey)) }));
  const { created } = chain.mine([], outputs);
  const coinOf = new Map(
    [...created.values()].map(({ outpoint, coin }) => [outpoint.index, { outpoint, output: coin }]),
  );
  chain.mineTo(SPENT_HEIGHT - 1);
  const { params } = chain;
  const transactions = keys.map((key, index) => {
    const coins = [coinOf.get(index)!];
    const changeScript = outputs[index]!.scriptPubKey;
    const payments = [{ value: flux(1n) / 2n, scriptPubKey: changeScript }];
    const planned = planTransaction(
      { height: SPENT_HEIGHT, payments, coins, changeScript },
      params,
    ) as PlannedTransaction;
    const signed = signTransaction(
      fastEcdsa,
      planned.tx,
      planned.coins,
      [key],
      branchIdAt(params.upgrades, SPENT_HEIGHT),
    );
    if (signed.kind !== "signed") throw new Error("the bench signs with all keys");
    return signed.tx;
  });
  return { chain, block: chain.block(transactions) };
}

function benchFullBlock(): void {
  const { chain, block } = fullBlock();
  const { state, params } = chain;
  const connect = (options: ConnectOptions): void => {
    const verdict = connectBlock(state, block, params, options);
    if (verdict.verdict !== "connected") throw new Error("the full block is refused");
    state.apply(verdict.delta);
    state.revert(verdict.delta);
  };
  const on = leastMs(() => connect(JUDGED));
  const off = leastMs(() => connect(REPLAYED));
  line(`block of ${FULL_BLOCK} payments, signatures on`, 1_000 / on, "blocks/s", 1);
  line(`block of ${FULL_BLOCK} payments, signatures off`, 1_000 / off, "blocks/s", 1);
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
  benchFullBlock();
  benchMemory();
}
