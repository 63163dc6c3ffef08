import {
  type Block,
  blockHash,
  comparePonHashes,
  equalBytes,
  headerPonHash,
  keyId,
  nobleEcdsa,
  type OrdinaryTransaction,
  outpointKey,
  type PonHeader,
  payToKeyHash,
  signPonBlock,
  txid,
} from "@fluxlab/core";
import { labParams, networkScenario } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { convergence } from "../../../sim/src/checkers/agreement.ts";
import type { CheckedNetwork } from "../../../sim/src/checkers/checker.ts";
import { coins } from "../../../sim/src/checkers/coins.ts";
import { FluxnodeBooks } from "../../../sim/src/checkers/fluxnodeBook.ts";
import { fairness, payouts } from "../../../sim/src/checkers/payouts.ts";
import { tieBreaks } from "../../../sim/src/checkers/tieBreaks.ts";
import { validBlocks } from "../../../sim/src/checkers/validBlocks.ts";
import { Watchman } from "../../../sim/src/checkers/watchman.ts";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";
import { CheckedChain } from "../../support/checkedChain.ts";

// What checkers make of a chain of proof of node that four nodes made, and of the same chain spoilt.

const { lab, plan } = compileNetwork(
  networkScenario({
    name: "test",
    title: "Test",
    network: "lab",
    nodes: 4,
    run: "20 min",
    blockInterval: "15 s",
    fluxnodes: { cumulus: 2, nimbus: 1, stratus: 1 },
    ponUpgrade: 3,
  }),
  labParams,
  2,
);
const world = new NetworkWorld(plan, lab, () => {});
world.advance(20 * 60 * 1_000_000);

const { chain: view } = world.nodes[0]!;
const { tree } = view.shared;
const made = tree.path(tree.root, view.tip).map((row) => view.block(row) as Block);
const chain = new CheckedChain([lab.genesis, ...made], lab.params);
const last = chain.last as Block & { readonly header: PonHeader };
const ownNodes = [...world.operators.values()].flat().map(({ fluxnode }) => fluxnode);

test.each([
  ["coins", () => coins()],
  ["payouts", () => payouts(new FluxnodeBooks())],
  ["fairness", () => fairness(new FluxnodeBooks())],
  ["valid blocks", () => validBlocks()],
] as const)("%s: nothing is wrong with the chain, and something with a block that pays a FluxNode's share to another", (name, make) => {
  expect(last.header.kind).toBe("pon");
  expect(chain.said(make(), last)).toEqual([]);
  const [coinbase, ...others] = last.transactions as [OrdinaryTransaction];
  const outputs = coinbase.outputs.map((output) => ({ ...output }));
  if (name === "coins") outputs[0]!.value += 1n;
  else outputs.at(-1)!.scriptPubKey = name === "fairness" ? justPaid() : outputs[0]!.scriptPubKey;
  const transactions = [{ ...coinbase, outputs }, ...others];
  const producer = ownNodes.find(
    ({ collateral }) => outpointKey(collateral) === outpointKey(last.header.collateral),
  )!;
  const header = { ...last.header, merkleRoot: txid(transactions[0]!) };
  expect(chain.said(make(), signPonBlock({ header, transactions }, producer.key, nobleEcdsa)).length).toBe(1);
});

/** Script of the Cumulus that the last block does not pay, because the one before did. */
function justPaid(): Uint8Array {
  const { outputs } = last.transactions[0] as OrdinaryTransaction;
  const scripts = ownNodes
    .filter(({ tier }) => tier === "cumulus")
    .map(({ owner }) => payToKeyHash(keyId(owner.publicKey)));
  return scripts.find((script) => !outputs.some((output) => equalBytes(output.scriptPubKey, script)))!;
}

describe("nobody is said to owe a block", () => {
  const HOUR = 3_600;
  /** What is said after an hour of quiet without a block, when all clocks are `ahead` of the last one. */
  const said = (changes: Partial<CheckedNetwork>, ahead = HOUR) => {
    const clock = () => last.header.time + ahead;
    const fluxnodesOf = () => ownNodes.map(({ collateral }) => collateral);
    const asked = chain.network({ clock, adjustedTime: clock, fluxnodesOf, ...changes });
    const man = new Watchman(asked, [convergence(asked, 10, new FluxnodeBooks())], chain.blocks);
    man.observe(0, chain.tip(last), 5);
    man.end(HOUR * 1_000_000);
    return man.findings.map(({ message }) => message);
  };

  test("unless a slot has come and gone in which one of its FluxNodes drew", () => {
    expect(said({})).toEqual([expect.stringContaining("nobody has added a block")]);
    expect(said({}, 20)).toEqual([]);
    expect(said({ fluxnodesOf: () => [] })).toEqual([]);
    expect(said({ fluxnodesOf: () => [{ txid: new Uint8Array(32), index: 0 }] })).toEqual([]);
    expect(said({ adjustedTime: () => last.header.time })).toEqual([]);
  });

  test("in a slot that its clock had shown before it was set back", () => {
    const setBackFrom = (ahead: number) => said({ clockSetBackFrom: () => last.header.time + ahead });
    expect(setBackFrom(2 * HOUR)).toEqual([]);
    expect(setBackFrom(HOUR)).toEqual([]);
    expect(setBackFrom(HOUR / 2)).toEqual([expect.stringContaining("nobody has added a block")]);
  });
});

test("a tip is left for one of equal height only if that drew a smaller hash", () => {
  const rival: Block = { ...last, header: { ...last.header, time: last.header.time + 30 } };
  const drawOf = ({ header }: Block) => headerPonHash(header as PonHeader, lab.params);
  const [better, worse] = comparePonHashes(drawOf(last), drawOf(rival)) < 0 ? [last, rival] : [rival, last];
  const said = (first: Block, then: Block) => {
    const byHash = (_: number, hash: Uint8Array) =>
      [first, then].find(({ header }) => Buffer.compare(blockHash(header), hash) === 0);
    const asked = chain.network({ blockOf: byHash });
    const man = new Watchman(asked, [tieBreaks(asked)], chain.blocks.slice(0, -1));
    man.observe(0, chain.tip(first), 5);
    man.observe(0, chain.tip(then, 1), 6);
    return man.findings.map(({ checker }) => checker);
  };
  expect(said(worse!, better!)).toEqual([]);
  expect(said(better!, worse!)).toEqual(["tie breaks"]);
});
