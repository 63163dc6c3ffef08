import { type Block, ChainView } from "@fluxlab/core";
import { expect } from "vitest";
import { knownBefore, submitAnswer } from "../../../core/host/submitAnswer.ts";
import { readLabChain, sharedChainOf } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { parseBlock } from "../../support/replay.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// One node at the recorded fork at height 49, where the chain's own block 50 and a competitor, x1, come from.

const FORK_HEIGHT = 49;

vectorTest("what a node knew of a block's hash decides what it says of the block", () => {
  const chain = readLabChain().slice(0, FORK_HEIGHT + 3);
  const { blocks, mockTime } = readJson<{ blocks: { x1: { hex: string } }; mockTime: number }>(
    "labnet/reorg-01-pow-digishield-1v2.json",
  );
  const x1 = parseBlock(Buffer.from(blocks.x1.hex, "hex"));
  const hashes = readLabChain().map(({ line }) => line.hash);
  const checkpoints = { 0: hashes[0]!, [FORK_HEIGHT + 1]: hashes[FORK_HEIGHT + 1]! };
  const start = (useCheckpoints = false) => {
    const shared = sharedChainOf(chain[0]!.block, "nothing", { ...labnet(), checkpoints });
    const view = new ChainView(shared, { useCheckpoints });
    const submit = (block: Block) => {
      const before = knownBefore(view, block.header);
      return submitAnswer(view.acceptBlock(block, mockTime).result, before);
    };
    for (const { block } of chain.slice(1, FORK_HEIGHT + 1)) expect(submit(block)).toBeNull();
    return { view, submit };
  };
  const [next, later] = [chain[FORK_HEIGHT + 1]!.block, chain[FORK_HEIGHT + 2]!.block];

  const { view, submit } = start();
  expect([submit(next), submit(next)]).toEqual([null, "duplicate"]);
  expect([submit(x1), submit(x1)]).toEqual(["inconclusive", "duplicate-inconclusive"]);
  view.acceptHeader(later.header, mockTime);
  expect(submit(later)).toBe("duplicate");
  view.invalidate(view.tip);
  expect(submit(later)).toBe("duplicate-invalid");
  expect(submit({ ...x1, header: { ...x1.header, previousHash: new Uint8Array(32) } })).not.toBeNull();

  // A refusal without a reason.
  expect(start(true).submit(x1)).toBe("rejected");
});
