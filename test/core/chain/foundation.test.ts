import {
  ChainView,
  type Foundation,
  ParseError,
  parseFoundation,
  parseWhole,
  plainEquihash,
  readState,
  regtest,
  type SharedChain,
  SharedChains,
  stateHash,
  Writer,
  writeFoundation,
  writeState,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { anyPlan, growTree, LATE } from "../../support/blockTrees.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { readLabChain, sharedChainsOf, tipOf, viewOf } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { assertProperty } from "../../support/property.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const OPTIONS = { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash } as const;

function bytesOf(chain: SharedChain): Uint8Array {
  const writer = new Writer();
  const pieces: Uint8Array[] = [];
  // Taken out now and then, as a disk takes it.
  writeFoundation(writer, chain, () => {
    if (writer.length < 1_000) return;
    pieces.push(writer.copy());
    writer.reset();
  });
  return Buffer.concat([...pieces, writer.copy()]);
}

function foundationOf(bytes: Uint8Array): Foundation {
  const foundation = parseFoundation(bytes);
  if (foundation instanceof ParseError) throw new Error(String(foundation));
  return foundation;
}

vectorTest("a recorded chain with FluxNodes goes on from its foundation to the same states", () => {
  const blocks = readLabChain().map(({ block }) => block);
  const params = labnet();
  const chains = sharedChainsOf(blocks[0]!, "signatures");
  const whole = viewOf(chains.under(params));
  for (const half of [Math.floor(blocks.length / 3), Math.floor((blocks.length * 2) / 3)]) {
    for (const block of blocks.slice(whole.tipHeight + 1, half)) whole.acceptBlock(block, LATE);
    const root = chains.fold([whole]);
    expect(whole.shared.tree.height(root)).toBeGreaterThan(0);
    const before = stateHash(whole.state());
    const bytes = bytesOf(whole.shared);
    expect(stateHash(whole.state())).toBe(before); // writing leaves everything as it was
    const again = SharedChains.on(foundationOf(bytes), blocks[0]!, params, OPTIONS);
    const view = viewOf(again!.under(params));
    expect(view.tip).toBe(view.shared.tree.root);
    for (const block of blocks.slice(view.tipHeight + 1, half))
      expect(view.acceptBlock(block, LATE).result.outcome).toBe("active");
    expect(tipOf(view)).toBe(tipOf(whole));
    expect(stateHash(view.state())).toBe(before);
    for (const block of blocks.slice(half)) view.acceptBlock(block, LATE);
    expect(view.tipHeight).toBe(blocks.length - 1);
    expect(again!.fold([view])).toBeGreaterThan(root); // and folds on
  }
});

vectorTest("of another genesis, another chain or another state, chains do not stand on it", () => {
  const blocks = readLabChain().map(({ block }) => block);
  const params = labnet();
  const chains = sharedChainsOf(blocks[0]!, "signatures");
  const view = viewOf(chains.under(params));
  for (const block of blocks.slice(1)) view.acceptBlock(block, LATE);
  chains.fold([view]);
  const bytes = bytesOf(view.shared);
  const standsOn = (change: (foundation: Foundation) => Foundation) =>
    SharedChains.on(change(foundationOf(bytes)), blocks[0]!, params, OPTIONS) !== undefined;
  expect(standsOn((same) => same)).toBe(true);
  expect(standsOn((each) => ({ ...each, root: blocks[1]! }))).toBe(false);
  expect(standsOn((each) => ({ ...each, headers: each.headers.slice(1) }))).toBe(false);
  expect(standsOn((each) => ({ ...each, headers: each.headers.slice(0, -1) }))).toBe(false);
  const shorter = foundationOf(bytes);
  shorter.before.addNullifier(new Uint8Array(32)); // what the root says nothing of cannot be told
  expect(SharedChains.on({ ...shorter, before: shorter.before }, blocks[0]!, params, OPTIONS)).toBeDefined();
  for (const length of [0, 3, 40, bytes.length >> 1, bytes.length - 1])
    expect(parseFoundation(bytes.slice(0, length))).toBeInstanceOf(ParseError);
});

vectorTest("any state reads back as what was written", () => {
  const holds = fc.property(fc.array(anyPlan, { minLength: 1, maxLength: 30 }), (planned) => {
    const nodes = growTree(planned);
    const shared = sharedChainsOf(nodes[0]!.block, "nothing").under(regtest);
    const view = new ChainView(shared, { useCheckpoints: false });
    for (const { block } of nodes.slice(1)) view.acceptBlock(block, LATE);
    const writer = new Writer();
    writeState(writer, view.state(), () => {});
    const state = parseWhole(writer.copy(), readState);
    if (state instanceof ParseError) throw new Error(String(state));
    expect(stateHash(state)).toBe(stateHash(view.state()));
  });
  assertProperty(holds, { numRuns: 30 });
});
