import { InputError } from "../commandLine.ts";
import { FormatError } from "../field.ts";
import { parseJson, parseJsonLines } from "../json.ts";
import { readText } from "../readInput.ts";
import type { Case, Kind, Outcome, Verdict } from "./kind.ts";

interface Failure {
  readonly case: string;
  readonly expected: string;
  readonly got: string;
}

export interface FileResult {
  readonly file: string;
  readonly kind: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
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

function checkAs(kind: Kind, file: Parameters<Kind["cases"]>[0]): FileResult {
  let passed = 0;
  const failures: Failure[] = [];
  for (const each of kind.cases(file)) {
    const outcome = outcomeOf(each);
    if (outcome.passed) passed++;
    else failures.push({ case: each.name, expected: outcome.expected, got: outcome.got });
  }
  if (passed + failures.length === 0) throw new FormatError("", "cases", "none");
  return { file: file.name, kind: kind.name, passed, failures };
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
