import type { CheckerFinding } from "./checkers/checker.ts";
import { labParams } from "./scenario/compileSpread.ts";
import { NetworkRun } from "./spreadRun.ts";
import type { FailingCase } from "./swarm/shrink.ts";

/** What came of one case of the swarm. */
export interface CaseOutcome {
  readonly findings: readonly CheckerFinding[];
  /** SHA-256 (hex) of the run; undefined: it ended in an error. */
  readonly digest: string | undefined;
  /** Simulated. */
  readonly seconds: number;
  readonly events: number;
  readonly blocks: number;
}

/** Seconds of a run between looks at what was found. */
const SLICE = 60;

/** Plays a case to its end, or until a checker has found something. An error of our own code is a finding too. */
export function playCase({ scenario, seed }: FailingCase): CaseOutcome {
  const run = new NetworkRun(scenario, labParams, seed);
  try {
    while (!run.done && run.findings.length === 0) run.advance(SLICE);
  } catch (error) {
    const message = error instanceof Error ? `${error.message}${firstFrame(error)}` : String(error);
    const time = run.stepsDone * 1_000_000;
    const finding = { checker: "no error", message, node: undefined, height: undefined, time };
    return { findings: [finding], digest: undefined, ...run.progress };
  }
  return { findings: run.findings, digest: run.digest(), ...run.progress };
}

/** Where it was thrown, without the place of this checkout. */
function firstFrame({ stack }: Error): string {
  const [, name] = /\n\s+at (?!assert)(\S+)/.exec(stack ?? "") ?? [];
  return name === undefined ? "" : `, in ${name}`;
}
