import {
  type Block,
  type BlockOutcome,
  type ParseError,
  parse,
  readBlock,
  type Violation,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";
import { jsonText } from "../../json.ts";
import { type KnownBefore, NO_REASON, submitAnswer } from "../../submitAnswer.ts";
import { recordedBytes } from "../recordedBlock.ts";

// fluxd's submitblock, which all recordings of blocks went through.

/** What a block's row gives submitblock: what follows the block is not looked at. Source: fluxd DecodeHexBlk. */
export const submittedBlock = (row: Field): Block | ParseError => parse(recordedBytes(row), readBlock);

/** Rules that fluxd asks in threads if it has several, which then say no more than "no". */
const SCRIPT_RULES: ReadonlySet<Violation["rule"]> = new Set([
  "mandatory-script-verify-flag-failed",
  "non-mandatory-script-verify-flag",
]);

/** The answer as the recording daemon would have put it, given the one it gave. */
export const answerLike = (
  recorded: string | null,
  result: BlockOutcome,
  before?: KnownBefore,
): string | null =>
  recorded === NO_REASON && result.outcome === "invalid" && SCRIPT_RULES.has(result.violation.rule)
    ? NO_REASON
    : submitAnswer(result, before);

/** The answer with what explains it, for people. */
export function explainAnswer(result: BlockOutcome, before?: KnownBefore): string {
  const answer = `${submitAnswer(result, before)}`;
  if (result.outcome === "active") return `${answer} (the new tip)`;
  if (result.outcome === "unknownParent") return `${answer} (its parent is not known)`;
  if (result.outcome === "invalidParent") return `${answer} (its parent is not valid)`;
  if (result.outcome !== "invalid") return answer;
  const { rule, facts } = result.violation;
  const name = answer.startsWith(rule) ? "" : `${rule} `;
  return `${answer} (${name}${jsonText(facts)})`;
}

/** Why a block has no verdict. */
export const unverifiedText = ({ unverified }: Extract<BlockOutcome, { outcome: "cannotTell" }>): string =>
  `it needs a proof that is not verified here (${unverified})`;

/** Whether it is known to break a rule, or to stand on what does. */
export const isRefusal = ({ outcome }: BlockOutcome): boolean =>
  outcome === "invalid" || outcome === "invalidParent" || outcome === "knownInvalid";
