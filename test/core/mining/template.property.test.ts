import {
  AS_IT_IS,
  type Boost,
  blockSize,
  branchIdAt,
  connectBlock,
  createTemplate,
  DEFAULT_TEMPLATE_SETTINGS,
  devFundScript,
  flux,
  INITIAL_CONFIRM,
  keyId,
  MAX_BLOCK_BYTES,
  Mempool,
  maxAhead,
  medianTimePast,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  type Outpoint,
  type Params,
  payToKeyHash,
  Random,
  regtest,
  type StateDelta,
  signTransaction,
  startFor,
  type Transaction,
  type TxInput,
  toDisplayHex,
  transactionSize,
  txid,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poolOf } from "../../support/blockPool.ts";
import { ChainBuilder, confirmTx, ordinaryTx } from "../../support/chainBuilder.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { testKey } from "../../support/keys.ts";
import { naiveSelection, Tie } from "../../support/naiveTemplate.ts";
import { withUpgrades } from "../../support/networks.ts";

const at = (heights: Parameters<typeof withUpgrades>[1]): Params => ({
  ...withUpgrades(regtest, { acadia: 2, kamata: 3, ...heights }),
  kind: "lab",
  coinbaseMustBeShielded: false,
  coinbaseMaturity: 3,
});

/** The same pools before and under proof of node. */
const POW = at({ pon: 10_000 });

const anyones = Uint8Array.of(0x51);
const owner = testKey("owner of collaterals");
const options = { ecdsa: fastEcdsa, trust: "nothing" } as const;

interface OwnCoin {
  readonly outpoint: Outpoint;
  readonly value: bigint;
}

/** A chain with coins of many ages for anyone, and three collaterals of different ages. */
function chainWithCoins(): { chain: ChainBuilder; coins: OwnCoin[]; collaterals: Outpoint[] } {
  const chain = new ChainBuilder(POW);
  chain.mineTo(0);
  const coins: OwnCoin[] = [];
  const collaterals: Outpoint[] = [];
  const note = (delta: StateDelta): void => {
    for (const { outpoint, coin } of delta.created.values()) {
      if (coin.scriptPubKey.length === 1) coins.push({ outpoint, value: coin.value });
      else if (coin.value === flux(1_000n)) collaterals.push(outpoint);
    }
  };
  const collateral = { value: flux(1_000n), scriptPubKey: payToKeyHash(keyId(owner.publicKey)) };
  const values = Array.from({ length: 30 }, (_, i) => ({
    value: 10_000n * 3n ** BigInt(i % 17),
    scriptPubKey: anyones,
  }));
  for (let height = 1; height <= 2; height++) note(chain.mine([], [collateral, ...values]));
  for (let height = 3; height <= 120; height++) {
    const spend = height % 8 === 0 ? coins.shift()! : undefined;
    const tx = spend && payment(spend, [spend.value], height);
    note(chain.mine(tx ? [tx] : []));
  }
  return { chain, coins, collaterals };
}

function signedSpending(outpoint: Outpoint): OrdinaryTransaction {
  const output = state.coin(outpoint)!;
  const tx = ordinaryTx(POW, HEIGHT, {
    inputs: [input(outpoint, 0)],
    outputs: [{ value: output.value - 77n, scriptPubKey: anyones }],
  });
  const signed = signTransaction(
    fastEcdsa,
    tx,
    [{ outpoint, output }],
    [owner],
    branchIdAt(POW.upgrades, HEIGHT),
  );
  if (signed.kind !== "signed") throw new Error(signed.kind);
  return signed.tx;
}

let made = 0;

function payment(coin: OwnCoin, values: readonly bigint[], height: number): OrdinaryTransaction {
  return ordinaryTx(POW, height, {
    inputs: [input(coin.outpoint, 0)],
    outputs: values.map((value) => ({ value, scriptPubKey: anyones })),
  });
}

/** `padding`: bytes pushed for nothing. */
const input = (prevout: Outpoint, padding: number): TxInput => ({
  prevout,
  scriptSig:
    padding === 0
      ? new Uint8Array(0)
      : Uint8Array.of(0x4d, padding & 0xff, padding >> 8, ...new Uint8Array(padding)),
  sequence: made++ % 1_000,
});

const anyTx = fc.record({
  coins: fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  fee: fc.oneof(fc.constant(0), fc.nat({ max: 5_000 })),
  padding: fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 500 })),
  /** CHECKMULTISIGs in an output: each counts for twenty. */
  multisigs: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 500 }) },
  ),
  lock: fc.constantFrom("none", "none", "none", "height", "laterHeight", "time", "laterTime"),
  expiresIn: fc.constantFrom(undefined, undefined, undefined, -1, 0, 5),
});
type AnyTx = typeof anyTx extends fc.Arbitrary<infer T> ? T : never;

const anySettings = fc.record({
  maxBytes: fc.constantFrom(1_000, 2_500, 6_000, 1_999_000),
  priorityBytes: fc.constantFrom(0, 1_500, 2_500, 1_000_000),
  minBytes: fc.constantFrom(0, 2_000, 4_000),
});

const { chain, coins, collaterals } = chainWithCoins();
const { state } = chain;
const HEIGHT = state.height + 1;
const headers = historyOf(
  Array.from({ length: HEIGHT }, (_, height) => ({ time: POW.genesis.time + height, bits: 0x1f07ffff })),
);
const MEDIAN = medianTimePast(headers);
const LOCKS = { none: 0, height: HEIGHT - 1, laterHeight: HEIGHT, time: MEDIAN - 1, laterTime: MEDIAN };

/** Payments with coins of the chain and of each other, none spent twice. */
function payments(plans: readonly AnyTx[]): OrdinaryTransaction[] {
  const free: OwnCoin[] = [...coins];
  return plans.flatMap((plan) => {
    const taken = plan.coins.flatMap((pick) => free.splice(pick % free.length, 1));
    const worth = taken.reduce((sum, { value }) => sum + value, 0n);
    const fee = BigInt(plan.fee) < worth ? BigInt(plan.fee) : 0n;
    const share = (worth - fee) / BigInt(plan.outputs);
    if (share === 0n) return [];
    const scripts = Array.from({ length: plan.outputs }, () => anyones);
    const checks = { value: 0n, scriptPubKey: new Uint8Array(plan.multisigs).fill(0xae) };
    const tx = ordinaryTx(POW, HEIGHT, {
      inputs: taken.map(({ outpoint }) => input(outpoint, plan.padding)),
      outputs: [...scripts.map((scriptPubKey) => ({ value: share, scriptPubKey })), checks],
      lockTime: LOCKS[plan.lock as keyof typeof LOCKS],
      expiryHeight: plan.expiresIn === undefined ? 0 : HEIGHT + plan.expiresIn,
    });
    for (const index of scripts.keys()) free.push({ outpoint: { txid: txid(tx), index }, value: share });
    return [tx];
  });
}

/** A START of each collateral, and what takes the first one's collateral away. */
const starts = collaterals.map((collateral) =>
  startFor({ collateral, ip: undefined }, owner, owner, POW.genesis.time, fastEcdsa),
);
const takesCollateral = signedSpending(collaterals[0]!);

/** Of a node that nobody started: of no use in any block. */
const unfit = confirmTx({ txid: new Uint8Array(32).fill(7), index: 0 }, INITIAL_CONFIRM, "1.2.3.4", 1);

/** `extras`: bits that say which of the transactions about FluxNodes are there. */
function poolTransactions(plans: readonly AnyTx[], extras: number): Transaction[] {
  const aboutNodes = [...starts, takesCollateral, unfit].filter((_, i) => ((extras >> i) & 1) === 1);
  return [...payments(plans), ...aboutNodes];
}

const eras = [
  ["proof of work", POW, payToKeyHash(keyId(owner.publicKey))],
  ["proof of node", at({ pon: HEIGHT }), devFundScript(at({ pon: HEIGHT }))],
] as const;

test.each(eras)("templates of any pool are valid, and chosen as by hand: %s", (_, params, payTo) => {
  let ties = 0;
  const holds = fc.property(
    fc.array(anyTx, { maxLength: 25 }),
    fc.nat({ max: 15 }),
    anySettings,
    (plans, extras, settings) => {
      const transactions = poolTransactions(plans, extras);
      const pool = poolOf(transactions, state, params);
      const time = POW.genesis.time + 1_000;
      const parent = { state, headers };
      const request = {
        parent,
        pool,
        payTo,
        time,
        producer: NULL_OUTPOINT,
        random: Random.root("r"),
        settings,
      };
      const outcome = createTemplate(request, params, options);
      if (outcome.outcome !== "made") throw new Error(JSON.stringify(outcome.outcome));
      const { template } = outcome;
      expect(outcome.unfit.map(({ tx }) => tx)).toEqual(transactions.filter((tx) => tx === unfit));

      const block = template.block.transactions;
      const verdict = connectBlock(state, template.block, params, { ...options, unsigned: true });
      expect(verdict).toMatchObject({ verdict: "connected", fees: template.fees });
      expect(blockSize(template.block)).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
      const bytes = block.slice(1).reduce((sum, tx) => sum + transactionSize(tx), 1_000);
      if (block.length > 1) expect(bytes).toBeLessThan(settings.maxBytes);
      expect(template.entries.reduce((sum, { sigops }) => sum + sigops, 100)).toBeLessThan(20_000);
      for (const [i, tx] of block.entries()) {
        const later = block.slice(i + 1).map((each) => toDisplayHex(txid(each)));
        const parents =
          tx.kind === "ordinary" ? tx.inputs.map(({ prevout }) => toDisplayHex(prevout.txid)) : [];
        expect(
          parents.filter((id) => later.includes(id)),
          "no child before its parent",
        ).toEqual([]);
      }
      const limits = { ...settings, priorityBytes: Math.min(settings.priorityBytes, settings.maxBytes) };
      try {
        const left = transactions.filter((tx) => tx !== unfit);
        expect(block.slice(1)).toEqual(naiveSelection(left, state, MEDIAN, limits, params));
      } catch (error) {
        if (!(error instanceof Tie)) throw error;
        ties++; // the order among equals is heap.test.ts's subject
      }
    },
  );
  fc.assert(holds, { numRuns: 250 });
  expect(ties).toBeLessThan(125);
});

test("without what breaks it the next template succeeds", () => {
  const again = startFor(
    { collateral: collaterals[1]!, ip: undefined },
    owner,
    testKey("thief"),
    1,
    fastEcdsa,
  );
  const pool = poolOf([...payments([]), again, starts[0]!], state, POW);
  const payTo = payToKeyHash(keyId(owner.publicKey));
  const parent = { state, headers };
  const random = Random.root("r");
  const request = { parent, pool, payTo, time: MEDIAN, producer: NULL_OUTPOINT, random };
  const outcome = createTemplate(request, POW, options);
  if (outcome.outcome !== "invalid") throw new Error(outcome.outcome);
  expect(outcome.violation.rule).toBe("fluxnode-tx-destinations-didn't-match");
  expect(outcome.offender?.tx).toBe(again);
  pool.remove(outcome.offender!);
  const retried = createTemplate(request, POW, options);
  expect(retried.outcome === "made" && retried.template.entries.map(({ entry }) => entry.tx)).toEqual([
    starts[0],
  ]);
});

describe("the time of a template", () => {
  const request = {
    parent: { state, headers },
    pool: poolOf([], state, POW),
    payTo: anyones,
    producer: NULL_OUTPOINT,
    random: Random.root("r"),
  };
  const ruleAt = (time: number, adjustedTime?: number): string => {
    const clock = adjustedTime === undefined ? {} : { adjustedTime };
    const made = createTemplate({ ...request, time, ...clock }, POW, options);
    if (made.outcome === "made") return `made for ${made.template.block.header.time - MEDIAN}`;
    return made.outcome === "invalid" ? made.violation.rule : made.outcome;
  };

  test("is after the median of its parents, whatever the clock shows", () => {
    expect([MEDIAN - 50, MEDIAN, MEDIAN + 1, MEDIAN + 50].map((time) => ruleAt(time))).toEqual([
      "made for 1",
      "made for 1",
      "made for 1",
      "made for 50",
    ]);
  });

  test("is refused where clocks are so far behind that nobody would let the block in now", () => {
    const limit = maxAhead("pow", headers.height, POW);
    const clocks = [MEDIAN + 1, MEDIAN + 1 - limit, MEDIAN - limit];
    expect(clocks.map((clock) => ruleAt(clock, clock))).toEqual(["made for 1", "made for 1", "time-too-new"]);
    expect(ruleAt(MEDIAN - limit)).toBe("made for 1"); // no clock was asked
  });
});

test("a START without its collateral leaves the pool, unless another coin beside that is left", () => {
  const other = chainWithCoins();
  other.chain.mine([takesCollateral]);
  const { state: after } = other.chain;
  const gone = startFor({ collateral: unfit.collateral, ip: undefined }, owner, owner, 1, fastEcdsa);
  const pool = poolOf([starts[0]!, gone], after, POW);
  const last = { time: POW.genesis.time + HEIGHT, bits: 0x1f07ffff };
  const longer = historyOf([...Array.from({ length: HEIGHT }, () => last), last]);
  const request = { parent: { state: after, headers: longer }, pool, payTo: anyones, time: last.time };
  const rest = { producer: NULL_OUTPOINT, random: Random.root("r") };
  const outcome = createTemplate({ ...request, ...rest }, POW, options);
  if (outcome.outcome !== "made") throw new Error(outcome.outcome);
  expect(outcome.template.entries).toEqual([]);
  expect(outcome.unfit.map(({ tx }) => tx)).toEqual([gone]);
});

test("a pool lets go of what no block needs", () => {
  const mempool = new Mempool(POW, fastEcdsa, Random.root("pool"));
  const clock = { now: 2, adjustedTime: 2 };
  const offer = mempool.accept(starts[1]!, { state, medianTime: MEDIAN }, clock, AS_IT_IS);
  if (!offer.accepted) throw new Error(JSON.stringify(offer.refusal));
  expect(mempool.dropUnfit([offer.entry])).toEqual([{ entry: offer.entry, why: "unfitForBlock" }]);
  expect(mempool.dropUnfit([offer.entry]), "it has left").toEqual([]);
  expect(mempool.pool.size).toBe(0);
});

test("what its operator boosts is taken though it pays nothing", () => {
  const plan: AnyTx = {
    coins: [3],
    outputs: 1,
    fee: 0,
    padding: 0,
    multisigs: 0,
    lock: "none",
    expiresIn: undefined,
  };
  const [free] = payments([plan]);
  const pool = poolOf([free!], state, POW);
  const settings = { ...DEFAULT_TEMPLATE_SETTINGS, priorityBytes: 0 };
  const parent = { state, headers };
  const random = Random.root("r");
  const request = { parent, pool, payTo: anyones, time: MEDIAN, producer: NULL_OUTPOINT, random, settings };
  const taken = (boostOf?: () => Boost): number => {
    const outcome = createTemplate(boostOf ? { ...request, boostOf } : request, POW, options);
    return outcome.outcome === "made" ? outcome.template.entries.length : -1;
  };
  expect(taken()).toBe(0);
  expect(taken(() => ({ priority: 0, fee: 1n }))).toBe(1);
  expect(taken(() => ({ priority: 0, fee: -1n }))).toBe(0);
});
