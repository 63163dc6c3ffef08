import {
  addressScript,
  compareQueuePositions,
  confirmExpiryHeight,
  dosReleaseHeight,
  expiresByTransition,
  type Params,
  parseFlux,
  specialFundingAt,
  startExpiryHeight,
  TIERS,
  type Tier,
  tierShare,
  toWireHex,
  updateAllowed,
} from "@fluxlab/core";
import { hexToBytes } from "@noble/hashes/utils.js";
import { beforeAll, expect, test } from "vitest";
import { readVectorLines } from "../../support/committedVectors.ts";
import { labnet } from "../../support/networks.ts";

// The chain of a laboratory network through every era, as fluxd itself recorded it.

type NodeRow = [
  node: number,
  added: number,
  confirmed: number,
  lastConfirmed: number,
  lastPaid: number,
  ip: string,
];

interface State {
  readonly height: number;
  readonly confirmed: NodeRow[];
  readonly started: [node: number, added: number][];
  readonly dos: [node: number, added: number][];
  readonly winners: Partial<Record<Tier, [node: number, address?: string]>>;
}

interface Node {
  readonly collateral: string;
  readonly tier: number;
  readonly amount: string;
}

let params: Params;
let nodes: Node[];
let states: State[];
let coinbases: Map<number, [value: string, script: string][]>;

beforeAll(() => {
  params = labnet();
  const [table, ...rows] = readVectorLines<{ nodes: Node[] } & State>("labnet/fluxnode-states.jsonl");
  nodes = table!.nodes;
  states = rows;
  const blocks = readVectorLines<{ height: number; coinbase: [string, string][] }>("labnet/coinbases.jsonl");
  coinbases = new Map(blocks.map(({ height, coinbase }) => [height, coinbase]));
});

const ofTier = (state: State, tier: Tier) =>
  state.confirmed.filter(([node]) => nodes[node]!.tier === TIERS.indexOf(tier) + 1);

function position([node, , confirmedHeight, , lastPaidHeight]: NodeRow) {
  const [txid = "", index] = nodes[node]!.collateral.split(":");
  return {
    node,
    outpoint: { txid: hexToBytes(txid).reverse(), index: Number(index) },
    confirmedHeight,
    lastPaidHeight,
  };
}

/** Each state with the one before it. */
function* steps(): Generator<[before: State, after: State]> {
  for (let i = 1; i < states.length; i++) {
    if (states[i]!.height === states[i - 1]!.height + 1) yield [states[i - 1]!, states[i]!];
  }
}

test("fluxd lists confirmed nodes in our order, and its next payee is our first", () => {
  let compared = 0;
  for (const state of states) {
    for (const tier of TIERS) {
      const listed = ofTier(state, tier).map(position);
      const sorted = listed.toSorted(compareQueuePositions);
      expect(
        sorted.map(({ node }) => node),
        `${tier} after ${state.height}`,
      ).toEqual(listed.map(({ node }) => node));
      const winner = state.winners[tier];
      if (winner === undefined) continue;
      expect(winner[0]).toBe(sorted[0]!.node);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(3_000);
});

test("each block pays our share to the first of each queue, who then counts as paid", () => {
  let payments = 0;
  for (const [before, after] of steps()) {
    const { height } = after;
    if (height < params.fluxnodes.paymentStartHeight) continue;
    const outputs = coinbases.get(height)!.map(([value, script]) => `${value} to ${script}`);
    for (const tier of TIERS) {
      const winner = before.winners[tier];
      // Without an address: state replayed inside a reorganisation, or a first in line whose collateral is gone, who blocks
      // the tier's payments (03 section 6.3).
      if (winner?.[1] === undefined) continue;
      const script = toWireHex(addressScript(winner[1], params)!);
      expect(outputs, `${tier} at ${height}`).toContain(`${tierShare(params, height, tier)} to ${script}`);
      payments++;
      const row = after.confirmed.find(([node]) => node === winner[0]);
      const confirmedAnew = row !== undefined && row[2] === height;
      if (row !== undefined && !confirmedAnew) expect(row[4], `${tier} at ${height}`).toBe(height);
    }
  }
  expect(payments).toBeGreaterThan(3_000);
});

test("special funding is paid at our heights", () => {
  let due = 0;
  for (const [height, outputs] of coinbases) {
    for (const { amount, address } of specialFundingAt(params, height)) {
      const script = toWireHex(addressScript(address, params)!);
      expect(outputs, `height ${height}`).toContainEqual([amount.toString(), script]);
      due++;
    }
  }
  expect(due).toBe(2 + params.funds.swapPool.count);
});

test("nodes change lists only in the blocks our windows name", () => {
  const moves = { startExpiries: 0, releases: 0, expiries: 0, updates: 0, spent: 0 };
  for (const [before, after] of steps()) {
    const { height } = after;
    const started = new Map(after.started);
    const dos = new Map(after.dos);
    const confirmed = new Map(after.confirmed.map((row) => [row[0], row]));
    for (const [node, added] of before.started) {
      if (dos.has(node)) {
        expect(height, `node ${node} to DoS`).toBe(startExpiryHeight(params, added));
        moves.startExpiries++;
      } else if (started.has(node)) {
        expect(height, `node ${node} still STARTED`).toBeLessThan(startExpiryHeight(params, added));
      } else {
        expect(confirmed.get(node)?.[2], `node ${node} confirmed`).toBe(height);
      }
    }
    for (const [node, added] of before.dos) {
      if (dos.has(node))
        expect(height, `node ${node} still DoS`).toBeLessThan(dosReleaseHeight(params, added));
      else {
        expect(height, `node ${node} released`).toBe(dosReleaseHeight(params, added));
        moves.releases++;
      }
    }
    for (const [node, , , lastConfirmed, , ip] of before.confirmed) {
      const now = confirmed.get(node);
      const due = height >= confirmExpiryHeight(params, lastConfirmed);
      if (now === undefined) {
        const { tier, amount } = nodes[node]!;
        const byTransition = expiresByTransition(params, height, TIERS[tier - 1]!, parseFlux(amount)!);
        if (due) moves.expiries++;
        else if (!byTransition) moves.spent++; // the only other way out
      } else if (now[3] !== lastConfirmed) {
        expect(now[3]).toBe(height);
        expect(updateAllowed(params, height, lastConfirmed, now[5] !== ip), `update at ${height}`).toBe(true);
        moves.updates++;
      } else {
        expect(due, `node ${node} at ${height} should have expired`).toBe(false);
      }
    }
  }
  expect(moves).toEqual({ startExpiries: 12, releases: 11, expiries: 6, updates: 209, spent: 23 });
});
