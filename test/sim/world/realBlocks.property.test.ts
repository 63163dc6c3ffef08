import {
  flux,
  INITIAL_CONFIRM,
  keyId,
  MAX_MONEY,
  type OrdinaryTransaction,
  type Outpoint,
  type Params,
  payToKeyHash,
  regtest,
  TIERS,
  type Transaction,
  type TxOutput,
  toDisplayHex,
  txid,
  UPDATE_CONFIRM,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Economy } from "../../../sim/src/world/economy.ts";
import type { CollateralName, EconomyPlan } from "../../../sim/src/world/economyPlan.ts";
import { EVENT } from "../../../sim/src/world/operators.ts";
import { ChainBuilder, confirmTx, ordinaryTx, startTx } from "../../support/chainBuilder.ts";
import { Trace } from "../../support/naiveEconomy.ts";
import { withUpgrades } from "../../support/networks.ts";

// One rule book: what an economy run plays is written out as real blocks (coinbases, STARTs, confirms, spent collaterals) and
// connected by connectBlock, which must accept every one of them and come to the same lists, queues, payees and supply.

/** Every era of a node's life, from before FluxNodes to proof of node. */
const params: Params = {
  ...withUpgrades(regtest, {
    ...{ lwma: 1, equihash144: 2, acadia: 3, kamiooka: 4 },
    ...{ kamata: 105, flux: 300, halving: 500, p2shNodes: 700, pon: 1_000 },
  }),
  fluxnodes: {
    ...regtest.fluxnodes,
    paymentStartHeight: 130,
    transitions: {
      cumulus: { begin: 450, end: 620 },
      nimbus: { begin: 540, end: 800 },
      stratus: { begin: 600, end: 790 },
    },
  },
};
const FIRST = 101;
const LAST = 2_100;

const key = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : 7));
const OWNER = payToKeyHash(keyId(key));
const STRANGER = payToKeyHash(new Uint8Array(20).fill(9));

/** First collaterals of operators, of each amount that can be one. */
const PREPARED = [10_000n, 25_000n, 100_000n, 1_000n, 12_500n, 40_000n].flatMap((coins) =>
  Array.from({ length: 60 }, (): TxOutput => ({ value: flux(coins), scriptPubKey: OWNER })),
);

const name = ({ txid: id, index }: Outpoint): string => `${toDisplayHex(id)}:${index}`;

/** An economy and the real chain that follows it. */
class Materialised {
  readonly chain = new ChainBuilder(params);
  readonly trace = new Trace();
  readonly economy: Economy;
  /** Kinds of events that there were. */
  readonly kinds = new Set<number>();
  readonly #prepared: { outpoint: Outpoint; amount: bigint }[];
  /** Transactions that move a collateral to its successor, in the block that is being made. */
  #replacing: OrdinaryTransaction[] = [];

  constructor(plan: EconomyPlan) {
    this.chain.mineTo(0);
    const funding = this.chain.mine([], PREPARED);
    const { outpoint } = [...funding.created.values()][0]!;
    this.#prepared = PREPARED.map(({ value }, index) => ({
      outpoint: { ...outpoint, index },
      amount: value,
    }));
    this.chain.mineTo(plan.firstHeight - 1);
    this.economy = new Economy(plan, this.trace, this.#nameCollateral);
  }

  /** The first collateral is one of those prepared, a later one an output of the transaction that spends its predecessor. */
  readonly #nameCollateral: CollateralName = ({ row, serial, amount }) => {
    if (serial === 0) {
      const at = this.#prepared.findIndex((prepared) => prepared.amount === amount);
      return this.#prepared.splice(at, 1)[0]!.outpoint;
    }
    const spent = this.economy.operators.nodes.rows.collateral[row]!;
    const rest = this.chain.state.coin(spent)!.value - amount;
    const replacing = this.#spend(spent, [
      { value: amount, scriptPubKey: OWNER },
      { value: rest, scriptPubKey: STRANGER },
    ]);
    this.#replacing.push(replacing);
    return { txid: txid(replacing), index: 0 };
  };

  #spend(prevout: Outpoint, outputs: readonly TxOutput[]): OrdinaryTransaction {
    const inputs = [{ prevout, scriptSig: new Uint8Array(0), sequence: 0xffff_ffff }];
    return ordinaryTx(params, this.chain.state.height + 1, { inputs, outputs });
  }

  /** Plays the next block in the economy, connects it as a real one, and compares. */
  play(): void {
    const { chain, economy, trace } = this;
    const { nodes } = economy.operators;
    const height = economy.height;
    const before = trace.events.length;
    const minted = economy.chain.supply;
    const supply = chain.state.supply.transparent;
    const collaterals = [...nodes.rows.collateral];
    economy.advance(height);
    const events = trace.events.slice(before);
    for (const { kind } of events) this.kinds.add(kind);

    const delta = chain.mine(this.#transactions(height, events));
    expect(chain.state.supply.transparent - supply, `supply of ${height}`).toBe(
      economy.chain.supply - minted,
    );
    const payees = trace.payees
      .get(height)!
      .map((row) => ((row | 0) < 0 ? undefined : name(collaterals[row]!)));
    expect(
      TIERS.map((tier) => paidIn(delta.payments, tier)),
      `payees of ${height}`,
    ).toEqual(payees);
    this.#compareNodes(height);
  }

  #transactions(height: number, events: readonly { kind: number; row: number }[]): Transaction[] {
    const { nodes } = this.economy.operators;
    const collateralsOf = (kind: number) =>
      events.filter((event) => event.kind === kind).map(({ row }) => nodes.rows.collateral[row]!);
    const updates = nodes.rows.collateral.filter((_, row) => {
      const record = nodes.record(row);
      return (
        record?.status === "confirmed" &&
        record.confirmedHeight < height &&
        nodes.lastConfirmed(row) === height
      );
    });
    const replacing = this.#replacing;
    this.#replacing = [];
    return [
      ...collateralsOf(EVENT.start).map((collateral) => startTx(collateral, key, height)),
      ...collateralsOf(EVENT.confirm).map((collateral) => confirmTx(collateral, INITIAL_CONFIRM, "", height)),
      ...updates.map((collateral) => confirmTx(collateral, UPDATE_CONFIRM, "", height)),
      ...replacing,
      ...collateralsOf(EVENT.leave).map((collateral) => {
        const { value } = this.chain.state.coin(collateral)!;
        return this.#spend(collateral, [{ value, scriptPubKey: STRANGER }]);
      }),
    ];
  }

  #compareNodes(height: number): void {
    const { chain, economy } = this;
    const { nodes } = economy.operators;
    const played = nodes.rows.collateral.flatMap((_, row) => {
      const record = nodes.record(row);
      if (record === undefined) return [];
      const lastConfirmedHeight = record.status === "confirmed" ? nodes.lastConfirmed(row) : 0;
      return [describe({ ...record, lastConfirmedHeight })];
    });
    const real = Array.from(chain.state.fluxnodes(), describe);
    expect(played.toSorted(), `lists after ${height}`).toEqual(real.toSorted());
    for (const tier of TIERS) {
      const queue = Array.from(economy.chain.nodes.queue(tier), ({ outpoint }) => name(outpoint));
      expect(queue, `${tier} queue after ${height}`).toEqual(
        Array.from(chain.state.queue(tier), ({ outpoint }) => name(outpoint)),
      );
    }
  }
}

const paidIn = (
  payments: ReturnType<ChainBuilder["mine"]>["payments"],
  tier: (typeof TIERS)[number],
): string | undefined => {
  const payment = payments.find((each) => each.tier === tier);
  return payment && name(payment.outpoint);
};

const describe = ({
  outpoint,
  status,
  identity,
  ...heights
}: NonNullable<ReturnType<ChainBuilder["state"]["fluxnode"]>>): string => {
  const { tier, collateralAmount, addedHeight } = identity;
  const { confirmedHeight, lastConfirmedHeight, lastPaidHeight } = heights;
  return [
    ...[name(outpoint), status, tier, collateralAmount, addedHeight],
    ...[confirmedHeight, lastConfirmedHeight, lastPaidHeight],
  ].join(" ");
};

/** A wave of failed benchmarks, and an exit. */
const SHOCKS: EconomyPlan["shocks"] = [
  {
    kind: "benchmarkFailure",
    height: 1_300,
    tiers: [0, 1, 2],
    share: { numerator: 1, denominator: 2 },
    blocks: 150,
  },
  { kind: "exit", height: 1_700, tiers: [0], share: { numerator: 1, denominator: 2 }, blocks: 20 },
];

const population = fc.record({ atStart: fc.nat(6), atEnd: fc.nat(8) });

/** Habits under which nearly everything happens in two thousand blocks. */
const plan: fc.Arbitrary<EconomyPlan> = fc
  .record({
    seed: fc.nat(1_000_000).map(String),
    population: fc.record({ cumulus: population, nimbus: population, stratus: population }),
    lifetimeSeconds: fc.constantFrom(Number.POSITIVE_INFINITY, 100_000),
    outageEverySeconds: fc.constantFrom(30_000, 10_000),
    outageSeconds: fc.constantFrom(3_000, 20_000),
    missedStart: fc.constantFrom({ numerator: 0, denominator: 1 }, { numerator: 1, denominator: 3 }),
  })
  .map(({ seed, population: people, ...operators }) => ({
    params,
    seed,
    firstHeight: FIRST,
    lastHeight: LAST,
    population: people,
    joinOverSeconds: 20_000,
    operators,
    shocks: SHOCKS,
    supplyCap: MAX_MONEY,
  }));

function compare(drawn: EconomyPlan): Materialised {
  const both = new Materialised(drawn);
  while (both.economy.height <= drawn.lastHeight) both.play();
  return both;
}

test("an economy with everything in it is a chain that connectBlock accepts, block for block the same", () => {
  const { kinds, economy } = compare({
    params,
    seed: "1",
    firstHeight: FIRST,
    lastHeight: LAST,
    population: {
      cumulus: { atStart: 8, atEnd: 12 },
      nimbus: { atStart: 6, atEnd: 4 },
      stratus: { atStart: 5, atEnd: 5 },
    },
    joinOverSeconds: 20_000,
    operators: {
      lifetimeSeconds: 150_000,
      outageEverySeconds: 15_000,
      outageSeconds: 8_000,
      missedStart: { numerator: 1, denominator: 4 },
    },
    shocks: SHOCKS,
    supplyCap: MAX_MONEY,
  });
  // Nobody here fails to change a collateral in time; economy.property.test.ts has those who do.
  const {
    plan: _plan,
    join: _join,
    transition: _transition,
    shock: _shock,
    exit: _exit,
    ...happening
  } = EVENT;
  expect([...kinds].toSorted((a, b) => a - b)).toEqual(Object.values(happening));
  expect(economy.payments.every((payments) => payments > 1_000)).toBe(true);
});

test("so is any other", () => {
  fc.assert(
    fc.property(plan, (drawn) => void compare(drawn)),
    { numRuns: 8 },
  );
});
