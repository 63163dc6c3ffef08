import { type CompactHeader, INV_BLOCK } from "@fluxlab/core";
import { beforeAll, expect } from "vitest";
import { type Lab, NodeBench, readLab } from "../../support/nodeBench.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// Spec 04 §2.5: fluxd believes hashes in cmpheaders and bans those who send them past its checkpoint. Here they are a list of blocks
// to fetch from the one who sent it.

const FROM = 20;

let lab: Lab;
beforeAll(() => {
  if (vectorsPresent) lab = readLab();
});

const compactHeaders = (from: number, to: number): CompactHeader[] =>
  lab.chain.slice(from, to + 1).map(({ block: { header } }) => {
    const hash = lab.shared.tree.hashOf(header);
    return header.kind === "pon" ? { ...header, hash } : { ...header, hash };
  });
const hashes = (from: number, to: number) => compactHeaders(from, to).map(({ hash }) => hash);
const wanted = (from: number, to: number) => [
  { command: "getdata", items: hashes(from, to).map((hash) => ({ type: INV_BLOCK, hash })) },
];

/** Far behind, with peers 1 and 2; the clock is at the end of what there is. */
function behind(): NodeBench {
  const bench = new NodeBench(lab, FROM, { clockHeight: 400, settings: { keepAlive: false } });
  for (const id of [1, 2]) bench.meet(id);
  return bench;
}
const list = (bench: NodeBench, peer: number, from: number, to: number) =>
  bench.node.receive(peer, { command: "cmpheaders", headers: compactHeaders(from, to) });
const blocks = (bench: NodeBench, peer: number, from: number, to: number) => {
  for (const { block } of lab.chain.slice(from, to + 1))
    bench.node.receive(peer, { command: "block", block });
};

vectorTest("a list is worked off 128 blocks at a time, and then asked on from where it ended", () => {
  const bench = behind();
  list(bench, 1, FROM + 1, 200);
  expect(bench.node.chain.shared.tree.height(bench.node.chain.bestHeader)).toBe(FROM); // believed is nothing
  expect(bench.ports.take(1)).toEqual(wanted(FROM + 1, FROM + 128));
  blocks(bench, 1, FROM + 1, FROM + 127);
  expect(bench.ports.take(1)).toEqual([]);
  blocks(bench, 1, FROM + 128, FROM + 128);
  expect(bench.ports.take(1)).toEqual(wanted(FROM + 129, 200));
  blocks(bench, 1, FROM + 129, 200);
  expect(bench.node.chain.tipHeight).toBe(200);
  expect(bench.ports.take(1)).toMatchObject([
    { command: "getheaders", locator: { hashes: expect.arrayContaining(hashes(200, 200)) } },
  ]);
  expect(bench.ports.score(1)).toBe(0);
});

vectorTest("blocks that are there already are not asked for", () => {
  const bench = behind();
  list(bench, 1, 10, FROM + 5);
  expect(bench.ports.take(1)).toEqual(wanted(FROM + 1, FROM + 5));
});

vectorTest("a list is one peer's; when that one goes, another may send its own", () => {
  const bench = behind();
  list(bench, 1, FROM + 1, FROM + 10);
  list(bench, 2, FROM + 1, FROM + 10);
  bench.ports.take(1);
  expect(bench.ports.take(2)).toEqual([]);
  bench.node.disconnected(1);
  bench.ports.take(2);
  list(bench, 2, FROM + 1, FROM + 10);
  expect(bench.ports.take(2)).toEqual(wanted(FROM + 1, FROM + 10));
});

vectorTest(
  "who sends a list and no blocks is dropped after four minutes, each block gives him four more",
  () => {
    const bench = behind();
    list(bench, 1, FROM + 1, FROM + 10);
    bench.pass(239);
    blocks(bench, 1, FROM + 1, FROM + 1);
    bench.pass(239);
    expect([...bench.ports.closed]).toEqual([]);
    bench.pass(2);
    expect([...bench.ports.closed]).toEqual([1]);
    expect(bench.ports.bans).toEqual([]);
  },
);

vectorTest("a block of the list that breaks a rule ends the list and bans its sender", () => {
  const bench = behind();
  list(bench, 1, FROM + 1, FROM + 10);
  const { header, transactions } = lab.chain[FROM + 1]!.block;
  bench.node.receive(1, {
    command: "block",
    block: { header, transactions: [...transactions, ...transactions] },
  });
  expect(bench.ports.score(1)).toBe(100);
  expect(bench.ports.bans).toHaveLength(1);
  expect(bench.node.chain.tipHeight).toBe(FROM);
  bench.ports.take();
  list(bench, 2, FROM + 1, FROM + 10);
  expect(bench.ports.take(2)).toEqual(wanted(FROM + 1, FROM + 10));
});

vectorTest("lists that are none cost 20 each; one that hangs in the air is a question", () => {
  const bench = behind();
  const gap = [...compactHeaders(FROM + 1, FROM + 1), ...compactHeaders(FROM + 3, FROM + 3)];
  bench.node.receive(1, { command: "cmpheaders", headers: gap });
  expect(bench.ports.score(1)).toBe(20);
  const endless = new Array<CompactHeader>(2_001).fill(compactHeaders(FROM + 1, FROM + 1)[0]!);
  bench.node.receive(1, { command: "cmpheaders", headers: endless });
  expect(bench.ports.score(1)).toBe(40);
  bench.node.receive(2, { command: "headers", headers: [] });
  bench.ports.take(2);
  list(bench, 2, FROM + 30, FROM + 40);
  expect(bench.ports.take(2)).toMatchObject([{ command: "getheaders" }]);
  expect(bench.ports.score(2)).toBe(0);
});

vectorTest("an empty list says that there is no more", () => {
  const bench = behind();
  bench.node.receive(1, { command: "cmpheaders", headers: [] });
  expect([bench.ports.score(1), [...bench.ports.closed]]).toEqual([0, []]);
});
