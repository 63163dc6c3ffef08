import {
  blockSubsidy,
  type FluxnodeRecord,
  parseFlux,
  paymentsDueAfter,
  regtest,
  type StateContents,
  scriptAddress,
  TIER_CODE,
  TIERS,
  type Tier,
  testnet,
  tierPaymentsEnforced,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { type RecordedLine, replay } from "../../support/replay.ts";
import { readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const JUDGED = { ecdsa: fastEcdsa, trust: "nothing" } as const;
/** For tests about what blocks do rather than whether they may. */
const REPLAYED = { ecdsa: fastEcdsa, trust: "signatures" } as const;

const sum = (outputs: readonly { value: bigint }[]) =>
  outputs.reduce((total, { value }) => total + value, 0n);

vectorTest(
  "every block of the recorded laboratory chain connects, with the daemon's subsidy and coinbase",
  () => {
    const params = labnet();
    let minted = 0n;
    for (const { line, block, connected, state } of replay("labnet/chain-a.jsonl", params, JUDGED)) {
      const { height } = line;
      expect(state.height).toBe(height);
      expect(toDisplayHex(state.blockHash)).toBe(line.hash);
      const [coinbase] = block.transactions;
      if (coinbase?.kind !== "ordinary") throw new Error("a block begins with its coinbase");
      const outputs = coinbase.outputs.map((out) => [out.value.toString(), toWireHex(out.scriptPubKey)]);
      expect(outputs).toEqual(line.coinbase);
      if (height === 0) continue; // makes no coins
      expect(blockSubsidy(params, height).toString()).toBe(line.subsidy);
      // What coinbases make, they make for ever, but for outputs that nobody can spend.
      minted += sum(coinbase.outputs) - connected.fees;
      expect(state.supply.transparent + state.supply.sprout).toBeLessThanOrEqual(minted);
      if (height % 100 > 0) continue;
      const coins = Array.from(state.coins(), ([, coin]) => coin);
      expect(state.supply.transparent, `supply at ${height}`).toBe(sum(coins));
    }
  },
);

interface RecordedState {
  readonly height: number;
  /** Absent on lines that the daemon itself reported. */
  readonly source?: "replay";
  readonly confirmed: readonly (readonly [
    node: number,
    added: number,
    confirmed: number,
    lastConfirmed: number,
    lastPaid: number,
    ip: string,
  ])[];
  readonly started: readonly (readonly [node: number, added: number])[];
  readonly dos: readonly (readonly [node: number, added: number])[];
  readonly winners: Partial<Record<Tier, readonly [node: number, address?: string]>>;
}

interface RecordedNodes {
  readonly nodes: readonly { readonly collateral: string; readonly tier: number; readonly amount: string }[];
}

const name = ({ outpoint }: FluxnodeRecord): string => `${toDisplayHex(outpoint.txid)}:${outpoint.index}`;

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);

/** `[collateral, added]` of a list, in the order of the text. */
const listed = (state: StateContents, status: "started" | "dos"): [string, number][] =>
  [...state.fluxnodes()]
    .filter((record) => record.status === status)
    .map((record): [string, number] => [name(record), record.identity.addedHeight])
    .sort(byName);

vectorTest("FluxNode lists and next payees are the daemon's after every block", () => {
  const params = labnet();
  const [table, ...states] = readJsonLines<RecordedNodes & RecordedState>("labnet/fluxnode-states.jsonl");
  const { nodes } = table!;
  const recorded = new Map(states.map((state) => [state.height, state]));
  const named = ([node, added]: readonly [number, number]): [string, number] => [
    nodes[node]!.collateral,
    added,
  ];
  let payees = 0;
  for (const { line, state } of replay("labnet/chain-a.jsonl", params, REPLAYED)) {
    const { height } = line;
    const expected = recorded.get(height);
    if (expected === undefined) continue;
    const confirmed = TIERS.flatMap((tier) => [...state.queue(tier)]);
    expect(
      confirmed.map((record) => [
        name(record),
        TIER_CODE[record.identity.tier],
        record.identity.collateralAmount,
        record.identity.addedHeight,
        record.confirmedHeight,
        record.lastConfirmedHeight,
        record.lastPaidHeight,
        Buffer.from(record.ip).toString(),
      ]),
      `confirmed after ${height}`,
    ).toEqual(
      expected.confirmed.map(([node, ...rest]) => {
        const { collateral, tier, amount } = nodes[node]!;
        return [collateral, tier, parseFlux(amount), ...rest];
      }),
    );
    expect(listed(state, "started"), `started after ${height}`).toEqual(
      expected.started.map(named).sort(byName),
    );
    expect(listed(state, "dos"), `DoS list after ${height}`).toEqual(expected.dos.map(named).sort(byName));

    const due = paymentsDueAfter(state, params);
    for (const tier of TIERS) {
      const winner = expected.winners[tier];
      // Nobody is paid while the first in line is a foundation node whose collateral is gone. Lines that the daemon did not
      // write name the first in line, and so do those from before payments begin.
      const payment = due[tier];
      const daemons = expected.source === undefined && tierPaymentsEnforced(params, height + 1);
      const payee = daemons ? payment?.node : state.queueHead(tier);
      expect(payee && name(payee), `${tier} payee after ${height}`).toBe(
        winner && nodes[winner[0]]!.collateral,
      );
      if (winner?.[1] === undefined || payment === undefined) continue;
      expect(scriptAddress(payment.scriptPubKey, params), `${tier} address after ${height}`).toBe(winner[1]);
      payees++;
    }
  }
  expect(recorded.size).toBe(1781);
  expect(payees).toBeGreaterThan(3_000);
});

vectorTest("the recorded test network chain connects, with the daemon's lists after every block", () => {
  type Line = RecordedLine & Pick<RecordedState, "height"> & Record<"started" | "dos", [string, number][]>;
  let blocks = 0;
  for (const { line, state } of replay<Line>("labnet/testnet-chain.jsonl", testnet, JUDGED)) {
    expect(listed(state, "started"), `started after ${line.height}`).toEqual(line.started.toSorted(byName));
    expect(listed(state, "dos"), `DoS list after ${line.height}`).toEqual(line.dos.toSorted(byName));
    blocks++;
  }
  expect(blocks).toBe(961);
});

vectorTest("the recorded regtest chain connects", () => {
  expect([...replay("labnet/regtest-chain.jsonl", regtest, JUDGED)]).toHaveLength(131);
});
