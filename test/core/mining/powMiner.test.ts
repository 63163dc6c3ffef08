import {
  createTemplate,
  equihashInput,
  generateBlocks,
  mineBlock,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  type PowHeader,
  plainSolver,
  powCandidate,
  puzzleParams,
  Random,
  regtest,
  shapeOfSolution,
  solvedBlock,
  TxPool,
  toDisplayHex,
  toWireHex,
  UPGRADES,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { firstNonce, nextNonce } from "../../../core/src/mining/nonce.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { sharedChainOf, viewOf } from "../../support/labChain.ts";
import { labParams, MINER_SCRIPT, MiningLab } from "../../support/miningLab.ts";
import { parseBlock } from "../../support/replay.ts";
import { readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

/** All upgrades but proof of node, four blocks each. */
const ERAS = {
  lwma: 4,
  equihash144: 8,
  acadia: 12,
  kamiooka: 16,
  kamata: 20,
  flux: 24,
  halving: 28,
  p2shNodes: 32,
  pon: 1_000,
};

test("blocks of every era are mined for real, (48, 5), and become the tip", () => {
  const lab = new MiningLab(labParams({}, ERAS));
  lab.mine(36);
  expect(lab.height).toBe(36);
  const { header, transactions } = lab.block;
  expect(header).toMatchObject({ kind: "pow", version: 4 });
  expect(shapeOfSolution((header as PowHeader).solution.length)).toMatchObject({ n: 48, k: 5 });
  const [coinbase] = transactions as readonly OrdinaryTransaction[];
  expect(toWireHex(coinbase!.inputs[0]!.scriptSig)).toBe("01240101");
  expect(UPGRADES.filter((upgrade) => lab.params.upgrades[upgrade].height > 36)).toEqual(["pon"]);
});

function template(lab: MiningLab) {
  const parent = { state: lab.view.state(), headers: lab.view.headers() };
  const random = Random.root("nonces");
  const request = {
    parent,
    pool: new TxPool(),
    payTo: MINER_SCRIPT,
    time: 0,
    producer: NULL_OUTPOINT,
    random,
  };
  const made = createTemplate(request, lab.params, lab.connecting);
  if (made.outcome !== "made") throw new Error(made.outcome);
  return made.template;
}

test("a clock that is behind does not make the block older than its parents' median", () => {
  const lab = new MiningLab(labParams({ proof: "modelled" }));
  lab.mine(20);
  const made = template(lab);
  const times = Array.from({ length: 11 }, (_, i) => lab.view.headers().time(20 - i)).sort((a, b) => a - b);
  expect(made.block.header.time).toBe(times[5]! + 1);
  expect(made.minTime).toBe(times[5]! + 1);
});

test("each count makes another coinbase and another puzzle; solutions of other puzzles are not taken", () => {
  const lab = new MiningLab(labParams({}, ERAS));
  const made = template(lab);
  const [one, two] = [powCandidate(made, 1), powCandidate(made, 2)];
  expect(toDisplayHex(one.header.merkleRoot)).not.toBe(toDisplayHex(two.header.merkleRoot));
  const coinbase = powCandidate(made, 300).transactions[0] as OrdinaryTransaction;
  expect(toWireHex(coinbase.inputs[0]!.scriptSig)).toBe("51022c01");
  const solver = plainSolver(puzzleParams(1, lab.params))!;
  const mined = mineBlock(made, lab.params, () => solver)!;
  expect(mined.transactions).toEqual(one.transactions);
  expect(lab.view.acceptBlock({ ...mined, transactions: two.transactions }, 2e9).result).toMatchObject({
    outcome: "invalid",
  });
  expect(solvedBlock(mined, [], 1, lab.params)).toBeUndefined();
  const solutions = solver.solve(equihashInput(mined.header))!;
  expect(solvedBlock(mined, solutions, 1, lab.params)).toEqual(mined);
  expect(lab.view.acceptBlock(mined, 2e9).result).toEqual({ outcome: "active" });
});

test("a search ends when it is told to", () => {
  const lab = new MiningLab(
    labParams({ pow: { ...labParams().pow, limit: `00${"00".repeat(30)}ff` } }, ERAS),
  );
  let attempts = 0;
  const solver = plainSolver(puzzleParams(1, lab.params))!;
  const mined = mineBlock(
    template(lab),
    lab.params,
    () => solver,
    () => attempts++ < 3,
  );
  expect(mined).toBeUndefined();
  expect(attempts).toBe(4);
});

test("nonces keep their ends free, and count to 65535", () => {
  const first = firstNonce(Random.root("n"));
  expect([...first.subarray(0, 2), ...first.subarray(30)]).toEqual([0, 0, 0, 0]);
  expect(new Set(first).size).toBeGreaterThan(20);
  let nonce = first;
  for (let i = 0; i < 300; i++) nonce = nextNonce(nonce)!;
  expect([nonce[0], nonce[1]]).toEqual([300 & 0xff, 1]);
  expect(nonce.subarray(2)).toEqual(first.subarray(2));
  nonce[0] = 0xff;
  nonce[1] = 0xff;
  expect(nextNonce(nonce)).toBeUndefined();
});

vectorTest("regtest generates what the daemon generated, given its clock", () => {
  const lines = readJsonLines<{ hex: string; hash: string; time: number }>("labnet/regtest-chain.jsonl");
  const view = viewOf(sharedChainOf(parseBlock(Buffer.from(lines[0]!.hex, "hex")), "nothing", regtest));
  for (const line of lines.slice(1)) {
    const { hashes, stopped } = generateBlocks(view, 1, {
      ...{ ecdsa: fastEcdsa, trust: "nothing", params: regtest, payTo: MINER_SCRIPT },
      adjustedTime: line.time,
      solver: () => plainSolver({ n: 48, k: 5 })!,
      random: Random.root("unused"),
      producers: [],
      mempool: undefined,
    });
    expect(stopped).toBeUndefined();
    expect(hashes.map(toDisplayHex)).toEqual([line.hash]);
    expect(view.tipHash).toEqual(hashes[0]);
  }
});
