import {
  type Block,
  blockHash,
  type ChainView,
  merkleTree,
  type OrdinaryTransaction,
  type PowHeader,
  type SharedChain,
  sparesBlockHash,
  toDisplayHex,
  txid,
} from "@fluxlab/core";

import fc from "fast-check";
import { expect } from "vitest";

import { submitAnswer } from "../../../core/host/submitAnswer.ts";
import { type LabChain, readLabChain, sharedChainOf, tipOf, viewAt, viewOf } from "../../support/labChain.ts";

import { labnet } from "../../support/networks.ts";
import { parseBlock } from "../../support/replay.ts";
import { sampleTransactions } from "../../support/samples.ts";
import { listVectors, readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

let read: LabChain[] | undefined;
let connected: SharedChain | undefined;

const chain = (): LabChain[] => {
  read ??= readLabChain();
  return read;
};

/** One shared chain for all tests, in which the recorded chain is connected: nodes that start within it cost next to nothing. */
function shared(): SharedChain {
  if (connected === undefined) {
    connected = sharedChainOf(chain()[0]!.block, "nothing");
    feedChain(viewOf(connected), chain());
  }
  return connected;
}

function feedChain(view: ChainView, blocks: readonly LabChain[]): void {
  let clock = 0;
  for (const { line, block } of blocks.slice(1)) {
    clock = Math.max(clock, line.time);
    const { result } = view.acceptBlock(block, clock);
    if (result.outcome !== "active") throw new Error(`${line.height}: ${submitAnswer(result)}`);
  }
}

interface Reorganisation {
  readonly name: string;
  readonly forkHash: string;
  readonly forkHeight: number;
  readonly mockTime: number;
  readonly blocks: Readonly<Record<string, { readonly hash: string; readonly hex: string }>>;
  readonly finalTip?: string;
}

const readReorganisations = (file: string): Reorganisation[] => {
  const recorded = readJson<Reorganisation & { cases?: Reorganisation[] }>(`labnet/${file}`);
  return recorded.cases ?? [recorded];
};

const numbered = (): Reorganisation[] =>
  listVectors("labnet")
    .filter((file) => /^reorg-\d\d-.*\.json$/.test(file))
    .flatMap(readReorganisations);

const blockOf = ({ blocks }: Reorganisation, id: string): Block =>
  parseBlock(Buffer.from(blocks[id]!.hex, "hex"));

vectorTest("recorded branches in any order, parents after children too, end at the daemon's tip", () => {
  for (const each of numbered()) {
    const ids = Object.keys(each.blocks);
    const holds = fc.property(fc.shuffledSubarray(ids, { minLength: ids.length }), (order) => {
      const view = viewAt(shared(), each.forkHash);
      // Blocks before their parents are not kept, so they come again.
      for (let waiting = order; waiting.length > 0; ) {
        waiting = waiting.filter((id) => {
          const { result } = view.acceptBlock(blockOf(each, id), each.mockTime);
          return result.outcome === "unknownParent";
        });
      }
      expect(tipOf(view), each.name).toBe(each.finalTip);

      const headersFirst = viewAt(shared(), each.forkHash);
      for (const id of ids) headersFirst.acceptHeader(blockOf(each, id).header, each.mockTime);
      for (const id of order) headersFirst.acceptBlock(blockOf(each, id), each.mockTime);
      expect(tipOf(headersFirst), each.name).toBe(each.finalTip);
    });
    fc.assert(holds, { numRuns: 3 });
  }
});

vectorTest("headers that part from the best chain below its tip are told, and no others", () => {
  let forks = 0;
  for (const each of numbered()) {
    const view = viewAt(shared(), each.forkHash);
    const told: string[] = [];
    view.onFork = (row) => told.push(toDisplayHex(view.shared.tree.hash(row)));
    const parents = new Map<string, string>();
    for (const id of Object.keys(each.blocks)) {
      const { header } = blockOf(each, id);
      const [hash, parent] = [toDisplayHex(blockHash(header)), toDisplayHex(header.previousHash)];
      const ancestors = [tipOf(view)];
      while (parents.has(ancestors.at(-1)!)) ancestors.push(parents.get(ancestors.at(-1)!)!);
      const parts = !parents.has(hash) && ancestors.slice(1).includes(parent);
      parents.set(hash, parent);
      told.length = 0;
      view.acceptBlock(blockOf(each, id), each.mockTime);
      expect(told, `${each.name} ${id}`).toEqual(parts ? [hash] : []);
      if (parts) forks++;
    }
  }
  expect(forks).toBeGreaterThan(10);
});

vectorTest("a block that cannot be judged is neither followed nor invalid", () => {
  const height = labnet().upgrades.acadia.height + 5;
  const { line } = chain()[height]!;
  const { block: next } = chain()[height + 1]!;
  const sample = sampleTransactions["shielded"] as OrdinaryTransaction;
  const unverifiable = {
    ...sample,
    expiryHeight: 0,
    lockTime: 0,
    shielded: { ...sample.shielded, joinSplits: [] },
  };
  const transactions = [...next.transactions, unverifiable];
  const nonce = new Uint8Array(32);
  const merkleRoot = merkleTree(transactions.map(txid)).root;
  const header = { ...(next.header as PowHeader), merkleRoot, nonce };
  // Where solutions are believed, work is cheap.
  const believing = sharedChainOf(chain()[0]!.block, "nothing", labnet(), {
    check: () => undefined,
    checkAll: (claims) => claims.map(() => undefined),
  });
  const view = viewOf(believing);
  feedChain(view, chain().slice(0, height + 1));
  for (let n = 1; view.acceptHeader(header, header.time).outcome === "invalid"; n++) {
    new DataView(nonce.buffer).setUint32(0, n);
  }
  const { result, moved } = view.acceptBlock({ header, transactions }, header.time);
  expect([result.outcome, moved]).toEqual(["cannotTell", undefined]);
  expect(tipOf(view)).toBe(line.hash);
  expect(view.acceptBlock({ header, transactions }, header.time).result.outcome).toBe("known");

  // One of equal work that came later is followed, and trying again changes nothing.
  expect(view.acceptBlock(next, header.time).result.outcome).toBe("active");
  expect(view.reconsider(believing.tree.find(blockHash(header)))).toBeUndefined();
  expect(tipOf(view)).toBe(toDisplayHex(blockHash(next.header)));
});

vectorTest("a block that cannot be connected gives way to another of equal work at once", () => {
  const cases = readReorganisations("reorg-special.json").filter(({ name }) =>
    name.startsWith("unconnectable"),
  );
  for (const each of cases) {
    const view = viewAt(shared(), each.forkHash);
    const tips = ["u1", "v1", "v2"].map((id) => {
      view.acceptBlock(blockOf(each, id), each.mockTime);
      return tipOf(view);
    });
    expect(tips, each.name).toEqual([each.forkHash, each.blocks["v1"]!.hash, each.finalTip]);
  }
  expect(cases).toHaveLength(4);
});

vectorTest("a bad signature does not condemn the block hash", () => {
  const cases = readReorganisations("reorg-special.json").filter(({ name }) =>
    name.startsWith("pon-signature"),
  );
  for (const each of cases) {
    const view = viewAt(shared(), each.forkHash);
    const bad = view.acceptBlock(blockOf(each, "x1"), each.mockTime);
    expect(submitAnswer(bad.result)).toBe("bad-pon-block");
    expect(bad.result.outcome === "invalid" && sparesBlockHash(bad.result.violation)).toBe(true);
    expect(tipOf(view)).toBe(each.forkHash);
    expect(view.acceptBlock(blockOf(each, "x1good"), each.mockTime).result.outcome).toBe("active");
    expect(tipOf(view)).toBe(each.blocks["x1good"]!.hash);
  }
  expect(cases).toHaveLength(3);
});
