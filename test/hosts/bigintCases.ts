import type { Params } from "@fluxlab/core";
import { bitsOf, networkOf } from "../../core/host/check/difficultyFields.ts";
import { agree, type Case, groupCases, type Outcome } from "../../core/host/check/kind.ts";
import type { Field } from "../../core/host/field.ts";
import {
  decodeBits,
  encodeBits,
  type Header,
  modelBlockProof,
  modelDigishield,
  modelMedianTime,
  modelPonNextBits,
  modelPowNextBits,
} from "../support/bigintDifficulty.ts";

// difficulty.json against the formulas over bigint, as core/host/check/difficulty.ts holds the limbs against it.

/** Groups without a number of 256 bits to reckon with; they have one form. */
const WITHOUT_NUMBERS = ["slot", "ponHash", "ponSignedHeader", "equihashParams", "upgradeEpoch"];

const bitsText = (bits: number): string => bits.toString(16).padStart(8, "0");
const hex256 = (value: bigint): string => value.toString(16).padStart(64, "0");
const numberAt = (row: Field, key: string): bigint => BigInt(`0x${row.get(key).text()}`);
const bitsAt = (row: Field, key: string): number => bitsOf(row.get(key));

const agreeOnBits = (row: Field, key: string, bits: number): Outcome =>
  agree({ [key]: row.get(key).text() }, { [key]: bitsText(bits) });

function checkDecode(row: Field): Outcome {
  const { target, negative, overflow } = decodeBits(bitsAt(row, "compact"));
  return agree(
    {
      target: row.get("target").text(),
      negative: row.get("negative").flag(),
      overflow: row.get("overflow").flag(),
      reencoded: row.get("reencoded").text(),
    },
    { target: hex256(target), negative, overflow, reencoded: bitsText(encodeBits(target, negative)) },
  );
}

const checkBlockProof = (row: Field): Outcome =>
  agree(
    { work: row.get("work").text() },
    { work: hex256(modelBlockProof(row.get("version").i32(), bitsAt(row, "bits"))) },
  );

function checkChainWork(row: Field): Outcome {
  const blocks = row.get("blocks").items();
  const work = blocks.reduce(
    (sum, block) => sum + modelBlockProof(block.at(0).i32(), bitsOf(block.at(1))),
    0n,
  );
  return agree({ totalWork: row.get("totalWork").text() }, { totalWork: hex256(work % 2n ** 256n) });
}

function checkDigishield(row: Field): Outcome {
  const [last, first] = [row.get("lastMedianTime").u32(), row.get("firstMedianTime").u32()];
  return agreeOnBits(
    row,
    "bits",
    modelDigishield(numberAt(row, "averageTarget"), last, first, networkOf(row)),
  );
}

/** The listed headers at their heights; nothing below them, which a formula must not read. */
function chainOf(row: Field): { chain: Header[]; tip: number } {
  const tip = row.get("tipHeight").height();
  const headers = row.get("headers").items();
  const chain: Header[] = [];
  for (const [i, header] of headers.entries()) {
    chain[tip - headers.length + 1 + i] = { time: header.at(0).u32(), bits: bitsOf(header.at(1)) };
  }
  return { chain, tip };
}

function checkPowNextBits(row: Field): Outcome {
  const { chain, tip } = chainOf(row);
  const time = row.find("newBlockTime")?.u32();
  return agreeOnBits(row, "bits", modelPowNextBits(chain, tip, time, networkOf(row)));
}

function checkPonNextBits(row: Field): Outcome {
  const { chain, tip } = chainOf(row);
  return agreeOnBits(row, "bits", modelPonNextBits(chain, tip, networkOf(row)));
}

function checkMedianTime(row: Field): Outcome {
  const times = row.get("times").items();
  const chain = times.map((time) => ({ time: time.u32(), bits: 0 }));
  return agree({ median: row.get("median").u32() }, { median: modelMedianTime(chain, chain.length - 1) });
}

function meetsTarget(hash: bigint, bits: number, easiest: string, { checkProofTargets }: Params): boolean {
  if (!checkProofTargets) return true;
  const { target, negative, overflow } = decodeBits(bits);
  return !negative && !overflow && target > 0n && target <= BigInt(`0x${easiest}`) && hash <= target;
}

function checkWork(row: Field): Outcome {
  const params = networkOf(row);
  const valid = meetsTarget(numberAt(row, "hash"), bitsAt(row, "bits"), params.pow.limit, params);
  return agree({ valid: row.get("valid").flag() }, { valid });
}

/** Height 0 stands for one that is not known: the easier limit counts. */
function checkNode(row: Field): Outcome {
  const params = networkOf(row);
  const { limit, startLimit, difficultyWindow } = params.pon;
  const height = row.get("height").height();
  const settled = height >= params.upgrades.pon.height + difficultyWindow;
  const easier = limit > startLimit ? limit : startLimit; // hex of the same length
  const easiest = height === 0 ? easier : settled ? limit : startLimit;
  const valid = meetsTarget(numberAt(row, "ponHash"), bitsAt(row, "bits"), easiest, params);
  return agree({ valid: row.get("valid").flag() }, { valid });
}

const bytesInOrder = (text: string): string => text.match(/../g)!.reverse().join("");

function checkOrder(row: Field): Outcome {
  const [a, b] = [row.get("a").text(), row.get("b").text()];
  return agree(
    {
      aBeforeB: row.get("aBeforeB").flag(),
      aNumericallySmaller: row.find("aNumericallySmaller")?.flag(),
    },
    {
      aBeforeB: bytesInOrder(a) < bytesInOrder(b),
      aNumericallySmaller: numberAt(row, "a") < numberAt(row, "b"),
    },
  );
}

/** Every case of difficulty.json that has numbers, by bigint. */
export const bigintCases = (root: Field): Case[] =>
  groupCases(
    root,
    {
      compactDecode: checkDecode,
      compactEncode: (row) => agreeOnBits(row, "compact", encodeBits(numberAt(row, "target"))),
      blockProof: checkBlockProof,
      chainWork: checkChainWork,
      digishield: checkDigishield,
      powNextBits: checkPowNextBits,
      ponNextBits: checkPonNextBits,
      medianTimePast: checkMedianTime,
      checkProofOfWork: checkWork,
      checkProofOfNode: checkNode,
      ponHashOrder: checkOrder,
    },
    WITHOUT_NUMBERS,
  );
