import {
  type Block,
  blockHash,
  type ChainView,
  merkleTree,
  type OrdinaryTransaction,
  ParseError,
  type PowHeader,
  parse,
  readBlock,
  type SharedChain,
  sparesBlockHash,
  toDisplayHex,
  txid,
  u256Hex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import {
  type LabChain,
  readLabChain,
  rowOf,
  sharedChainOf,
  submitResult,
  tipOf,
  viewAt,
  viewOf,
} from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { parseBlock } from "../../support/replay.ts";
import { sampleTransactions } from "../../support/samples.ts";
import { caseBytes, listVectors, readJson } from "../../support/vectors.ts";
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
    if (result.outcome !== "active") throw new Error(`${line.height}: ${submitResult(result)}`);
  }
}

vectorTest("the recorded chain becomes the best chain block by block, with the daemon's work", () => {
  const { tree } = shared();
  const last = chain().at(-1)!.line;
  expect(tree.size).toBeGreaterThanOrEqual(chain().length);
  for (const { line } of chain()) {
    const row = rowOf(shared(), line.hash);
    expect(tree.height(row)).toBe(line.height);
    expect(u256Hex(tree.work(row))).toBe(line.chainwork);
  }
  expect(viewAt(shared(), last.hash).tipHeight).toBe(last.height);
});

interface RecordedStep {
  readonly block?: string;
  readonly call?: string;
  readonly result?: string | null;
  readonly tip: string;
}

interface Reorganisation {
  readonly name: string;
  readonly forkHash: string;
  readonly forkHeight: number;
  readonly mockTime: number;
  readonly orderDependent?: boolean;
  readonly blocks: Readonly<Record<string, { readonly hash: string; readonly hex: string }>>;
  readonly orders?: readonly { readonly steps: readonly RecordedStep[]; readonly finalTip: string }[];
  readonly steps?: readonly RecordedStep[];
  readonly withoutDisconnect?: readonly RecordedStep[];
  readonly withDisconnect?: readonly RecordedStep[];
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

vectorTest("recorded reorganisations: every step's result and tip are the daemon's", () => {
  const seen = { orders: 0, steps: 0 };
  for (const each of numbered()) {
    for (const { steps, finalTip } of each.orders ?? []) {
      const view = viewAt(shared(), each.forkHash);
      for (const { block, result, tip } of steps) {
        const receipt = view.acceptBlock(blockOf(each, block!), each.mockTime);
        expect([submitResult(receipt.result), tipOf(view)], `${each.name}, ${block}`).toEqual([result, tip]);
        seen.steps++;
      }
      expect(tipOf(view), each.name).toBe(finalTip);
      seen.orders++;
    }
  }
  expect(seen).toEqual({ orders: 56, steps: 1_120 });
});

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

vectorTest(
  "where the daemon's tip depends on the order of arrival, every order ends at the right one",
  () => {
    let orders = 0;
    for (const file of listVectors("labnet").filter((name) => name.startsWith("reorg-hazard-order"))) {
      for (const each of readReorganisations(file)) {
        for (const { steps } of each.orders ?? []) {
          const view = viewAt(shared(), each.forkHash);
          for (const { block } of steps) view.acceptBlock(blockOf(each, block!), each.mockTime);
          expect(tipOf(view), each.name).toBe(each.finalTip);
          orders++;
        }
      }
    }
    expect(orders).toBe(2);
  },
);

vectorTest("a node that disconnected a block answers as one that never had it", () => {
  for (const each of readReorganisations("reorg-hazard-dos-undo.json")) {
    for (const disconnects of [false, true]) {
      const view = viewAt(shared(), each.forkHash);
      if (disconnects) {
        expect(view.acceptBlock(blockOf(each, "b1"), each.mockTime).result.outcome).toBe("active");
        view.invalidate(rowOf(shared(), each.blocks["b1"]!.hash));
        expect(tipOf(view)).toBe(each.forkHash);
      }
      for (const { block, result, tip } of each.withoutDisconnect ?? []) {
        const receipt = view.acceptBlock(blockOf(each, block!), each.mockTime);
        expect([submitResult(receipt.result), tipOf(view)], each.name).toEqual([result, tip]);
      }
    }
  }
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
    expect(submitResult(bad.result)).toBe("bad-pon-block");
    expect(bad.result.outcome === "invalid" && sparesBlockHash(bad.result.violation)).toBe(true);
    expect(tipOf(view)).toBe(each.forkHash);
    expect(view.acceptBlock(blockOf(each, "x1good"), each.mockTime).result.outcome).toBe("active");
    expect(tipOf(view)).toBe(each.blocks["x1good"]!.hash);
  }
  expect(cases).toHaveLength(3);
});

vectorTest("forks from the depth limit on are refused", () => {
  interface DepthCase {
    readonly name: string;
    readonly tipHash: string;
    readonly hash: string;
    readonly hex: string;
    readonly result: string;
  }
  const { cases } = readJson<{ cases: DepthCase[] }>("labnet/reorg-depth-limit.json");
  for (const { name, tipHash, hash, hex, result } of cases) {
    const view = viewAt(shared(), tipHash);
    const block = parseBlock(Buffer.from(hex, "hex"));
    expect(submitResult(view.acceptBlock(block, block.header.time).result), name).toBe(result);
    expect(tipOf(view), name).toBe(tipHash);
    expect(rowOf(shared(), hash) >= 0, name).toBe(result === "inconclusive");
  }
  expect(cases).toHaveLength(4);
});

vectorTest(
  "invalidateblock and reconsiderblock lead to the daemon's tips, branches of old forks included",
  () => {
    interface InvalidateCase {
      readonly atHash: string;
      readonly steps: readonly { readonly call: readonly [string, string]; readonly tip: string }[];
    }
    const { cases } = readJson<{ cases: InvalidateCase[] }>("labnet/reorg-invalidateblock.json");
    const forks = numbered();
    const view = viewOf(shared());
    const pending = new Map(cases.map((each) => [each.atHash, each]));
    let clock = 0;
    for (const { line, block } of chain()) {
      clock = Math.max(clock, line.time);
      if (line.height > 0) view.acceptBlock(block, clock);
      for (const fork of forks.filter(({ forkHash }) => forkHash === line.hash)) {
        clock = Math.max(clock, fork.mockTime);
        for (const { block: id } of fork.orders![0]!.steps) view.acceptBlock(blockOf(fork, id!), clock);
      }
      const each = pending.get(line.hash);
      if (each === undefined) continue;
      for (const {
        call: [method, hash],
        tip,
      } of each.steps) {
        const row = rowOf(shared(), hash);
        if (method === "invalidateblock") view.invalidate(row);
        else view.reconsider(row);
        expect(tipOf(view), `${method} at ${line.height}`).toBe(tip);
      }
      pending.delete(line.hash);
    }
    expect(pending.size).toBe(0);
    expect(tipOf(view)).toBe(chain().at(-1)!.line.hash);
  },
);

vectorTest("every recorded invalid block is refused by a node whose tip is its parent", () => {
  interface InvalidBlock {
    readonly name: string;
    readonly height: number;
    readonly prevHash: string;
    readonly mockTime: number;
    readonly result: string | null;
    readonly hex?: string;
    readonly hexGz?: string;
  }
  const counts = { same: 0, unreadable: 0, withoutReason: 0, signature: 0 };
  const differ: string[] = [];
  for (const each of readJson<InvalidBlock[]>("labnet/invalid-blocks.json")) {
    const block = parse(caseBytes(each), readBlock);
    if (block instanceof ParseError) {
      expect(each.result, each.name).toBeNull();
      counts.unreadable++;
      continue;
    }
    const view = viewAt(shared(), each.prevHash);
    const { result, moved } = view.acceptBlock(block, each.mockTime);
    expect(moved, each.name).toBeUndefined();
    expect(toDisplayHex(view.tipHash), each.name).toBe(each.prevHash);
    const reason = submitResult(result);
    if (reason === each.result) counts.same++;
    else if (each.result === null && result.outcome === "invalid") counts.withoutReason++;
    else if (each.result === "duplicate" && reason === "bad-pon-block") counts.signature++;
    else differ.push(`${each.name} at ${each.height}: ${reason}, recorded ${each.result}`);
  }
  expect(differ).toEqual([]);
  expect(counts).toEqual({ same: 2_112, unreadable: 15, withoutReason: 38, signature: 3 });
});
