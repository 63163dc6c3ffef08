import {
  AssetView,
  type Block,
  blockHash,
  brokenInvariants,
  type Coin,
  type FusionPayload,
  flux,
  fundScripts,
  fusionPayloadBytes,
  INITIAL_CONFIRM,
  keyId,
  type Lock,
  ledgerDigest,
  NATIVE_CHAIN,
  nobleEcdsa,
  nullDataScript,
  type Outpoint,
  openLedger,
  type Params,
  payToKeyHash,
  plainEquihash,
  regtest,
  rollback,
  type SharedChain,
  SharedChains,
  settle,
  shortfall,
  stateHash,
  type Transaction,
  type TxOutput,
  toDisplayHex,
  totalCirculating,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ETH, fewChains, KDA, lockId } from "../../support/assets.ts";
import { ChainBuilder, confirmTx, ordinaryTx, startTx } from "../../support/chainBuilder.ts";
import { withUpgrades } from "../../support/networks.ts";
import { assertProperty } from "../../support/property.ts";

// Fusion operations in real blocks, through every era, with reorganisations of all chains: what connecting makes of them, what
// disconnecting leaves, and the invariants of spec 05 §5 after every one.

/** Upgrades close together, after the height at which the first coins may be spent. */
const short: Params = {
  ...withUpgrades(regtest, {
    ...{ lwma: 1, equihash144: 2, acadia: 3, kamiooka: 4 },
    ...{ kamata: 106, flux: 112, halving: 118, p2shNodes: 124, pon: 130 },
  }),
  fluxnodes: { ...regtest.fluxnodes, paymentStartHeight: 109 },
};
const genesisBlock = new ChainBuilder(short).block([]);
const params: Params = {
  ...short,
  genesis: { ...short.genesis, hash: toDisplayHex(blockHash(genesisBlock.header)) },
};

const key = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : 7));
const ALICE = payToKeyHash(keyId(key));
const MINER = payToKeyHash(new Uint8Array(20).fill(5));
const { pool: POOL, reserves } = fundScripts(params);
const to = { kind: 1 as const, account: new Uint8Array(20).fill(7) };

const pays = (scriptPubKey: Uint8Array, value: bigint): TxOutput => ({ scriptPubKey, value });
const says = (value: FusionPayload): TxOutput => pays(nullDataScript(fusionPayloadBytes(value)), 0n);
const sameScript = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(b);

/** In the pool from the first block on, so that something can be spent from it at once. */
const POOL_SEED = flux(1_000n);
/** What the first block makes besides its own: coins of alice, collaterals among them, and the seed. */
const FIRST_COINS = [
  ...Array.from({ length: 25 }, () => pays(ALICE, flux(100_000n))),
  pays(ALICE, flux(10_000n)),
  pays(ALICE, flux(25_000n)),
  pays(POOL, POOL_SEED),
];
const FEE = 1_000n;
const FIRST = 101;

type StepType = "lock" | "unlock" | "cancel" | "claim" | "release" | "garbage" | "node" | "fund" | "quiet";
type ParallelType = "parallelLock" | "parallelUnlock" | "parallelReorg" | "nativeReorg";
interface Step {
  readonly type: StepType | ParallelType;
  readonly pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom<Step["type"][]>(
    ...([
      "lock",
      "lock",
      "unlock",
      "unlock",
      "cancel",
      "claim",
      "claim",
      "release",
      "garbage",
      "node",
    ] as const),
    ...(["fund", "quiet", "parallelLock", "parallelLock", "parallelUnlock", "parallelUnlock"] as const),
    ...(["parallelReorg", "nativeReorg", "nativeReorg"] as const),
  ),
  pick: fc.nat(1_000),
});

/** What the histories have had in them. */
const seen = new Set<string>();

class World {
  readonly chain = new ChainBuilder(params);
  readonly view: AssetView;
  readonly shared: SharedChain;
  /** By height. */
  readonly #rows: number[] = [0];
  readonly #blocks: Block[] = [];
  /** What the pool gained by transactions that were no operations, by native row. */
  readonly #strays = new Map<number, bigint>();
  #serial = 0;
  readonly #opening = openLedger(fewChains(3, 2, 4), { nativeEmitted: 0n });

  constructor() {
    this.shared = new SharedChains(genesisBlock, {
      ecdsa: nobleEcdsa,
      trust: "signatures",
      equihash: plainEquihash,
    }).under(params);
    this.view = new AssetView(this.shared, this.#opening);
    this.chain.mineTo(0);
    this.#blocks.push(genesisBlock);
    this.#build([], FIRST_COINS);
    while (this.#height < FIRST) this.#build([]);
    this.#follow();
  }

  /** Row of the native tip. */
  get tip(): number {
    return this.#rows.at(-1)!;
  }

  get #height(): number {
    return this.chain.state.height;
  }

  // The native chain

  /** Adds a block to the chain and to what all share; the view has not seen it yet. */
  #build(transactions: readonly Transaction[], extra: readonly TxOutput[] = []): void {
    const tag = pays(nullDataScript(Uint8Array.of(this.#serial & 255, this.#serial++ >> 8)), 0n); // no two are alike
    const block = this.chain.block(transactions, [tag, ...extra]);
    const { tree, blocks } = this.shared;
    const row = tree.add(block.header, blockHash(block.header), this.#rows.at(-1)!);
    const verdict = this.shared.verdict(row, blocks.add(block, row));
    if (verdict.verdict !== "connected") throw new Error(JSON.stringify(verdict, (_, v) => `${v}`));
    this.chain.state.apply(verdict.delta);
    this.chain.deltas.push(verdict.delta);
    this.#rows.push(row);
    this.#blocks.push(block);
  }

  #takeDown(): Block {
    this.chain.state.revert(this.chain.deltas.pop()!);
    this.#rows.pop();
    return this.#blocks.pop()!;
  }

  #follow(): void {
    const { outcomes, reports, lostAt } = this.view.followNative(this.#rows.at(-1)!);
    expect(lostAt).toBeUndefined();
    for (const { type } of reports) seen.add(type);
    for (const { row, outcome } of outcomes) {
      if (outcome.status === "applied") for (const { type } of outcome.operations) seen.add(type);
      else {
        seen.add(`rejected: ${outcome.rejection.reason}`);
        this.#strays.set(row, (this.#strays.get(row) ?? 0n) + outcome.toPool);
      }
    }
  }

  /** Connects a block, takes it off, and connects it again: the state and the ledger are where they were each time. */
  mine(...transactions: readonly Transaction[]): void {
    const before = this.#digests();
    const parent = this.#rows.at(-1)!;
    // Every other block's producer claims the fees.
    const fees = transactions.reduce((sum, tx) => (tx.kind === "ordinary" ? sum + FEE : sum), 0n);
    this.#build(transactions, this.#serial % 2 === 0 ? [pays(MINER, fees)] : []);
    this.#follow();
    const after = this.#digests();
    const strays = new Map(this.#strays);
    const delta = this.chain.deltas.at(-1)!;
    this.chain.state.revert(delta);
    this.view.followNative(parent);
    expect(this.#digests(), `before ${delta.height}`).toEqual(before);
    this.chain.state.apply(delta);
    this.view.followNative(this.#rows.at(-1)!);
    expect(this.#digests(), `after ${delta.height}`).toEqual(after);
    expect(this.#strays).toEqual(strays);
  }

  #digests(): readonly string[] {
    return [stateHash(this.chain.state), ledgerDigest(this.view.ledger)];
  }

  /** Replaces the latest `depth` blocks by one more; of what they held, `keeps` says what comes back in the first. */
  reorganise(depth: number, keeps: (place: number) => boolean): void {
    const removed = Array.from({ length: depth }, () => this.#takeDown()).reverse();
    const kept = removed.flatMap(({ transactions }) => transactions.slice(1)).filter((_, i) => keeps(i));
    for (let i = 0; i <= depth; i++) this.#build(i === 0 ? this.#stillValid(kept) : []);
    this.#follow();
  }

  #stillValid(transactions: readonly Transaction[]): readonly Transaction[] {
    const good: Transaction[] = [];
    for (const tx of transactions) {
      if (this.chain.judge(this.chain.block([...good, tx])).verdict === "connected") good.push(tx);
    }
    return good;
  }

  // Transactions

  /** Spends coins of `script` that together hold `amount` and the fee; undefined if there are none. */
  #spend(script: Uint8Array, amount: bigint, outputs: readonly TxOutput[]): Transaction | undefined {
    const height = this.#height + 1;
    const inputs: Outpoint[] = [];
    let held = 0n;
    for (const [outpoint, coin] of this.#coinsOf(script, height)) {
      if (inputs.length > 0 && held >= amount + FEE) break;
      inputs.push(outpoint);
      held += coin.value;
    }
    if (inputs.length === 0 || held < amount + FEE) return undefined;
    return ordinaryTx(params, height, {
      inputs: inputs.map((prevout) => ({ prevout, scriptSig: new Uint8Array(0), sequence: 0xffff_ffff })),
      outputs: [...outputs, pays(script, held - amount - FEE)].filter(
        ({ value, scriptPubKey }) => value > 0n || scriptPubKey[0] === 0x6a,
      ),
    });
  }

  /** But collaterals, so that nodes live. */
  #coinsOf(script: Uint8Array, height: number): (readonly [Outpoint, Coin])[] {
    return [...this.chain.state.coins()]
      .filter(([, coin]) => sameScript(coin.scriptPubKey, script))
      .filter(([, coin]) => !coin.coinbase || height - coin.height >= params.coinbaseMaturity)
      .filter(([, { value }]) => value !== flux(10_000n) && value !== flux(25_000n))
      .sort(([a], [b]) => (outpointName(a) < outpointName(b) ? -1 : 1));
  }

  /** Pool operations leave the fee to the one who asks: alice pays it. */
  #fromPool(amount: bigint, payload: FusionPayload, outputs: readonly TxOutput[]): Transaction | undefined {
    const fee = this.#spend(ALICE, 0n, []);
    const pool = this.#spend(POOL, amount - FEE, [says(payload), ...outputs]);
    if (fee?.kind !== "ordinary" || pool?.kind !== "ordinary") return undefined;
    const inputs = [...pool.inputs, ...fee.inputs];
    return { ...pool, inputs, outputs: [...pool.outputs, ...fee.outputs] };
  }

  #locks(holds: (lock: Lock) => boolean): Lock[] {
    return [...this.view.ledger.locks.entries()]
      .map(([, lock]) => lock)
      .filter((lock) => lock.unlockedAt === undefined && lock.cancelledAt === undefined && holds(lock));
  }

  /** The transactions of a step; none if it cannot be made. */
  transactions({ type, pick }: { readonly type: StepType; readonly pick: number }): Transaction[] {
    const made = this.#transaction(type, pick);
    return made === undefined ? [] : [made];
  }

  #transaction(type: StepType, pick: number): Transaction | undefined {
    const parallel = pick % 2 === 0 ? KDA : ETH;
    const amount = flux(BigInt(1 + (pick % 5_000)));
    switch (type) {
      case "lock":
        return this.#spend(ALICE, amount, [
          says({ type: "lock", target: parallel, recipient: to }),
          pays(POOL, amount),
        ]);
      case "unlock": {
        const lock = pickOf(
          this.#locks(({ target }) => target === NATIVE_CHAIN),
          pick,
        );
        if (lock === undefined) return undefined;
        const lockTxid = wireHex(lock.id).toReversed();
        const payload: FusionPayload = { type: "unlock", source: lock.source, lockId: lockTxid };
        return this.#fromPool(lock.amount, payload, [pays(ALICE, lock.amount)]);
      }
      case "cancel": {
        const lock = pickOf(
          this.#locks(({ source }) => source === NATIVE_CHAIN),
          pick,
        );
        if (lock === undefined) return undefined;
        const payload: FusionPayload = { type: "cancel", lockTxid: wireHex(lock.id).toReversed() };
        return this.#fromPool(lock.amount, payload, [pays(ALICE, lock.amount)]);
      }
      case "claim": {
        const claim = {
          type: "claim",
          chain: parallel,
          firstHeight: 0,
          lastHeight: 9_999,
          recipient: to,
        } as const;
        return this.#spend(ALICE, 0n, [says(claim)]);
      }
      case "release": {
        const snapshotHeight = this.#height + 1 - (pick % 4);
        return this.#fromPool(0n, { type: "release", chain: parallel, snapshotHeight }, []);
      }
      case "garbage":
        return this.#spend(ALICE, 0n, [pays(nullDataScript(Buffer.from("FUSN\u0001\u0009")), 0n)]);
      case "fund": {
        const script = reserves[pick % 2]!;
        return this.#spend(script, amount, [pays(ALICE, amount)]);
      }
      case "node":
        return this.#nodeTransaction(pick);
      case "quiet":
        return undefined;
    }
  }

  /** A START of one of alice's two collaterals, or the confirm that follows it. */
  #nodeTransaction(pick: number): Transaction | undefined {
    const height = this.#height + 1;
    if (height < params.upgrades.kamata.height) return undefined;
    const collaterals = [...this.chain.state.coins()].filter(
      ([, { value }]) => value === flux(10_000n) || value === flux(25_000n),
    );
    const [outpoint] = pickOf(collaterals, pick) ?? [];
    const node = outpoint && this.chain.state.fluxnode(outpoint);
    if (outpoint === undefined) return undefined;
    if (node === undefined) return startTx(outpoint, key, height);
    return node.status === "started" ? confirmTx(outpoint, INITIAL_CONFIRM, "", height) : undefined;
  }

  // Parallel chains

  parallel({
    type,
    pick,
  }: {
    readonly type: Exclude<ParallelType, "nativeReorg">;
    readonly pick: number;
  }): void {
    const chain = pick % 2 === 0 ? KDA : ETH;
    const { tip, circulating } = this.view.ledger.chains[chain]!;
    if (type === "parallelReorg") {
      this.#hear(chain, { type: "reorganised", height: Math.max(0, tip - (pick % 5)) });
      return;
    }
    const unlocked = pickOf(
      this.#locks(({ target }) => target === chain),
      pick,
    );
    const lock = {
      type: "lock",
      id: lockId(this.#serial++),
      source: chain,
      target: pick % 3 === 0 ? KDA + ETH - chain : NATIVE_CHAIN,
      owner: "alice",
      amount: circulating / 3n,
    } as const;
    const unlock = unlocked && ({ type: "unlock", source: unlocked.source, id: unlocked.id } as const);
    const operation = type === "parallelLock" ? lock : unlock;
    this.#hear(chain, {
      type: "connected",
      height: tip + 1,
      operations: operation === undefined ? [] : [operation],
    });
  }

  #hear(chain: number, event: Parameters<AssetView["followParallel"]>[1][number]): void {
    const { reports, rejected } = this.view.followParallel(chain, [event]);
    for (const { type } of reports) seen.add(type);
    if (event.type === "connected" && rejected.length === 0)
      for (const { type } of event.operations) seen.add(`parallel ${type}`);
  }

  // What must hold

  check(): void {
    const { ledger } = this.view;
    const short = shortfall(ledger);
    const broken = brokenInvariants(ledger);
    expect(broken).toEqual(short === 0n ? [] : [{ invariant: "swapConservation", excess: short }]);
    expect(totalCirculating(ledger)).toBeLessThanOrEqual(flux(440_000_000n));
    // The native chain's own coins: outside pool and funds there is what the ledger says circulates, but for strays.
    const strays = this.#rows.reduce<bigint>((sum, row) => sum + (this.#strays.get(row) ?? 0n), POOL_SEED);
    expect(this.#outside()).toBe(ledger.chains[NATIVE_CHAIN]!.circulating - strays);
  }

  #outside(): bigint {
    let sum = 0n;
    for (const [, { scriptPubKey, value }] of this.chain.state.coins())
      if (![POOL, ...reserves].some((script) => sameScript(script, scriptPubKey))) sum += value;
    return sum;
  }

  /** All chains back to their beginning, the parallel ones first or last. */
  takeApart(parallelFirst: boolean): void {
    const order = parallelFirst ? [KDA, ETH, NATIVE_CHAIN] : [NATIVE_CHAIN, ETH, KDA];
    let { ledger } = this.view;
    for (const chain of order) {
      const back = rollback(ledger, chain, 0);
      if ("reason" in back) throw new Error(back.reason);
      ledger = back.ledger;
    }
    expect(ledgerDigest(ledger)).toBe(ledgerDigest(this.#opening));
  }

  play({ type, pick }: Step): void {
    if (type === "nativeReorg") {
      const depth = Math.min(1 + (pick % 6), this.#height - FIRST);
      this.reorganise(depth, (place) => (place + pick) % 3 > 0);
    } else if (type === "parallelLock" || type === "parallelUnlock" || type === "parallelReorg") {
      this.parallel({ type, pick });
    } else this.mine(...this.transactions({ type, pick }));
    this.check();
  }
}

const outpointName = ({ txid: id, index }: Outpoint): string => `${toDisplayHex(id)}:${index}`;
const pickOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];

const each = (type: Step["type"], ...picks: number[]): Step[] => picks.map((pick) => ({ type, pick }));

/** Both chains opened and claimed on, so that short histories swap too. */
const OPENED: readonly Step[] = [...each("release", 0, 1), ...each("claim", 0, 1)];

/** A history in which everything happens, from proof of work before FluxNodes to proof of node. */
const EVENTFUL: readonly Step[] = [
  ...each("lock", 2_000, 2_001),
  ...each("quiet", 0, 0),
  ...each("parallelUnlock", 0, 1),
  ...each("node", 0, 1),
  ...each("parallelLock", 2, 1),
  ...each("quiet", 0),
  ...each("parallelLock", 4, 1), // confirmations
  ...each("unlock", 0, 0),
  ...each("node", 0, 1),
  ...each("nativeReorg", 5), // the first unlocks
  ...each("lock", 3),
  ...each("parallelReorg", 4, 3), // locks under unlocks
  ...each("quiet", 0, 0, 0),
  ...each("cancel", 0),
  ...each("garbage", 0),
  ...each("claim", 0, 1),
  ...each("nativeReorg", 5, 4),
  ...each("node", 0, 1),
  ...each("quiet", 0, 0, 0, 0, 0, 0),
  ...each("fund", 0, 1),
];

test("through every era, what connecting Fusion operations does disconnecting takes back, and the invariants hold throughout", () => {
  const history = fc.array(step, { minLength: 25, maxLength: 60 });
  const check = fc.property(history, fc.boolean(), (steps, parallelFirst) => {
    const world = new World();
    for (const next of [...OPENED, ...steps]) world.play(next);
    world.takeApart(parallelFirst);
  });
  assertProperty(check, { numRuns: 20, examples: [[[...EVENTFUL], true]] });
  const operations = ["snapshot", "releaseChain", "releaseReserve", "claim", "lock", "unlock", "cancel"];
  const rejections = ["unreadable", "snapshotTaken", "tooEarly"].map((reason) => `rejected: ${reason}`);
  for (const kind of [...operations, "parallel lock", "parallel unlock", "SourceReorged", ...rejections])
    expect(seen).toContain(kind);
});

test("a reorganisation from below the ledger's beginning leaves it where it is, and says so", () => {
  const world = new World();
  const late = new AssetView(world.shared, settle(world.view.ledger, NATIVE_CHAIN, FIRST), world.tip);
  world.reorganise(3, () => false);
  expect(late.followNative(world.tip)).toEqual({ outcomes: [], reports: [], lostAt: FIRST - 3 });
  expect(late.ledger.chains[NATIVE_CHAIN]!.tip).toBe(FIRST);
});
