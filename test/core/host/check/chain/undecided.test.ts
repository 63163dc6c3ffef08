import {
  type Block,
  blockBytes,
  blockHash,
  checkProofOfWork,
  type EquihashVerifier,
  merkleTree,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  ParseError,
  type PowHeader,
  parse,
  powNextBits,
  readBlock,
  type Transaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  txid,
} from "@fluxlab/core";
import { expect } from "vitest";
import { historyOf } from "../../../../support/headers.ts";
import { labnet } from "../../../../support/networks.ts";
import { runProgram } from "../../../../support/program.ts";
import { type Changeable, Copies, checkFiles } from "../../../../support/recordings.ts";
import { sampleTransactions } from "../../../../support/samples.ts";
import { vectorPath } from "../../../../support/vectors.ts";
import { vectorTest } from "../../../../support/vectorTest.ts";

// What hangs on a proof that is not verified here neither passes nor fails.

const TIP = labnet().upgrades.acadia.height + 5;

/** Where solutions are believed, work is cheap. */
const believing: EquihashVerifier = {
  check: () => undefined,
  checkAll: (claims) => claims.map(() => undefined),
};

const sample = sampleTransactions["shielded"] as OrdinaryTransaction;
const { joinSplitPubKey, joinSplitSig } = NOTHING_SHIELDED;

const spendingShielded: OrdinaryTransaction = {
  ...sample,
  expiryHeight: 0,
  lockTime: 0,
  shielded: { ...sample.shielded, joinSplits: [], joinSplitPubKey, joinSplitSig },
};

const readable = (row: Changeable): Block => {
  const block = parse(Buffer.from(row.hex, "hex"), readBlock);
  if (block instanceof ParseError) throw new Error(`${block}`);
  return block;
};

/** A row of a block that is like that of `next`, mined again with other transactions or another place. */
function remined(next: Changeable, changes: Partial<PowHeader>, added: readonly Transaction[]) {
  const like = readable(next);
  const transactions = [...like.transactions, ...added];
  const nonce = new Uint8Array(32);
  const merkleRoot = merkleTree(transactions.map(txid)).root;
  const header = { ...(like.header as PowHeader), ...changes, merkleRoot, nonce };
  for (let n = 1; !checkProofOfWork(blockHash(header), header.bits, labnet()); n++)
    new DataView(nonce.buffer).setUint32(0, n);
  const hex = toWireHex(blockBytes({ header, transactions }));
  return { height: next.height, hash: toDisplayHex(blockHash(header)), hex };
}

/** The same block with a Sapling spend in it, whose proof is not verified here. */
const unverifiable = (next: Changeable) => remined(next, {}, [spendingShielded]);

/** A chain that goes on with a block that cannot be judged, and one above it. */
function goOn(lines: Changeable[]): void {
  const [next, afterNext] = lines.splice(TIP + 1);
  const below = unverifiable(next);
  const { header } = readable(below);
  const headers = [...lines.map((line) => readable(line).header), header];
  const { time } = readable(afterNext).header;
  const bits = powNextBits(historyOf(headers), time, labnet());
  lines.push(below, remined(afterNext, { previousHash: blockHash(header), bits }, []));
}

const cannotTell = /^cannot tell: it needs a proof that is not verified here \(saplingSpend\)/;

vectorTest("a chain up to a block that cannot be judged, and what stands on it", () => {
  const chain = new Copies().chain(TIP + 2, goOn);
  const { results } = checkFiles([chain], labnet(), believing);
  expect(results[0]).toMatchObject({ passed: TIP + 1, failures: [] });
  expect(results[0]!.undecided.map(({ got }) => got)).toEqual([
    expect.stringMatching(cannotTell),
    "cannot tell: it stands on a block that could not be judged",
  ]);
});

vectorTest("a refused block, and a reorganisation", () => {
  const copies = new Copies();
  const lines: Changeable[] = [];
  const chain = copies.chain(TIP + 1, (all) => lines.push(...all));
  const [tip, next] = lines.slice(TIP);
  const row = unverifiable(next);
  const said = {
    prevHash: tip.hash,
    mockTime: next.time,
    result: "bad-txns-sapling-spend-description-invalid",
  };
  const refused = copies.write("refused.json", JSON.stringify([{ ...row, ...said }]));
  const steps = [
    { block: "x", result: "bad-txns-sapling-spend-description-invalid", tip: tip.hash },
    { block: "y", result: null, tip: next.hash },
  ];
  const reorg = {
    forkHash: tip.hash,
    mockTime: next.time,
    blocks: { x: row, y: next },
    steps,
    finalTip: next.hash,
  };
  const branches = copies.write("reorg.json", JSON.stringify(reorg));
  const { results } = checkFiles([refused, branches, chain], labnet(), believing);
  const counts = results.map(({ passed, failures, undecided }) => [
    passed,
    failures.length,
    undecided.length,
  ]);
  // Of the reorganisation: x cannot be told; y, the tip in the end and both blocks as bytes are right.
  expect(counts).toEqual([
    [TIP + 2, 0, 0],
    [4, 0, 1],
    [0, 0, 1],
  ]);
});

vectorTest("a transaction, and the program counts it and does not end well", async () => {
  const copies = new Copies();
  const height = 191;
  copies.chain(height);
  const pool = copies.json("mempool-cases.json", (batches: Changeable[]) => {
    const batch = batches.find(({ tipHeight }) => tipHeight === height);
    const shielded = {
      name: "shielded",
      hex: toWireHex(transactionBytes(spendingShielded)),
      result: { error: { code: -26, message: "16: bad-txns-sapling-spend-description-invalid" } },
    };
    return [{ ...batch, cases: [shielded], finalMempool: [], finalMempoolVerbose: {} }];
  });
  const network = vectorPath("labnet/params.json");
  const { code, stdout } = await runProgram("core/bin/flux-check.ts", "chain", "--params", network, pool);
  expect(stdout).toContain(
    `CANNOT TELL mempool ${pool} [0].cases[0] era-192, shielded: expected {"code":-26`,
  );
  expect(stdout).toContain(", got cannot tell: a proof is not verified here (saplingSpend)\n");
  expect(stdout).toContain(`${pool} (mempool): 1 passed, 0 failed, 1 cannot tell\n`);
  expect(stdout).toMatch(/\n193 passed, 0 failed, 1 cannot tell\n$/);
  expect(code).toBe(1);
});
