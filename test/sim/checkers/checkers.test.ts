import {
  type Block,
  blockHash,
  maxAhead,
  merkleTree,
  type Observation,
  type OrdinaryTransaction,
  toWireHex,
  txid,
} from "@fluxlab/core";
import { labParams, networkScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { commonPrefix, convergence } from "../../../sim/src/checkers/agreement.ts";
import type { CheckedNetwork } from "../../../sim/src/checkers/checker.ts";
import { coins } from "../../../sim/src/checkers/coins.ts";
import { FluxnodeBooks } from "../../../sim/src/checkers/fluxnodeBook.ts";
import { honestUnbanned, memoryBounds } from "../../../sim/src/checkers/manners.ts";
import { fairness, payouts } from "../../../sim/src/checkers/payouts.ts";
import { SwapChecker } from "../../../sim/src/checkers/swaps.ts";
import { validBlocks } from "../../../sim/src/checkers/validBlocks.ts";
import { Watchman } from "../../../sim/src/checkers/watchman.ts";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { CheckedChain } from "../../support/checkedChain.ts";

// Each checker finds nothing in a sound chain, and what it is there for in one that was spoilt.

const { lab, plan } = compileNetwork(
  networkScenario({
    name: "test",
    title: "Test",
    network: "lab",
    nodes: 2,
    run: "1 min",
    blockInterval: "20 s",
    topology: { links: [[0, 1]] },
    fluxnodes: { cumulus: 3, nimbus: 1, stratus: 0 },
  }),
  labParams,
  1,
);
const chain = new CheckedChain([lab.genesis, ...plan.history!.blocks], lab.params);
const { blocks, last } = chain;

/** The last block with another coinbase, on the same parent. */
function spoilt(change: (coinbase: OrdinaryTransaction) => OrdinaryTransaction): Block {
  const [coinbase, ...others] = last.transactions as [OrdinaryTransaction];
  const transactions = [change(coinbase), ...others];
  const merkleRoot = merkleTree(transactions.map((tx) => txid(tx))).root;
  return { header: { ...last.header, merkleRoot } as Block["header"], transactions };
}

test.each([
  ["coins", () => coins()],
  ["payouts", () => payouts(new FluxnodeBooks())],
  ["fairness", () => fairness(new FluxnodeBooks())],
  ["valid blocks", () => validBlocks()],
] as const)("%s: a sound chain is sound", (_name, make) => {
  expect(chain.said(make())).toEqual([]);
});

test("a coinbase that takes a satoshi too much", () => {
  const greedy = spoilt((coinbase) => ({
    ...coinbase,
    outputs: coinbase.outputs.map((output, i) =>
      i === 0 ? { ...output, value: output.value + 1n } : output,
    ),
  }));
  expect(chain.said(coins(), greedy)).toEqual([expect.stringContaining("0 5 a block makes 15000000001 sat")]);
  expect(chain.said(validBlocks(), greedy)).toEqual([expect.stringContaining("bad-cb-amount")]);
});

test("a coinbase that leaves out a FluxNode, or pays one twice", () => {
  const stingy = spoilt((coinbase) => ({ ...coinbase, outputs: coinbase.outputs.slice(0, -1) }));
  expect(chain.said(payouts(new FluxnodeBooks()), stingy)).toEqual([expect.stringContaining("nimbus node")]);
  const before = blocks.at(-2)!.transactions[0] as OrdinaryTransaction;
  const twice = spoilt(() => before);
  expect(chain.said(payouts(new FluxnodeBooks()), twice)).toEqual([expect.stringContaining("cumulus node")]);
  expect(chain.said(fairness(new FluxnodeBooks()), twice)).toEqual([
    expect.stringContaining("paid again after 1"),
  ]);
});

test("a coin that is spent twice", () => {
  const premine = { txid: txid(blocks[1]!.transactions[0]!), index: 0 };
  const again = spoilt((coinbase) => coinbase);
  const [coinbase] = again.transactions as [OrdinaryTransaction];
  const spend = { ...coinbase, inputs: [{ ...coinbase.inputs[0]!, prevout: premine }], outputs: [] };
  const block = { ...again, transactions: [...again.transactions, spend] };
  expect(chain.said(coins(), block)).toEqual([expect.stringContaining("a coin that is not there")]);
});

test("a node that lets in a fork from deeper than rules allow, and one that stays behind", () => {
  const prefix = commonPrefix(chain.network());
  const man = new Watchman(
    chain.network(),
    [prefix, convergence(chain.network(), 1, new FluxnodeBooks())],
    blocks,
  );
  const limit = lab.params.maxReorgDepth;
  const fork = (depth: number): Observation => ({
    kind: "fork",
    hash: blockHash(last.header),
    height: chain.height - depth + 1,
  });
  man.observe(1, fork(limit), 3); // nothing is known of its chain yet
  man.observe(0, chain.tip(last), 5);
  man.observe(0, fork(limit - 1), 6);
  // Branches that were let in may win from any depth.
  man.observe(1, chain.tip(blocks[20]!, 90, 20), 6);
  expect(man.findings).toEqual([]);
  man.observe(0, fork(limit), 7);
  man.end(8);
  const [deep, stuck] = man.findings;
  expect(deep).toMatchObject({
    checker: "common prefix",
    node: 0,
    height: chain.height - limit + 1,
    time: 7,
  });
  expect(stuck).toMatchObject({ checker: "convergence", node: 1, height: 20, time: 8 });
});

test("a node stays behind where nobody adds a block that would tell it of the others", () => {
  const man = new Watchman(chain.network(), [convergence(chain.network(), 5, new FluxnodeBooks())], blocks);
  man.observe(0, chain.tip(last), 5);
  man.observe(1, chain.tip(blocks[20]!, 90, 20), 6);
  man.end(7);
  expect(man.findings.map(({ node }) => node)).toEqual([undefined]); // though somebody should add one
});

test("who is linked with nobody of its rules cannot be expected to follow them", () => {
  const apart = chain.network({ linksOf: () => [] });
  const man = new Watchman(apart, [convergence(apart, 1, new FluxnodeBooks())], blocks);
  man.observe(0, chain.tip(last), 5);
  man.observe(1, chain.tip(blocks[20]!, 90, 20), 6);
  man.end(7);
  expect(man.findings).toEqual([]);
});

/** What is said at the end, when node 1 stays at block 20 and nobody adds a block, by nodes' clocks against the last block's time. */
function saidWithClocks(...ahead: readonly number[]): (number | undefined)[] {
  const clocks = chain.network({ adjustedTime: (node) => last.header.time + ahead[node]! });
  // All was well again after the last block came, so that somebody owes another; and before.
  return [10, 1].flatMap((healed) => {
    const man = new Watchman(clocks, [convergence(clocks, healed, new FluxnodeBooks())], blocks);
    man.observe(0, chain.tip(last), 5);
    man.observe(1, chain.tip(blocks[20]!, 0, 20), 6);
    man.end(20);
    return man.findings.map(({ node }) => node);
  });
}

test("nobody is behind for blocks that its clock does not let in yet, and nobody adds where no miner's clock lets it", () => {
  expect(saidWithClocks(0, 0)).toEqual([undefined, 1]);
  expect(saidWithClocks(0, -86_400)).toEqual([undefined]);
  expect(saidWithClocks(-86_400, 0)).toEqual([1]);
  expect(saidWithClocks(-86_400, -86_400)).toEqual([]);
});

test("a node whose clock is slow follows as far as its clock lets it", () => {
  const man = (ahead: number) => {
    const clocks = chain.network({ adjustedTime: (node) => last.header.time + (node === 1 ? ahead : 0) });
    const watchman = new Watchman(clocks, [convergence(clocks, 1, new FluxnodeBooks())], blocks);
    watchman.observe(0, chain.tip(last), 5);
    watchman.observe(1, chain.tip(blocks[20]!, 0, 20), 6);
    watchman.end(7);
    return watchman.findings.map(({ message }) => message);
  };
  const step = last.header.time - blocks.at(-2)!.header.time;
  const limit = maxAhead("pow", 20, lab.params);
  const tenBehind = 300 - limit - 10 * step;
  expect(man(tenBehind)).toEqual([expect.stringContaining(`best chain's ${blocks.length - 1 - 10},`)]);
});

test("bans of the honest, but not of those who misbehave or follow other rules", () => {
  const banned: Observation = { kind: "banned", peer: 0, reason: "bad-cb-amount" };
  const said = (changes: Partial<CheckedNetwork>) => {
    const man = new Watchman(chain.network(changes), [honestUnbanned(chain.network(changes))], blocks);
    man.observe(0, banned, 1);
    return man.findings.length;
  };
  expect(said({})).toBe(1);
  expect(said({ isByzantine: (node) => node === 1 })).toBe(0);
  const other = { ...lab.params };
  expect(said({ rulesOf: (node) => (node === 0 ? lab.params : other) })).toBe(0);
});

test("a ban for a chain that is parted for good, which the banned node left while it was on its way", () => {
  const branch: Block[] = [];
  for (const { header } of blocks.slice(21, 81)) {
    const previousHash = blockHash((branch.at(-1) ?? blocks[20]!).header);
    const other = { ...header, previousHash, time: header.time + 1 } as Block["header"];
    branch.push({ header: other, transactions: [] });
  }
  const byHash = new Map(branch.map((block) => [toWireHex(blockHash(block.header)), block]));
  const findings = (seconds: number) => {
    const network = chain.network({ blockOf: (_, hash) => byHash.get(toWireHex(hash)) });
    const man = new Watchman(network, [honestUnbanned(network)], blocks);
    man.observe(0, chain.tip(last), 1);
    man.observe(1, chain.tip(branch.at(-1)!, 0, 80), 2);
    man.observe(1, chain.tip(last, 60), 3);
    man.observe(0, chain.tip(last), 40e6); // it is awake
    man.observe(0, { kind: "banned", peer: 1, reason: "bad-fork-prior-to-maxreorgdepth" }, seconds * 1e6);
    return man.findings.length;
  };
  expect(findings(50)).toBe(0);
  expect(findings(70)).toBe(1);
});

test("a ban for what was said before an upgrade, while the one who bans stood still", () => {
  const rules = [lab.params, { ...lab.params }];
  const findings = (...awake: readonly number[]) => {
    let upgraded = false;
    const network = chain.network({ rulesOf: (node) => rules[upgraded || node === 0 ? 0 : 1]! });
    const man = new Watchman(network, [honestUnbanned(network)], blocks);
    man.observe(0, chain.tip(last), 1e6);
    man.observe(1, chain.tip(last), 1e6);
    upgraded = true;
    man.observe(1, chain.tip(last), 80e6);
    for (const seconds of awake) man.observe(0, chain.tip(last), seconds * 1e6);
    man.observe(0, { kind: "banned", peer: 1, reason: "not-pon-block" }, 200e6);
    return man.findings.length;
  };
  expect(findings()).toBe(0);
  expect(findings(199)).toBe(0);
  expect(findings(50, 100, 150)).toBe(1);
  expect(findings(100, 145)).toBe(1);
  expect(findings(100, 130)).toBe(0); // it may have come while node 0 was still again
});

test("a pool or a download without bounds", () => {
  const heavy = chain.network({ loadOf: () => ({ poolBytes: 11, blocksInFlight: 129, peers: 1 }) });
  const man = new Watchman(heavy, [memoryBounds(heavy, 20)], blocks);
  man.observe(0, chain.tip(last), 5);
  expect(man.findings.map(({ message }) => message)).toEqual([
    expect.stringContaining("129 blocks asked for"),
  ]);
});

test("a lock that is paid out twice", () => {
  const lock = { type: "lock", id: "a1", source: 0, target: 1, owner: "holder", amount: 5n } as const;
  const unlock = { type: "unlock", source: 0, id: "a1" } as const;
  const said: string[] = [];
  const check = (times: number, target: bigint) =>
    new SwapChecker().check(
      {
        opening: { source: 100n, target: 10n },
        circulating: { source: 95n, target },
        source: [{ height: 1, accepted: [lock] }],
        target: [{ height: 1, accepted: new Array(times).fill(unlock) }],
      },
      { node: 0, time: 1 },
      (message) => said.push(message),
    );
  check(1, 15n);
  expect(said).toEqual([]);
  check(2, 20n);
  expect(said).toEqual(["lock a1 was paid out twice"]);
  check(1, 14n);
  expect(said.at(-1)).toBe("14 sat circulate on the target, not 15");
});
