import {
  addBlockProof,
  blockProof,
  branchIdAt,
  COMPACT_NEGATIVE,
  COMPACT_OVERFLOW,
  checkProofOfWork,
  currentUpgrade,
  decodeCompact,
  digishieldNextBits,
  encodeCompact,
  equihashParamsAt,
  equihashShape,
  type HeaderHistory,
  medianTimePast,
  ponNextBits,
  powNextBits,
  setU256Bytes,
  type U256,
  UPGRADES,
  u256,
  u256Hex,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { bitsOf, networkOf } from "./difficultyFields.ts";
import { agree, groupCases, hasGroup, type Kind, type Outcome } from "./kind.ts";
import { PON_CHECKS } from "./pon.ts";

// The groups of ../shared/vectors/README-consensus.md, difficulty.json. Numbers of 256 bits are hex, most significant digit
// first, as hashes are displayed; compact targets are hex of 32 bits.

const bitsText = (bits: number): string => bits.toString(16).padStart(8, "0");
const numberOf = (field: Field): U256 => setU256Bytes(u256(), field.hash());

function checkDecode(row: Field): Outcome {
  const target = u256();
  const flags = decodeCompact(target, bitsOf(row.get("compact")));
  const negative = (flags & COMPACT_NEGATIVE) !== 0;
  const overflow = (flags & COMPACT_OVERFLOW) !== 0;
  return agree(
    {
      target: u256Hex(numberOf(row.get("target"))),
      negative: row.get("negative").flag(),
      overflow: row.get("overflow").flag(),
      reencoded: bitsText(bitsOf(row.get("reencoded"))),
    },
    { target: u256Hex(target), negative, overflow, reencoded: bitsText(encodeCompact(target, negative)) },
  );
}

const agreeOnBits = (expected: Field, bits: number): Outcome =>
  agree({ bits: bitsText(bitsOf(expected)) }, { bits: bitsText(bits) });

const checkEncode = (row: Field): Outcome =>
  agreeOnBits(row.get("compact"), encodeCompact(numberOf(row.get("target"))));

const checkBlockProof = (row: Field): Outcome =>
  agree(
    { work: u256Hex(numberOf(row.get("work"))) },
    { work: u256Hex(blockProof(u256(), row.get("version").i32(), bitsOf(row.get("bits")))) },
  );

function checkChainWork(row: Field): Outcome {
  const work = u256();
  for (const block of row.get("blocks").items()) {
    addBlockProof(work, work, block.at(0).i32(), bitsOf(block.at(1)));
  }
  return agree({ totalWork: u256Hex(numberOf(row.get("totalWork"))) }, { totalWork: u256Hex(work) });
}

const checkDigishield = (row: Field): Outcome =>
  agreeOnBits(
    row.get("bits"),
    digishieldNextBits(
      numberOf(row.get("averageTarget")),
      row.get("lastMedianTime").u32(),
      row.get("firstMedianTime").u32(),
      networkOf(row),
    ),
  );

/** Headers up to the tip; those before the first listed one exist, and a rule that needs one cannot be checked. */
function historyOf(row: Field): HeaderHistory {
  const listed = row.get("headers");
  const headers = listed.items().map((header) => ({ time: header.at(0).u32(), bits: bitsOf(header.at(1)) }));
  const height = row.get("tipHeight").height();
  const first = height - headers.length + 1;
  if (headers.length === 0 || first < 0) listed.fail("1 to tipHeight + 1 headers");
  const at = (wanted: number) => headers[wanted - first] ?? listed.fail(`headers from height ${wanted} on`);
  return { height, time: (wanted) => at(wanted).time, bits: (wanted) => at(wanted).bits };
}

const checkPowNextBits = (row: Field): Outcome =>
  agreeOnBits(row.get("bits"), powNextBits(historyOf(row), row.find("newBlockTime")?.u32(), networkOf(row)));

const checkPonNextBits = (row: Field): Outcome =>
  agreeOnBits(row.get("bits"), ponNextBits(historyOf(row), networkOf(row)));

const checkWork = (row: Field): Outcome =>
  agree(
    { valid: row.get("valid").flag() },
    { valid: checkProofOfWork(row.get("hash").hash(), bitsOf(row.get("bits")), networkOf(row)) },
  );

/** [n, k, bytes of a solution], the newest first. */
function checkEquihashParams(row: Field): Outcome {
  const accepted = equihashParamsAt(row.get("height").height(), networkOf(row));
  return agree(
    {
      accepted: row
        .get("accepted")
        .items()
        .map((each) => [0, 1, 2].map((i) => each.at(i).u32())),
    },
    { accepted: accepted.map((each) => [each.n, each.k, equihashShape(each)?.solutionBytes ?? null]) },
  );
}

function checkUpgradeEpoch(row: Field): Outcome {
  const { upgrades } = networkOf(row);
  const height = row.get("height").height();
  return agree(
    { index: row.get("index").u32(), branchId: bitsText(bitsOf(row.get("branchId"))) },
    {
      index: UPGRADES.indexOf(currentUpgrade(upgrades, height)),
      branchId: bitsText(branchIdAt(upgrades, height)),
    },
  );
}

function checkMedianTime(row: Field): Outcome {
  const listed = row.get("times");
  const times = listed.items().map((time) => time.u32());
  if (times.length === 0) listed.fail("at least one time");
  const history = { height: times.length - 1, time: (height: number) => times[height]!, bits: () => 0 };
  return agree({ median: row.get("median").u32() }, { median: medianTimePast(history) });
}

const CHECKS = {
  compactDecode: checkDecode,
  compactEncode: checkEncode,
  blockProof: checkBlockProof,
  chainWork: checkChainWork,
  digishield: checkDigishield,
  powNextBits: checkPowNextBits,
  ponNextBits: checkPonNextBits,
  checkProofOfWork: checkWork,
  equihashParams: checkEquihashParams,
  upgradeEpoch: checkUpgradeEpoch,
  medianTimePast: checkMedianTime,
  ...PON_CHECKS,
};

export const difficultyKind: Kind = {
  name: "difficulty",
  about:
    "compact targets, retargets, chain work, proof of node: groups compactDecode, powNextBits, ponHash, …",
  recognises: (root) => hasGroup(root, Object.keys(CHECKS)),
  cases: ({ root }) => groupCases(root, CHECKS),
};
