import { InputError } from "../commandLine.ts";
import { FormatError } from "../field.ts";
import { parseJson, parseJsonLines } from "../json.ts";
import { readText } from "../readInput.ts";
import type { Case, Kind, Outcome, Verdict } from "./kind.ts";

/** A case that did not pass. */
export interface Failure {
  readonly case: string;
  readonly expected: string;
  readonly got: string;
}

export interface FileResult {
  readonly file: string;
  readonly kind: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Cases that can neither pass nor fail. */
  readonly undecided: readonly Failure[];
  /** The file that refers to this one, if it was not asked for. */
  readonly neededBy?: string | undefined;
}

/**
 * Checks every case of one file. `kinds`: by which formats; each that recognises the file is applied if there are several.
 * @throws InputError if the file cannot be read, is not of the format, or has no case: a check that checks nothing fails.
 */
export function checkFile(file: string, kinds: readonly Kind[], expect?: Verdict): FileResult[] {
  const text = readText(file);
  const root = file.endsWith(".jsonl") ? parseJsonLines(text, file) : parseJson(text, file);
  const [only, ...others] = kinds;
  const chosen =
    only !== undefined && others.length === 0 ? [only] : kinds.filter((kind) => kind.recognises(root));
  if (chosen.length === 0)
    throw new InputError(`${file}: of none of the formats ${kinds.map(({ name }) => name).join(", ")}`);
  return chosen.map((kind) => {
    try {
      return checkAs(kind, { name: file, root, expect });
    } catch (error) {
      if (error instanceof InputError)
        throw new InputError(`${file}: as ${kind.name}: ${error.message}`, { cause: error });
      throw error;
    }
  });
}

const checkAs = (kind: Kind, file: Parameters<Kind["cases"]>[0]): FileResult =>
  checkCases(file.name, kind.name, kind.cases(file));

/**
 * The outcomes of a file's cases, in their order. `told` hears of each that is done.
 * @throws FormatError if there is none.
 */
export function checkCases(
  file: string,
  kind: string,
  cases: Iterable<Case>,
  told?: (done: number) => void,
): FileResult {
  let passed = 0;
  const failures: Failure[] = [];
  const undecided: Failure[] = [];
  for (const each of cases) {
    const outcome = outcomeOf(each);
    const { expected, got } = outcome;
    if (outcome.passed) passed++;
    else (outcome.undecided ? undecided : failures).push({ case: each.name, expected, got });
    told?.(passed + failures.length + undecided.length);
  }
  if (passed + failures.length + undecided.length === 0) throw new FormatError("", "cases", "none");
  return { file, kind, passed, failures, undecided };
}

/** A row that is not of the format is a failed case, not the end of the check. */
function outcomeOf(each: Case): Outcome {
  try {
    return each.check();
  } catch (error) {
    if (error instanceof InputError) {
      return { passed: false, expected: "a row of the format", got: `an error: ${error.message}` };
    }
    throw error;
  }
}
