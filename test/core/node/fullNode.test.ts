import { toDisplayHex } from "@fluxlab/core";
import { beforeAll, expect } from "vitest";
import { type LabChain, readLabChain, sharedChainOf } from "../../support/labChain.ts";
import { NodeNetwork } from "../../support/nodeNetwork.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

let chain: LabChain[];
beforeAll(() => {
  if (vectorsPresent) chain = readLabChain();
});

const tipOf = ({ node }: { node: { chain: { tipHash: Uint8Array } } }) => toDisplayHex(node.chain.tipHash);

vectorTest("three nodes in a row sync the recorded chain from genesis and follow new blocks", () => {
  const shared = sharedChainOf(chain[0]!.block, "signatures");
  const synced = 1_000;
  const network = new NodeNetwork(shared, { start: chain[synced]!.line.time });
  const [a, b, c] = [network.add(), network.add(), network.add()];
  for (const { block } of chain.slice(1, synced + 1)) a.node.submitBlock(block);
  expect(tipOf(a)).toBe(chain[synced]!.line.hash);
  network.connect(b, a);
  network.connect(c, b);
  network.run(60);
  expect([tipOf(b), tipOf(c)]).toEqual([tipOf(a), tipOf(a)]);
  for (const { block, line } of chain.slice(synced + 1, synced + 20)) {
    network.time = Math.max(network.time, line.time * 1_000_000);
    a.node.submitBlock(block);
    network.run(5);
    expect([tipOf(b), tipOf(c)]).toEqual([line.hash, line.hash]);
  }
  for (const node of network.nodes) {
    expect(node.observed.filter(({ kind }) => kind === "score" || kind === "banned")).toEqual([]);
    expect(node.links.size).toBeGreaterThan(0);
  }
});
