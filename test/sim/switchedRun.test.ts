import {
  type Block,
  equalBytes,
  keyId,
  mainnet,
  type Params,
  payToKeyHash,
  perTier,
  type StateContents,
  toDisplayHex,
} from "@fluxlab/core";
import { spreadRun } from "@fluxlab/sim";
import { InvalidInput, minutes, type NetworkScenario, networkScenario, seconds } from "@fluxlab/sim/scenario";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileEconomy } from "../../sim/src/scenario/compile.ts";
import { compileNetwork } from "../../sim/src/scenario/compileSpread.ts";
import {
  compileBefore,
  isSwitched,
  type SwitchedScenario,
  switchedRules,
} from "../../sim/src/scenario/compileSwitched.ts";
import { decodeScenario } from "../../sim/src/scenario/schema.ts";
import { Economy } from "../../sim/src/world/economy.ts";
import { startAfterEconomy } from "../../sim/src/world/economyStart.ts";
import { NetworkWorld } from "../../sim/src/world/networkWorld.ts";
import type { WorldStart } from "../../sim/src/world/worldStart.ts";
import { Trace } from "../support/naiveEconomy.ts";

const START = 1_800_000_000;

function scenario(
  network: string,
  economy: object,
  changes: Partial<NetworkScenario> = {},
): SwitchedScenario {
  const made = networkScenario({
    name: "test",
    title: "Test",
    network,
    nodes: 8,
    run: minutes(20),
    blockInterval: seconds(30),
    topology: { random: 3 },
    check: true,
    economy,
    ...changes,
  } as Parameters<typeof networkScenario>[0]);
  if (!isSwitched(made)) throw new Error("it has an economy");
  return made;
}

/** An economy that goes on after the height at which full nodes take over from another like it. */
function longEconomy(plan: ReturnType<typeof compileBefore>, blocks: number): [Economy, Trace] {
  const trace = new Trace();
  return [new Economy({ ...plan, lastHeight: plan.lastHeight + blocks }, trace), trace];
}

const name = ({ txid, index }: { txid: Uint8Array; index: number }): string =>
  `${toDisplayHex(txid)}:${index}`;

/** Collaterals of the FluxNodes that a block's coinbase pays. */
function payeesOf({ transactions }: Block, { fluxnodes }: WorldStart): string[] {
  const [coinbase] = transactions;
  if (coinbase?.kind !== "ordinary") throw new Error("blocks begin with a coinbase");
  return coinbase.outputs.flatMap(({ scriptPubKey }) => {
    const paid = fluxnodes.find(({ owner }) =>
      equalBytes(payToKeyHash(keyId(owner.publicKey)), scriptPubKey),
    );
    return paid === undefined ? [] : [name(paid.collateral)];
  });
}

const queuesOf = (state: StateContents) =>
  perTier((tier) => Array.from(state.queue(tier), ({ outpoint }) => name(outpoint)));
const queuesIn = ({ chain }: Economy) =>
  perTier((tier) => Array.from(chain.nodes.queue(tier), ({ outpoint }) => name(outpoint)));

/** Plays the same blocks by both fidelities, and after them by an economy that begins with what full nodes have. */
function comparePlayed(played: SwitchedScenario, base: Params, seed: number): number {
  const rules = switchedRules(played, base);
  const plan = compileBefore(played, rules, seed);
  const before = new Economy(plan);
  before.advance(plan.lastHeight);
  const start = startAfterEconomy(before, rules, START);
  const { plan: worldPlan, lab } = compileNetwork(played, base, seed, start);
  const world = new NetworkWorld(worldPlan, lab, () => {});
  world.advance(worldPlan.duration);

  const { chain } = world.nodes[0]!;
  const blocks = chain.tipHeight - plan.lastHeight;
  const [economy, trace] = longEconomy(plan, blocks + 200);
  const { rows } = economy.operators.nodes;
  for (let height = plan.lastHeight + 1; height <= chain.tipHeight; height++) {
    economy.advance(height);
    const block = chain.block(chain.shared.tree.ancestor(chain.tip, height));
    if (block === undefined || block === "pruned") throw new Error("a short chain is kept whole");
    const due = trace.payees.get(height)!.filter((row) => (row | 0) >= 0);
    expect(payeesOf(block, start).toSorted(), `payees of ${height}`).toEqual(
      due.map((row) => name(rows.collateral[row]!)).toSorted(),
    );
  }
  const state = chain.state();
  expect(state.supply.transparent).toBe(economy.chain.supply);
  expect(queuesOf(state)).toEqual(queuesIn(economy));

  const again = new Economy({
    ...plan,
    firstHeight: state.height + 1,
    lastHeight: state.height + 200,
    beginning: { nodes: [...state.fluxnodes()], supply: state.supply.transparent },
  });
  for (let height = state.height + 1; height <= state.height + 200; height += 50) {
    again.advance(height);
    economy.advance(height);
    expect(queuesIn(again)).toEqual(queuesIn(economy));
  }
  expect(again.chain.supply).toBe(economy.chain.supply);
  return blocks;
}

const counts = fc.record({ cumulus: fc.nat(12), nimbus: fc.nat(6), stratus: fc.nat(4) });

test("full nodes pay what the economy would have paid, and an economy goes on from them, across an upgrade", () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 260, max: 1_500 }), fc.nat(1_000), (population, to, seed) => {
      const economy = { from: 200, to, population };
      const played = scenario("lab", economy, { run: minutes(10), fluxUpgrade: 8 });
      expect(comparePlayed(played, mainnet, seed)).toBeGreaterThan(8);
    }),
    { numRuns: 4 },
  );
});

test("so they do on the main network across its first halving, with the collaterals of that time", () => {
  const population = { cumulus: 40, nimbus: 12, stratus: 5 };
  const economy = { from: 657_000, to: 657_840, population };
  expect(comparePlayed(scenario("main", economy), mainnet, 3)).toBeGreaterThan(20);
});

test("an economy with outages goes on in the lists that it left, and checkers find nothing wrong", () => {
  const population = { cumulus: 30, nimbus: 10, stratus: 5 };
  const operators = { outageEvery: "8 h", outageLength: "2 h", missedStarts: "1 in 3", lifetime: "10 days" };
  const economy = { from: 200, to: 3_000, population, operators, after: "1 days" };
  const run = spreadRun(scenario("lab", economy), mainnet, 2);
  expect(run.stepsTotal).toBeGreaterThan(run.stepsDone);
  while (!run.done) run.advance(run.slice ?? 60);
  const record = run.record();
  expect(record.findings).toEqual([]);
  const { before, after } = record.economy!;
  expect(before.lastHeight).toBe(3_000);
  const mined = record.blocks.onMainChain.reduce((sum, on) => sum + on, 0);
  expect(after!.firstHeight).toBe(3_001 + mined);
  expect(after!.supply.before).toBeGreaterThan(before.supply.after);
  expect(after!.payments.cumulus).toBe(after!.lastHeight - after!.firstHeight + 1);
  expect(after!.queues.cumulus).toBeGreaterThan(15);
});

test("slices change nothing, and a look tells of every part", () => {
  const economy = {
    from: 200,
    to: 800,
    population: { cumulus: 6, nimbus: 2, stratus: 1 },
    after: "100 blocks",
  };
  const played = scenario("lab", economy, { run: minutes(5) });
  const [whole, sliced] = [spreadRun(played, mainnet, 1), spreadRun(played, mainnet, 1)];
  whole.advance(1_000_000);
  const seen = new Set<string>();
  while (!sliced.done) {
    sliced.advance(sliced.slice === undefined ? 77 : 190);
    for (const what of Object.keys(sliced.look())) seen.add(what);
  }
  expect(whole.done).toBe(true);
  expect(sliced.digest()).toBe(whole.digest());
  expect([...seen]).toEqual(expect.arrayContaining(["height", "cumulusQueue", "lowestTip"]));
});

test.each([
  [{ from: 200, to: 100, population: { cumulus: 1, nimbus: 0, stratus: 0 } }, ["economy", "to"]],
  [
    { from: 0, to: 5, population: { cumulus: 1, nimbus: 0, stratus: 0 } },
    ["economy", "population", "cumulus"],
  ],
])("what is wrong with an economy has its place: %o", (economy, path) => {
  const wrong = scenario("lab", economy);
  try {
    compileBefore(wrong, switchedRules(wrong, mainnet), 1);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).problems[0]?.path).toEqual(path);
  }
});

test("the economy is that of a scenario without full nodes", () => {
  const population = { cumulus: 30, nimbus: 10, stratus: 5 };
  const played = scenario("main", { from: 600_000, to: 601_000, population });
  const rules = switchedRules(played, mainnet);
  const alone = decodeScenario({
    name: "a",
    title: "A",
    network: "main",
    from: 600_000,
    to: 601_000,
    population,
  });
  const [a, b] = [
    new Economy(compileBefore(played, rules, 7)),
    new Economy(compileEconomy(alone, mainnet, 7)),
  ];
  for (const each of [a, b]) each.advance(601_000);
  expect(a.digest()).toBe(b.digest());
});
