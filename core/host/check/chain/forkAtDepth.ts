import { blockHash, ParseError, toDisplayHex } from "@fluxlab/core";
import type { Field } from "../../field.ts";
import { agree, cannotTell, type Outcome, same } from "../kind.ts";
import { type RecordedChains, tipOf } from "./recordedChains.ts";
import { answerLike, explainAnswer, submittedBlock, unverifiedText } from "./submitBlock.ts";

/** One block given to a node whose tip is some way above the block's parent. @throws FormatError */
export function checkForkAtDepth(row: Field, chains: RecordedChains): Outcome {
  const block = submittedBlock(row);
  if (block instanceof ParseError) return same("a block", `${block}`);
  const node = chains.nodeAt(row.get("tipHash"));
  const tipHeight = node.tipHeight;
  const time = row.find("mockTime")?.u32() ?? block.header.time;
  const { result } = node.acceptBlock(block, time);
  const recorded = row.get("result").value === null ? null : row.get("result").text();
  if (result.outcome === "cannotTell") return cannotTell(`${recorded}`, unverifiedText(result));
  const answer = answerLike(recorded, result);
  const parent = chains.connectedRow(row.get("forkHash"));
  const { tree } = chains.sharedFor(row);
  return agree(
    {
      hash: toDisplayHex(row.get("hash").hash()),
      forkHash: toDisplayHex(row.get("forkHash").hash()),
      forkHeight: row.find("forkHeight")?.height(),
      tipHeight: row.find("tipHeight")?.height(),
      depth: row.find("depth")?.height(),
      answer: recorded,
      tip: toDisplayHex(row.get("tip").hash()),
    },
    {
      hash: toDisplayHex(blockHash(block.header)),
      forkHash: toDisplayHex(block.header.previousHash),
      forkHeight: tree.height(parent),
      tipHeight,
      depth: tipHeight - tree.height(parent),
      answer: answer === recorded ? answer : explainAnswer(result),
      tip: tipOf(node),
    },
  );
}
