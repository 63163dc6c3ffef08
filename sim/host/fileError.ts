import { InputError } from "@fluxlab/core/command-line";
import { describeProblem, type Problem } from "@fluxlab/sim/scenario";

/** More would not fit on a screen. */
const PROBLEMS_SHOWN = 12;

/** What is wrong with a file, a line a problem, as an {@link InputError}. */
export function fileError(file: string, problems: readonly Problem[], cause?: unknown): InputError {
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map((problem) => `  ${place(problem)}${describeProblem(problem)}`);
  const left = problems.length - shown.length;
  if (left > 0) shown.push(`  … and ${left} more`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new InputError(`${file}: ${count}\n${shown.join("\n")}`, { cause });
}

const place = (problem: Problem): string =>
  "line" in problem && "column" in problem ? `${problem.line}:${problem.column}  ` : "";
