/** One thing wrong with data from a person: where, what was expected, what stands there. */
export interface Problem {
  /** Keys and indices from the root of the file; empty is the whole file. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  /** As it stands in the file; undefined: it is missing. */
  readonly got: unknown;
}

/** Data from a person that cannot be used, with everything that is wrong with it. */
export class InvalidInput extends Error {
  readonly problems: readonly Problem[];

  /** `what` names the kind of data: "scenario", "network file". */
  constructor(what: string, problems: readonly Problem[]) {
    super(`invalid ${what}: ${problems.map(describeProblem).join("; ")}`);
    this.name = "InvalidInput";
    this.problems = problems;
  }
}

/** "population.cumulus: expected a whole number, got -5". */
export const describeProblem = ({ path, expected, got }: Problem): string =>
  `${formatPath(path)}: expected ${expected}, ${got === undefined ? "but it is missing" : `got ${show(got)}`}`;

/** "population.cumulus" or "benchmarkKeys[0]"; "(file)" for the root. */
export const formatPath = (path: Problem["path"]): string =>
  path.length === 0
    ? "(file)"
    : path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");

const LONGEST_SHOWN = 60;

/** A value as a person would recognise it, cut short. */
function show(value: unknown): string {
  const text =
    JSON.stringify(value, (_, member) => (typeof member === "bigint" ? `${member}` : member)) ?? "";
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
