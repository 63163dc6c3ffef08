import {
  AS_IT_IS,
  DEFAULT_MEMPOOL_SETTINGS,
  FROM_PEER,
  Mempool,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Outpoint,
  type Params,
  type PoolEntry,
  placeCost,
  Random,
  regtest,
  type Transaction,
  transactionSize,
  txid,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ChainBuilder, ordinaryTx } from "../../support/chainBuilder.ts";
import { idOf, NaivePool, nameOf, spentBy } from "../../support/naivePool.ts";
import { withUpgrades } from "../../support/networks.ts";

const params: Params = {
  ...withUpgrades(regtest, { acadia: 2, pon: 10_000 }),
  coinbaseMustBeShielded: false,
  coinbaseMaturity: 3,
};

/** Anyone may spend it, with an empty scriptSig. */
const anyones = Uint8Array.of(0x51);
const COINS = 6;
const COIN_VALUE = 1_000n;

const small = fc.nat({ max: 9 });

/** Numbers pick among what there is when the step is taken. */
const anyStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      step: fc.constant("offer" as const),
      coins: fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 3 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      fee: fc.integer({ min: -1, max: 30 }),
      expiresIn: fc.oneof(fc.constant(0), fc.integer({ min: 2, max: 5 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant("offerAgain" as const), which: fc.nat({ max: 40 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant("mine" as const),
      leaveOut: fc.nat(),
      outsider: fc.boolean(),
      outsiderExpiresIn: fc.nat({ max: 4 }),
      coin: small,
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("undo" as const) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** A chain, a pool on it, the naive pool beside it, and every coin and payment that ever was. */
class World {
  readonly chain = new ChainBuilder(params);
  readonly naive = new NaivePool(params);
  readonly mempool: Mempool;
  readonly coins: { readonly outpoint: Outpoint; readonly value: bigint }[] = [];
  readonly payments: OrdinaryTransaction[] = [];
  readonly blocks: OrdinaryTransaction[][] = [];
  now = 1_700_000_000;
  #made = 0;

  constructor(costLimit: number) {
    const settings = { ...DEFAULT_MEMPOOL_SETTINGS, costLimit };
    this.mempool = new Mempool(params, nobleEcdsa, Random.root("pool"), settings);
    this.chain.mineTo(0);
    for (let block = 0; block < 4; block++) this.mine([]);
    this.blocks.splice(0, 2); // those stay, but the coins they make may become too young again
  }

  get tip() {
    return { state: this.chain.state, medianTime: this.now };
  }

  get clock() {
    return { now: this.now, adjustedTime: this.now };
  }

  /** A payment of these coins, counted from the newest; another one each time. */
  pay(picks: readonly number[], outputs: number, fee: bigint, expiresIn: number): OrdinaryTransaction {
    const coins = [...new Set(picks.map((pick) => this.coins.at(-1 - (pick % this.coins.length))!))];
    const worth = coins.reduce((sum, { value }) => sum + value, 0n) - fee;
    const share = worth > 0n ? worth / BigInt(outputs) : 0n;
    const height = this.chain.state.height + 1;
    const values = Array.from({ length: outputs }, (_, i) =>
      i === 0 ? worth - share * BigInt(outputs - 1) : share,
    );
    const tx = ordinaryTx(params, height, {
      inputs: coins.map(({ outpoint }) => ({
        prevout: outpoint,
        scriptSig: new Uint8Array(0),
        sequence: this.#made++,
      })),
      outputs: values.map((value) => ({ value: value < 0n ? 0n : value, scriptPubKey: anyones })),
      expiryHeight: expiresIn === 0 ? 0 : height + expiresIn,
    });
    this.payments.push(tx);
    const id = txid(tx);
    for (const [index, { value }] of tx.outputs.entries()) {
      this.coins.push({ outpoint: { txid: id, index }, value });
    }
    return tx;
  }

  /** Those of `txs` that can be in the next block together, parents first. */
  blockOf(txs: readonly OrdinaryTransaction[]): OrdinaryTransaction[] {
    const { state } = this.chain;
    const block: OrdinaryTransaction[] = [];
    const spent = new Set<string>();
    const fits = (tx: OrdinaryTransaction): boolean =>
      !block.includes(tx) &&
      (tx.expiryHeight === 0 || tx.expiryHeight > state.height) &&
      tx.inputs.every(({ prevout }) => {
        const coin = state.coin(prevout);
        const old = coin !== undefined && (!coin.coinbase || state.height + 1 - coin.height >= 3);
        const here = block.some((parent) => idOf(parent) === nameOf(prevout).split(":")[0]);
        return !spent.has(nameOf(prevout)) && (old || here);
      });
    for (let next = txs.find(fits); next !== undefined; next = txs.find(fits)) {
      block.push(next);
      for (const name of spentBy(next)) spent.add(name);
    }
    return block;
  }

  mine(block: OrdinaryTransaction[]): void {
    const extra = Array.from({ length: COINS }, () => ({ value: COIN_VALUE, scriptPubKey: anyones }));
    const { height } = this.chain.state;
    const delta = this.chain.mine(block, height < 2 ? extra : []);
    for (const { outpoint, coin } of delta.created.values()) {
      if (coin.coinbase && coin.value === COIN_VALUE) this.coins.push({ outpoint, value: coin.value });
    }
    this.blocks.push(block);
    this.mempool.blockConnected(block, this.chain.state.height, this.clock);
    this.mempool.tipSettled(this.tip, false);
    this.naive.blockConnected(this.chain.state);
  }

  undo(): void {
    const block = this.blocks.pop();
    if (block === undefined) return;
    const delta = this.chain.deltas.pop()!;
    this.chain.state.revert(delta);
    this.mempool.blockDisconnected(block, delta, this.tip, this.clock);
    this.mempool.tipSettled(this.tip, true);
    this.naive.blockDisconnected(block, this.chain.state);
  }

  offer(tx: OrdinaryTransaction, from = AS_IT_IS): void {
    const before = this.mempool.pool.size;
    const { accepted, departed } = this.mempool.accept(tx, this.tip, this.clock, from);
    expect(this.mempool.pool.size).toBe(before + (accepted ? 1 : 0) - departed.length);
    const expected = this.naive.offer(tx, this.chain.state);
    if (this.roomy) expect(accepted, idOf(tx)).toBe(expected);
  }

  /** Whether nobody has ever had to leave for want of room. */
  roomy = true;

  take(step: Step): void {
    this.now += 10;
    switch (step.step) {
      case "offer":
        return this.offer(this.pay(step.coins, step.outputs, BigInt(step.fee), step.expiresIn));
      case "offerAgain":
        if (this.payments.length === 0) return;
        return this.offer(this.payments[step.which % this.payments.length]!, FROM_PEER);
      case "mine": {
        const outsider = step.outsider ? [this.pay([step.coin], 1, 0n, step.outsiderExpiresIn)] : [];
        const entries = [...this.mempool.pool.entries()].map(({ tx }) => tx as OrdinaryTransaction);
        const chosen = entries.filter((_, i) => ((step.leaveOut >> (i % 30)) & 1) === 0);
        return this.mine(this.blockOf([...outsider, ...chosen]));
      }
      case "undo":
        return this.undo();
    }
  }
}

/** What holds of every pool at every moment, found by going through all of it. */
function checkInvariants({ mempool: { pool }, chain: { state } }: World, costLimit: number): void {
  const entries = [...pool.entries()];
  const spent = entries.flatMap(({ tx }) => spentBy(tx as OrdinaryTransaction));
  expect(new Set(spent).size, "no coin is spent twice").toBe(spent.length);
  const parentsOf = ({ tx }: PoolEntry): PoolEntry[] =>
    entries.filter(({ txid: id }) =>
      (tx as OrdinaryTransaction).inputs.some(({ prevout }) => Buffer.compare(prevout.txid, id) === 0),
    );
  const closure = (entry: PoolEntry, next: (entry: PoolEntry) => PoolEntry[]): Set<PoolEntry> => {
    const found = new Set(next(entry));
    for (const each of found) for (const more of next(each)) found.add(more);
    return found;
  };
  const childrenOf = (entry: PoolEntry) => entries.filter((other) => parentsOf(other).includes(entry));
  for (const entry of entries) {
    for (const { prevout } of (entry.tx as OrdinaryTransaction).inputs) {
      expect(pool.coin(prevout, state), "every coin spent exists").toBeDefined();
    }
    expect(entry.bytes).toBe(transactionSize(entry.tx));
    expect(new Set(pool.ancestors(entry.tx))).toEqual(closure(entry, parentsOf));
    expect(new Set(pool.descendants(entry.txid, entry.tx))).toEqual(closure(entry, childrenOf));
  }
  expect(pool.bytes).toBe(entries.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(pool.cost).toBe(entries.reduce((sum, entry) => sum + placeCost(entry), 0));
  expect(pool.cost).toBeLessThanOrEqual(costLimit);
}

const anySteps = fc.array(anyStep, { minLength: 10, maxLength: 60 });

const ids = (txs: Iterable<Transaction>): string[] =>
  Array.from(txs, (tx) => idOf(tx as OrdinaryTransaction)).sort();

/** A payment is mined just before it expires, then spent, and does not come back when its block goes. */
const orphaning: Step[] = [
  { step: "mine", leaveOut: 0, outsider: true, outsiderExpiresIn: 1, coin: 0 },
  { step: "offer", coins: [0], outputs: 1, fee: 0, expiresIn: 0 },
  { step: "undo" },
];

test("under offers, blocks and reorganisations the pool holds what the naive pool holds", () => {
  const holds = fc.property(anySteps, (steps) => {
    const world = new World(DEFAULT_MEMPOOL_SETTINGS.costLimit);
    for (const step of steps) {
      world.take(step);
      const held = Array.from(world.mempool.pool.entries(), ({ tx }) => tx);
      expect(ids(held)).toEqual(ids(world.naive.txs));
    }
    checkInvariants(world, DEFAULT_MEMPOOL_SETTINGS.costLimit);
  });
  fc.assert(holds, { numRuns: 120, examples: [[orphaning]] });
});

test("a pool that is full stays whole", () => {
  const costLimit = 5 * 4_000;
  const holds = fc.property(anySteps, (steps) => {
    const world = new World(costLimit);
    world.roomy = false;
    for (const step of steps) {
      world.take(step);
      checkInvariants(world, costLimit);
    }
  });
  fc.assert(holds, { numRuns: 40 });
});
