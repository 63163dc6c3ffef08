import { type Block, compactBlock, INV_BLOCK, type Message } from "@fluxlab/core";
import { beforeAll, describe, expect } from "vitest";
import { type Lab, NodeBench, readLab } from "../../support/nodeBench.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// What spec 04 §2.8 says of cmpctblock, getblocktxn and blocktxn, and what fluxd does not: it asks for nothing that is missing.

/** Recorded: 29 transactions, 28 of which nobody announced. */
const HEIGHT = 157;

let lab: Lab;
let block: Block;
beforeAll(() => {
  if (!vectorsPresent) return;
  lab = readLab();
  block = lab.chain[HEIGHT]!.block;
});

/** A node that waits for block 157, and peers 1 to 3. */
function waiting(): NodeBench {
  const bench = new NodeBench(lab, HEIGHT - 1, { clockHeight: HEIGHT });
  for (const id of [1, 2, 3]) bench.meet(id);
  return bench;
}

const hashOf = (height: number): Uint8Array => lab.shared.tree.hashOf(lab.chain[height]!.block.header);
const compact = (of: Block = block) => compactBlock(of, 7n) as Extract<Message, { command: "cmpctblock" }>;
const rest = (of: Block = block) => of.transactions.slice(1);
const blocktxn = (transactions: Block["transactions"]): Message => ({
  command: "blocktxn",
  block: lab.shared.tree.hashOf(block.header),
  transactions,
});

describe("a compact block", () => {
  vectorTest("of a coinbase alone is a block", () => {
    const bench = new NodeBench(lab, 4, { clockHeight: 5 });
    bench.meet(1);
    expect(lab.chain[5]!.block.transactions).toHaveLength(1);
    bench.node.receive(1, compact(lab.chain[5]!.block));
    expect(bench.node.chain.tipHeight).toBe(5);
    expect(bench.ports.score(1)).toBe(0);
  });

  vectorTest("with transactions that are missing is completed by a question for just those", () => {
    const bench = waiting();
    bench.node.receive(1, compact());
    const indexes = rest().map((_, i) => i + 1);
    expect(bench.ports.take(1)).toEqual([{ command: "getblocktxn", block: hashOf(HEIGHT), indexes }]);
    bench.node.receive(1, blocktxn(rest()));
    expect(bench.node.chain.tipHeight).toBe(HEIGHT);
    expect(bench.ports.score(1)).toBe(0);
  });

  vectorTest("is completed by one peer; what others send unasked is nothing", () => {
    const bench = waiting();
    bench.node.receive(1, compact());
    bench.node.receive(2, compact());
    bench.ports.take(1);
    expect(bench.ports.take(2).filter(({ command }) => command === "getblocktxn")).toEqual([]);
    bench.node.receive(2, blocktxn(rest()));
    bench.node.receive(3, blocktxn([]));
    expect(bench.node.chain.tipHeight).toBe(HEIGHT - 1);
    bench.node.receive(1, blocktxn(rest()));
    expect(bench.node.chain.tipHeight).toBe(HEIGHT);
    expect([1, 2, 3].map((peer) => bench.ports.score(peer))).toEqual([0, 0, 0]);
  });

  vectorTest("that does not come together is asked for as a whole, and nobody is charged", () => {
    const bench = waiting();
    bench.node.receive(1, compact());
    bench.ports.take(1);
    bench.node.receive(1, blocktxn(rest().toReversed()));
    expect(bench.ports.take(1)).toEqual([
      { command: "getdata", items: [{ type: INV_BLOCK, hash: hashOf(HEIGHT) }] },
    ]);
    expect(bench.ports.score(1)).toBe(0);
    bench.node.receive(1, { command: "block", block });
    expect(bench.node.chain.tipHeight).toBe(HEIGHT);
  });

  vectorTest("whose sender leaves, or does not answer in ten minutes, is another's to complete", () => {
    const left = waiting();
    left.node.receive(1, compact());
    left.node.disconnected(1);
    left.ports.take();
    left.node.receive(2, compact());
    expect(left.ports.take(2)).toMatchObject([{ command: "getblocktxn" }]);

    const silent = waiting();
    silent.node.receive(1, compact());
    silent.ports.time += 601_000_000;
    silent.ports.take();
    silent.node.receive(2, compact());
    expect(silent.ports.take(2)).toMatchObject([{ command: "getblocktxn" }]);
  });

  vectorTest("that is none costs 100", () => {
    const bench = waiting();
    bench.node.receive(1, { ...compact(), shortIds: [], prefilled: [] });
    const far = [{ index: 40_000, tx: block.transactions[0]! }];
    bench.node.receive(2, { ...compact(), prefilled: far });
    expect([bench.ports.score(1), bench.ports.score(2)]).toEqual([100, 100]);
    expect([...bench.ports.closed]).toEqual([1, 2]);
  });

  vectorTest("with the same short id twice is asked for as a whole", () => {
    const bench = waiting();
    const message = compact();
    bench.node.receive(1, { ...message, shortIds: message.shortIds.map(() => message.shortIds[0]!) });
    expect(bench.ports.take(1)).toMatchObject([{ command: "getdata" }]);
    expect(bench.ports.score(1)).toBe(0);
  });

  vectorTest("of what is known, or far below the tip, leads to nothing", () => {
    const bench = waiting();
    bench.node.receive(1, compact(lab.chain[HEIGHT - 1]!.block));
    bench.node.receive(1, compact(lab.chain[20]!.block));
    expect([bench.ports.take(1), bench.ports.score(1)]).toEqual([[], 0]);
  });

  vectorTest("without a known parent is a question for headers", () => {
    const bench = waiting();
    bench.node.receive(1, { command: "headers", headers: [] });
    bench.ports.take(1);
    bench.node.receive(1, compact(lab.chain[HEIGHT + 2]!.block));
    expect(bench.ports.take(1)).toMatchObject([{ command: "getheaders" }]);
    expect(bench.ports.score(1)).toBe(0);
  });

  vectorTest("completed by more transactions than any block has: 100", () => {
    const bench = waiting();
    bench.node.receive(1, compact());
    bench.node.receive(1, blocktxn(new Array(20_001).fill(block.transactions[0])));
    expect(bench.ports.score(1)).toBe(100);
  });
});

describe("transactions of a block", () => {
  const asked = (height: number, indexes: readonly number[]) => {
    const bench = new NodeBench(lab, HEIGHT + 20);
    bench.meet(1);
    bench.node.receive(1, { command: "getblocktxn", block: hashOf(height) as never, indexes });
    return { answers: bench.ports.take(1), score: bench.ports.score(1) };
  };

  vectorTest("are given by their places, up to 15 blocks below the tip", () => {
    const { transactions } = lab.chain[HEIGHT + 6]!.block;
    const given = asked(HEIGHT + 6, [0, transactions.length - 1]);
    expect(given.answers).toMatchObject([
      { command: "blocktxn", transactions: [transactions[0], transactions.at(-1)] },
    ]);
    expect(asked(HEIGHT + 5, [0]).answers).toHaveLength(1);
    expect(asked(HEIGHT + 4, [0])).toEqual({ answers: [], score: 0 });
  });

  vectorTest("that it does not have: 100; of a block nobody knows: nothing", () => {
    expect(asked(HEIGHT + 6, [0, 999])).toEqual({ answers: [], score: 100 });
    const bench = waiting();
    const nowhere = new Uint8Array(32).fill(9) as never;
    bench.node.receive(1, { command: "getblocktxn", block: nowhere, indexes: [0] });
    expect([bench.ports.take(1), bench.ports.score(1)]).toEqual([[], 0]);
  });
});
