import {
  type Arrival,
  blockHash,
  checkArrivingHeader,
  checkHeaderAfter,
  dosScore,
  type HeaderHistory,
  mainnet,
  maxAhead,
  maxReorgDepth,
  nextBits,
  type Params,
  type PonHeader,
  regtest,
  rejectCode,
  rejectReason,
  testnet,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { labnet } from "../../support/networks.ts";
import {
  CHAINS,
  decodeBlock,
  HEADER_REASONS,
  headerVerifier,
  historyUpTo,
  type Refused,
  recordedBlock,
  recordedHeaders,
} from "../../support/recordedHeaders.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

vectorTest(
  "refused headers are refused for the daemon's reason, and headers of other refused blocks pass",
  () => {
    const params = labnet();
    const chain = recordedHeaders(CHAINS.lab);
    const seen = new Set<string>();
    for (const each of readJson<Refused[]>("labnet/invalid-blocks.json")) {
      const decoded = decodeBlock(each);
      if (decoded === undefined || each.result === "bad-prevblk") continue; // no block; no parent
      const { header, hash } = decoded;
      const where = `${each.name} at ${each.height}`;
      expect(chain[each.height - 1]!.hash, where).toBe(each.prevHash);
      const parents = historyUpTo(chain, each.height - 1);
      const arrival = { tipHeight: each.height - 1, adjustedTime: each.mockTime, lastCheckpoint: 0 };
      const broken = checkArrivingHeader(parents, header, hash, arrival, headerVerifier, params);
      const expected = HEADER_REASONS.has(each.result ?? "") ? each.result : undefined;
      expect(broken && rejectReason(broken), where).toBe(expected ?? undefined);
      if (broken !== undefined) seen.add(broken.rule);
    }
    expect([...HEADER_REASONS].filter((reason) => !seen.has(reason))).toEqual([]);
  },
);

vectorTest("a fork starts at most 39 blocks below the tip", () => {
  interface DepthCase {
    readonly name: string;
    readonly forkHeight: number;
    readonly tipHeight: number;
    readonly hex: string;
    readonly result: string;
  }
  const params = labnet();
  const chain = recordedHeaders(CHAINS.lab);
  const { cases } = readJson<{ cases: DepthCase[] }>("labnet/reorg-depth-limit.json");
  expect(cases.length).toBe(4);
  for (const { name, forkHeight, tipHeight, hex, result } of cases) {
    const { header, hash } = recordedBlock({ hex });
    const parents = historyUpTo(chain, forkHeight);
    const arrival = { tipHeight, adjustedTime: header.time, lastCheckpoint: 0 };
    const broken = checkArrivingHeader(parents, header, hash, arrival, headerVerifier, params);
    expect(broken === undefined ? "inconclusive" : rejectReason(broken), name).toBe(result);
  }
});

test("around the change to proof of node forks may be deep", () => {
  const depths = [2_019_999, 2_020_000, 2_025_000, 2_025_001].map((tip) => maxReorgDepth(tip, mainnet));
  expect(depths).toEqual([40, 5_000, 5_000, 40]);
});

vectorTest("checkpoints refuse without a code or a reason, and only where they are looked at", () => {
  const chain = recordedHeaders(CHAINS.test);
  const judge = { judging: "block", catchingUp: false } as const;
  const refusal = (height: number, lastCheckpoint: Arrival["lastCheckpoint"]) => {
    const { header, hash } = recordedBlock(chain[height]!);
    const arrival = { tipHeight: height - 1, adjustedTime: header.time, lastCheckpoint };
    const parents = historyUpTo(chain, height - 1);
    const broken = checkArrivingHeader(parents, header, hash, arrival, headerVerifier, testnet);
    return broken && [broken.rule, rejectReason(broken), rejectCode(broken), dosScore(broken, judge)];
  };
  // The recorded chain is not the public one, whose block 320 is a checkpoint.
  expect(refusal(320, 0)).toEqual(["not-the-checkpoint", "", 0, 0]);
  expect(refusal(319, 320)).toEqual(["fork-below-checkpoint", "", 0, 100]);
  expect([refusal(321, 320), refusal(319, 0), refusal(320, undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("how far ahead of the clock a header may be follows from the tip's height and from its proof", () => {
  const ahead = (tip: number, params: Params) =>
    (["pow", "pon"] as const).map((kind) => maxAhead(kind, tip, params));
  expect(ahead(124_999, mainnet)).toEqual([7_200, 7_200]);
  expect(ahead(125_000, mainnet)).toEqual([360, 300]);
  expect([ahead(69, testnet), ahead(70, testnet)]).toEqual([
    [7_200, 7_200],
    [360, 300],
  ]);
  // The height of LWMA there is -1, which without a sign is never reached.
  expect(ahead(5_000_000, regtest)).toEqual([7_200, 7_200]);
});

test("the test network takes any target from block 800 to 1800, others nowhere", () => {
  /** The rule that a block of `height` breaks whose target is a little harder than required. */
  const ruleAt = (height: number, params: Params) => {
    const first = params.genesis.time + 1_000_000;
    const parents: HeaderHistory = {
      height: height - 1,
      time: (at) => first + 30 * at,
      bits: () => 0x200f_ffff,
    };
    const time = first + 30 * height;
    const base: PonHeader = {
      kind: "pon",
      version: 100,
      previousHash: new Uint8Array(32),
      merkleRoot: new Uint8Array(32),
      saplingRoot: new Uint8Array(32),
      time,
      bits: nextBits(parents, time, params) - 1,
      collateral: { txid: new Uint8Array(32), index: 0 },
      signature: new Uint8Array(70),
    };
    // Some collateral draws well enough.
    for (let index = 0; ; index++) {
      const header = { ...base, collateral: { ...base.collateral, index } };
      const broken = checkHeaderAfter(parents, header, blockHash(header), headerVerifier, params)?.rule;
      if (broken !== "bad-pon-header") return broken;
    }
  };
  const heights = [799, 800, 1_800, 1_801];
  expect(heights.map((height) => ruleAt(height, testnet))).toEqual([
    "premature-pon-block",
    undefined,
    undefined,
    "bad-pon-diffbits",
  ]);
  const early = { ...testnet, kind: "lab" } as const;
  expect(heights.map((height) => ruleAt(height, early)).slice(1)).toEqual(Array(3).fill("bad-pon-diffbits"));
});
