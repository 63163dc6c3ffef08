import { type BlockOutcome, ChainView, type Params } from "@fluxlab/core";
import { expect } from "vitest";
import { readLabChain, sharedChainOf, tipOf, viewOf } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { parseBlock } from "../../support/replay.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// What a node's clock, tip and checkpoints have to say of blocks. The fork is the recorded one at height 49, to which the
// chain's own block 50 and a competitor, x1, belong.

const FORK = "labnet/reorg-01-pow-digishield-1v2.json";
const FORK_HEIGHT = 49;

function atFork(changes: Partial<Params> = {}) {
  const chain = readLabChain().slice(0, FORK_HEIGHT + 3);
  const { blocks, mockTime } = readJson<{ blocks: { x1: { hex: string } }; mockTime: number }>(FORK);
  const shared = sharedChainOf(chain[0]!.block, "nothing", { ...labnet(), ...changes });
  const view = new ChainView(shared, { useCheckpoints: true });
  const give = (height: number, time = mockTime, requested = true): BlockOutcome =>
    view.acceptBlock(chain[height]!.block, time, requested).result;
  for (let height = 1; height <= FORK_HEIGHT; height++) expect(give(height).outcome).toBe("active");
  return { chain, shared, view, give, mockTime, x1: parseBlock(Buffer.from(blocks.x1.hex, "hex")) };
}

const ruleOf = (result: BlockOutcome): string =>
  result.outcome === "invalid" ? result.violation.rule : result.outcome;

vectorTest("a block from the future is refused now and taken later", () => {
  const { view, x1 } = atFork();
  const limit = 7_200;
  expect(ruleOf(view.acceptBlock(x1, x1.header.time - limit - 1).result)).toBe("time-too-new");
  expect(ruleOf(view.acceptBlock(x1, x1.header.time - limit).result)).toBe("active");
});

vectorTest("blocks that nobody asked for are kept only if they have more work than the tip", () => {
  const { chain, view, give, mockTime, x1 } = atFork();
  expect(ruleOf(give(FORK_HEIGHT + 1, mockTime, false))).toBe("active");
  expect(ruleOf(view.acceptBlock(x1, mockTime, false).result)).toBe("ignored");
  // Its header stayed, its content did not.
  expect(ruleOf(view.acceptBlock(x1, mockTime).result)).toBe("held");
  expect(ruleOf(view.acceptBlock(x1, mockTime).result)).toBe("known");
  expect(tipOf(view)).toBe(chain[FORK_HEIGHT + 1]!.line.hash);
});

vectorTest("checkpoints keep other branches out, for nodes that use them", () => {
  const hashes = readLabChain().map(({ line }) => line.hash);
  const at = (height: number) => ({ checkpoints: { 0: hashes[0]!, [height]: hashes[height]! } });

  const onCheckpoint = atFork(at(FORK_HEIGHT + 1));
  const { x1, mockTime } = onCheckpoint;
  expect(ruleOf(onCheckpoint.view.acceptBlock(x1, mockTime).result)).toBe("not-the-checkpoint");
  expect(ruleOf(onCheckpoint.give(FORK_HEIGHT + 1))).toBe("active");

  const below = atFork(at(FORK_HEIGHT + 2));
  for (const height of [FORK_HEIGHT + 1, FORK_HEIGHT + 2]) below.give(height);
  expect(ruleOf(below.view.acceptBlock(x1, mockTime).result)).toBe("fork-below-checkpoint");

  const careless = viewOf(below.shared);
  careless.restore(below.view.tip);
  expect(ruleOf(careless.acceptBlock(x1, mockTime).result)).toBe("held");
});

vectorTest("blocks whose parents are unknown or invalid are told apart", () => {
  const { chain, shared, view, give } = atFork();
  expect(ruleOf(give(FORK_HEIGHT + 2))).toBe("unknownParent");
  give(FORK_HEIGHT + 1);
  view.invalidate(view.tip);
  expect(tipOf(view)).toBe(chain[FORK_HEIGHT]!.line.hash);
  expect(ruleOf(give(FORK_HEIGHT + 1))).toBe("knownInvalid");
  expect(ruleOf(give(FORK_HEIGHT + 2))).toBe("invalidParent");
  expect(shared.tree.size).toBe(FORK_HEIGHT + 2);
});
