import { type BlockOutcome, blockHash, contentId, dosScore, ParseError, toDisplayHex } from "@fluxlab/core";
import type { Field } from "../../field.ts";
import { agree, cannotTell, type Outcome, same } from "../kind.ts";
import { wasUnreadable } from "../recordedBlock.ts";
import { type RecordedChains, tipOf } from "./recordedChains.ts";
import { answerLike, explainAnswer, isRefusal, submittedBlock, unverifiedText } from "./submitBlock.ts";

// Blocks that the daemon refused, each given to a node whose tip is its parent.

const REFUSED = "refused";
/** Answers without another look. */
const DUPLICATE = /^duplicate(?:-invalid)?$/;

/** Cases in the order in which the daemon got them. */
export class InvalidBlocks {
  readonly #chains: RecordedChains;
  /** Why a content was refused first. */
  readonly #reasons: Map<string, string | null>;

  constructor(chains: RecordedChains) {
    this.#chains = chains;
    this.#reasons = new Map();
  }

  /** Checks the next case. @throws FormatError */
  check(row: Field): Outcome {
    const block = submittedBlock(row);
    if (wasUnreadable(row)) return same("unreadable", block instanceof ParseError ? "unreadable" : "a block");
    if (block instanceof ParseError) return same("a block", `${block}`);
    const parent = row.get("prevHash");
    const node = this.#chains.nodeAt(parent);
    const hash = toDisplayHex(blockHash(block.header));
    const height = node.tipHeight + 1;
    const { result } = node.acceptBlock(block, row.get("mockTime").u32());
    const said = {
      hash: toDisplayHex(row.get("hash").hash()),
      height: row.get("height").height(),
      tip: toDisplayHex(parent.hash()),
    };
    const found = { hash, height, tip: tipOf(node) };
    if (result.outcome === "cannotTell") {
      const stated = agree(said, found);
      return stated.passed ? cannotTell(`${recordedAnswer(row)}`, unverifiedText(result)) : stated;
    }
    const verdict = this.#verdict(row, toDisplayHex(contentId(block)), result);
    return agree(
      { ...said, verdict: verdict.expected, score: row.find("score")?.i32() },
      { ...found, verdict: verdict.got, score: scoreOf(result) },
    );
  }

  /**
   * Fluxd answers "duplicate" without another look where it refused the same hash before: the reason is the one of then if it
   * was the same content too. It has no answer at all for a block that it can neither connect nor call invalid. What has no
   * reason is refused for any.
   */
  #verdict(
    row: Field,
    content: string,
    result: BlockOutcome,
  ): { readonly expected: string; readonly got: string } {
    const recorded = recordedAnswer(row);
    const repeated = recorded !== null && DUPLICATE.test(recorded);
    const reason = repeated ? (this.#reasons.get(content) ?? null) : recorded;
    this.#reasons.set(content, reason);
    if (reason === null)
      return { expected: REFUSED, got: isRefusal(result) ? REFUSED : explainAnswer(result) };
    return { expected: reason, got: answerLike(reason, result) === reason ? reason : explainAnswer(result) };
  }
}

/** Points of a peer that sent the block to a node that is not catching up. */
const scoreOf = (result: BlockOutcome): number | undefined =>
  result.outcome === "invalid"
    ? dosScore(result.violation, { judging: "block", catchingUp: false })
    : undefined;

function recordedAnswer(row: Field): string | null {
  const result = row.get("result");
  return result.value === null ? null : result.text();
}
