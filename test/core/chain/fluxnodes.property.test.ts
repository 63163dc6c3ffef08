import {
  collateralTier,
  type FluxnodeMove,
  type FluxnodeRecord,
  flux,
  INITIAL_CONFIRM,
  keyId,
  type Outpoint,
  type Params,
  payToKeyHash,
  regtest,
  stateHash,
  TIERS,
  type Transaction,
  toDisplayHex,
  txid,
  UPDATE_CONFIRM,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ChainBuilder, confirmTx, ordinaryTx, startTx } from "../../support/chainBuilder.ts";
import { type NaiveNode, NaiveNodes, type NodeAction } from "../../support/naiveNodes.ts";
import { withUpgrades } from "../../support/networks.ts";
import { brokenTurns } from "../../support/payoutTurns.ts";
import { assertProperty } from "../../support/property.ts";

const HEIGHTS = { kamata: 105, flux: 180, halving: 260, p2shNodes: 400, pon: 520 };
const PAYMENT_START = 115;
const transition = { begin: 200, end: 300 };
const transitions = {
  cumulus: transition,
  nimbus: { begin: 220, end: 320 },
  stratus: { begin: 240, end: 340 },
};

/** Every era of a node's life within a few hundred blocks. */
const params: Params = {
  ...withUpgrades(regtest, { lwma: 1, equihash144: 2, acadia: 3, kamiooka: 4, ...HEIGHTS }),
  fluxnodes: { ...regtest.fluxnodes, paymentStartHeight: PAYMENT_START, transitions },
};

const key = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : 7));
const scriptPubKey = payToKeyHash(keyId(key));
/** Two collaterals of each amount. */
const AMOUNTS = [10_000n, 1_000n, 25_000n, 12_500n, 100_000n, 40_000n].flatMap((coins) => [
  flux(coins),
  flux(coins),
]);

/** A chain with collaterals old enough to START, and the same nodes as a naive model. */
function setUp(): { chain: ChainBuilder; model: NaiveNodes } {
  const chain = new ChainBuilder(params);
  chain.mineTo(0);
  const funding = chain.block(
    [],
    AMOUNTS.map((value) => ({ value, scriptPubKey })),
  );
  const id = txid(funding.transactions[0]!);
  chain.mine(
    [],
    AMOUNTS.map((value) => ({ value, scriptPubKey })),
  );
  const collaterals = AMOUNTS.map((amount, index): [Outpoint, bigint] => [{ txid: id, index }, amount]);
  const tierAt = (height: number, amount: bigint) => collateralTier(params, height, amount);
  const ends = {
    cumulus: transitions.cumulus.end,
    nimbus: transitions.nimbus.end,
    stratus: transitions.stratus.end,
  };
  const eras = { ...HEIGHTS, paymentStart: PAYMENT_START };
  chain.mineTo(HEIGHTS.kamata - 1);
  return {
    chain,
    model: new NaiveNodes(collaterals, eras, tierAt, ends, [transition.begin, transitions.stratus.end + 10]),
  };
}

function transactionOf(action: NodeAction, height: number): Transaction {
  const { outpoint } = action.node;
  if (action.type === "start") return startTx(outpoint, key, height);
  if (action.type === "confirm") return confirmTx(outpoint, INITIAL_CONFIRM, "", height);
  if (action.type === "update") return confirmTx(outpoint, UPDATE_CONFIRM, action.ip, height);
  return ordinaryTx(params, height, {
    inputs: [{ prevout: outpoint, scriptSig: new Uint8Array(0), sequence: 0xffff_ffff }],
    outputs: [{ value: 1n, scriptPubKey }],
  });
}

/** The last block before an upgrade and the first one of it. */
const isBesideUpgrade = (height: number): boolean =>
  Object.values(HEIGHTS).some((activation) => height === activation || height === activation - 1);

const name = ({ txid: id, index }: Outpoint): string => `${toDisplayHex(id)}:${index}`;
const describe = (record: FluxnodeRecord): unknown[] => [
  name(record.outpoint),
  record.status,
  record.identity.tier,
  record.identity.addedHeight,
  record.confirmedHeight,
  record.lastConfirmedHeight,
  record.lastPaidHeight,
  Buffer.from(record.ip).toString(),
];
const describeNaive = (node: NaiveNode): unknown[] => [
  name(node.outpoint),
  node.list,
  node.tier,
  node.added,
  node.confirmed,
  node.lastConfirmed,
  node.lastPaid,
  node.ip,
];
const sorted = (rows: unknown[][]): unknown[][] => rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

type ActionType = NodeAction["type"];

/** What happens in a block, and how many empty ones follow. */
interface Step {
  readonly actions: readonly { readonly type: ActionType; readonly pick: number; readonly ip: string }[];
  readonly wait: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  actions: fc.array(
    fc.record({
      type: fc.constantFrom<ActionType[]>(
        "start",
        "start",
        "confirm",
        "confirm",
        "update",
        "update",
        "spend",
      ),
      pick: fc.nat(AMOUNTS.length - 1),
      ip: fc.constantFrom("", "a", "b"),
    }),
    { maxLength: 6 },
  ),
  wait: fc.oneof(fc.nat(8), fc.constantFrom(39, 40, 59, 60, 61, 80, 119)),
});

const all = (type: ActionType, picks: readonly number[], wait: number): Step => ({
  actions: picks.map((pick) => ({ type, pick, ip: "" })),
  wait,
});

/** A history in which everything that can happen to a node does. */
const eventful: Step[] = [
  all("start", [0, 1, 4, 5, 8, 9], 9),
  all("confirm", [0, 4, 5, 8], 40),
  all("update", [0, 4, 8], 40),
  all("update", [0, 4, 8], 40),
  all("update", [0, 4, 8], 20),
  all("spend", [8], 100),
];

/** One in which nothing happens, from the first era to the last. */
const idle: Step[] = Array.from({ length: 5 }, () => all("start", [], 119));

test("nodes move as the naive model says through every era, and going back passes through the same states", () => {
  const history = fc.array(step, { minLength: 5, maxLength: 25 });
  const moves = new Set<FluxnodeMove>();
  /** Last and first heights of eras at which a state was kept, to be met again on the way back. */
  const crossed = new Set<number>();
  const holds = fc.property(history, (steps) => {
    const { chain, model } = setUp();
    const digests = new Map<number, string>();

    const compare = (): void => {
      const listed = model.nodes.filter(({ list }) => list !== "none");
      expect(sorted(Array.from(chain.state.fluxnodes(), describe))).toEqual(
        sorted(listed.map(describeNaive)),
      );
      for (const tier of TIERS) {
        const queue = Array.from(chain.state.queue(tier), ({ outpoint }) => name(outpoint));
        expect(queue).toEqual(model.queue(tier).map(({ outpoint }) => name(outpoint)));
        expect(chain.state.queueHead(tier)?.outpoint).toEqual(model.queue(tier)[0]?.outpoint);
      }
    };

    for (const { actions, wait } of steps) {
      const height = chain.state.height + 1;
      const allowed = new Map<NaiveNode, NodeAction>();
      for (const { type, pick, ip } of actions) {
        const action = { type, node: model.nodes[pick]!, ip };
        if (model.allows(action, height)) allowed.set(action.node, action);
        else {
          const refused = chain.judge(chain.block([transactionOf(action, height)]));
          expect(refused.verdict, `${type} at ${height}`).toBe("invalid");
        }
      }
      const chosen = [...allowed.values()];
      chain.mine(chosen.map((action) => transactionOf(action, height)));
      model.apply(chosen, height);
      compare();
      digests.set(height, stateHash(chain.state));
      for (let i = 0; i < wait; i++) {
        chain.mine();
        model.apply([], chain.state.height);
        if (i % 10 === 0 || i === wait - 1) compare();
        if (isBesideUpgrade(chain.state.height)) {
          digests.set(chain.state.height, stateHash(chain.state));
          crossed.add(chain.state.height);
        }
      }
    }
    for (const move of chain.moves) moves.add(move);
    expect(brokenTurns(chain.deltas)).toEqual([]);
    for (const delta of chain.deltas.toReversed()) {
      const digest = digests.get(chain.state.height);
      if (digest !== undefined) expect(stateHash(chain.state), `height ${chain.state.height}`).toBe(digest);
      chain.state.revert(delta);
    }
  });
  assertProperty(holds, { numRuns: 25, examples: [[eventful], [idle]] });
  for (const activation of [HEIGHTS.flux, HEIGHTS.halving, HEIGHTS.p2shNodes, HEIGHTS.pon])
    expect([activation - 1, activation].every((height) => crossed.has(height))).toBe(true);
  const every: FluxnodeMove[] = [
    "started",
    "missedConfirm",
    "released",
    "confirmed",
    "updated",
    "expired",
    "paid",
  ];
  for (const move of [...every, "collateralSpent", "collateralOutdated"]) expect(moves).toContain(move);
});
