import { ABSENT, type BlockOutcome, type ChainView, ParseError, toDisplayHex } from "@fluxlab/core";
import type { Field } from "../../field.ts";
import { type KnownBefore, knownBefore } from "../../submitAnswer.ts";
import { agree, cannotTell, type Outcome, same } from "../kind.ts";
import { foundState, saidState } from "./fluxnodeLists.ts";
import { type RecordedChains, tipOf } from "./recordedChains.ts";
import { answerLike, explainAnswer, isRefusal, submittedBlock, unverifiedText } from "./submitBlock.ts";

// One node that is given blocks and calls one after the other.

const CALLS = { invalidateblock: "invalidateblock", reconsiderblock: "reconsiderblock" } as const;

/** A block that is submitted, or a call about the block of that hash. */
type Action = { readonly submit: Field } | { readonly call: keyof typeof CALLS; readonly hash: Field };

/** What a node is given, and the row that says what the daemon made of it. */
export interface Step {
  readonly row: Field;
  readonly action: Action;
}

/** Reads {block, …}, or {call, …} with the call as [method, hash] or "method block". @throws FormatError */
export function readStep(row: Field, blocks: Field | undefined): Step {
  const call = row.find("call");
  if (call === undefined) return { row, action: { submit: namedBlock(row.get("block"), blocks) } };
  if (call.isList()) return { row, action: { call: call.at(0).oneOf(CALLS), hash: call.at(1) } };
  const [method = "", name = ""] = call.text().split(" ");
  const block = blocks?.find(name);
  if (block === undefined || !Object.hasOwn(CALLS, method))
    return call.fail(`"${Object.keys(CALLS).join('" or "')}", a space and the name of a block`);
  return { row, action: { call: method as keyof typeof CALLS, hash: block.get("hash") } };
}

/** The block whose name a field holds. @throws FormatError */
export const namedBlock = (name: Field, blocks: Field | undefined): Field =>
  blocks?.find(name.text()) ?? name.fail('the name of one of "blocks"');

const tipSaid = ({ row }: Step): string => toDisplayHex(row.get("tip").hash());

const answerSaid = ({ row }: Step): string | null => {
  const result = row.get("result");
  return result.value === null ? null : result.text();
};

const isTip = (block: Field, step: Step): boolean => toDisplayHex(block.get("hash").hash()) === tipSaid(step);

/** Whether the daemon took a block that it then could not connect: it stays at its tip and says nothing. */
export const isStuck = (step: Step): boolean =>
  "submit" in step.action && answerSaid(step) === null && !isTip(step.action.submit, step);

/** What became of a block, and what the node thought of its hash before. */
interface Submitted {
  readonly result: BlockOutcome;
  readonly before: KnownBefore;
}

const REFUSED = "refused";

/** A node and the steps it takes. */
export class NodeRun {
  readonly #chains: RecordedChains;
  readonly #start: () => ChainView;
  readonly #time: number | undefined;
  #started: ChainView | undefined;
  /** Why the node may not follow the daemon, once a block could not be judged. */
  #undecided: string | undefined;

  /** `start`: the node, asked for once it is needed; `time`: its clock, Unix seconds, by default that of each block. */
  constructor(chains: RecordedChains, start: () => ChainView, time: number | undefined) {
    this.#chains = chains;
    this.#start = start;
    this.#time = time;
  }

  get #node(): ChainView {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Does the next step and holds it against what the daemon did. @throws FormatError */
  check(step: Step): Outcome {
    const { action } = step;
    const outcome = "submit" in action ? this.#checkSubmit(step, action.submit) : this.#checkCall(step);
    return this.#unlessUndecided(outcome);
  }

  /** Does a step of which nothing is compared. @throws FormatError */
  do({ action }: Step): void {
    if ("submit" in action) this.#submit(action.submit);
    else this.#call(action.call, action.hash);
  }

  /** Holds the tip against every field. @throws FormatError */
  checkTip(tips: readonly Field[]): Outcome {
    const said = tips.map((tip) => [tip.path, toDisplayHex(tip.hash())]);
    const found = tips.map((tip) => [tip.path, tipOf(this.#node)]);
    return this.#unlessUndecided(agree(Object.fromEntries(said), Object.fromEntries(found)));
  }

  #submit(row: Field): Submitted | ParseError {
    const block = submittedBlock(row);
    if (block instanceof ParseError) return block;
    const before = knownBefore(this.#node, block.header);
    const { result } = this.#node.acceptBlock(block, this.#time ?? block.header.time);
    if (result.outcome === "cannotTell") this.#undecided = unverifiedText(result);
    return { result, before };
  }

  #checkSubmit(step: Step, row: Field): Outcome {
    const submitted = this.#submit(row);
    if (submitted instanceof ParseError) return same("a block", `${submitted}`);
    const { result, before } = submitted;
    const tip = tipOf(this.#node);
    if (isStuck(step)) {
      const answer = isRefusal(result) ? REFUSED : explainAnswer(result, before);
      return agree({ answer: REFUSED, tip: tipSaid(step) }, { answer, tip });
    }
    const recorded = answerSaid(step);
    const answer = answerLike(recorded, result, before);
    return agree(
      { answer: recorded, tip: tipSaid(step) },
      { answer: answer === recorded ? answer : explainAnswer(result, before), tip },
    );
  }

  #call(method: keyof typeof CALLS, hash: Field): void {
    const row = this.#chains.sharedFor(hash).tree.find(hash.hash());
    if (row === ABSENT) hash.fail("a block that is known");
    if (method === "invalidateblock") this.#node.invalidate(row);
    else this.#node.reconsider(row);
  }

  /** With the state after it, where a replay to that tip is recorded. */
  #checkCall(step: Step): Outcome {
    this.do(step);
    const state = step.row.find("replayState");
    return agree(
      { tip: tipSaid(step), ...(state && saidState(state)) },
      { tip: tipOf(this.#node), ...(state && foundState(this.#node.state())) },
    );
  }

  #unlessUndecided(outcome: Outcome): Outcome {
    if (outcome.passed || this.#undecided === undefined) return outcome;
    return cannotTell(outcome.expected, `${this.#undecided}; without it: ${outcome.got}`);
  }
}
