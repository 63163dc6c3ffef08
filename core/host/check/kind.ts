import { type Field, FormatError } from "../field.ts";
import { type Json, jsonText } from "../json.ts";

/** Which way a file of cases goes where its rows do not say. */
export type Verdict = "valid" | "invalid";

/** A file to check. */
export interface VectorFile {
  readonly name: string;
  readonly root: Field;
  /** What the person says about it; undefined: its name decides. */
  readonly expect: Verdict | undefined;
}

/** What checking one case came to; `expected` and `got` are for people and equal where it passed. */
export interface Outcome {
  readonly passed: boolean;
  readonly expected: string;
  readonly got: string;
  /** Not passed, and not failed either: `got` is why it cannot be told. */
  readonly undecided?: true;
}

/** One row of a file. */
export interface Case {
  readonly name: string;
  /** @throws InputError if the row is not of the format, which counts as a failure of this case. */
  check(): Outcome;
}

/** A format of files. */
export interface Kind {
  readonly name: string;
  /** What its files hold, for people. */
  readonly about: string;
  /** Whether a file looks like one of these, by its outermost shape. */
  recognises(root: Field): boolean;
  /** @throws InputError if the file as a whole is not of the format. */
  cases(file: VectorFile): Iterable<Case>;
}

/** An outcome of a case that hangs on something this project does not verify. */
export const cannotTell = (expected: string, why: string): Outcome => ({
  passed: false,
  expected,
  got: `cannot tell: ${why}`,
  undecided: true,
});

/** An outcome of one value. */
export const same = (expected: string, got: string): Outcome => ({ passed: expected === got, expected, got });

/**
 * Compares what a row says with what was computed, key by key, and tells the keys that differ. A key for which the row has
 * undefined says nothing; at least one must say something.
 */
export function agree(
  expected: Readonly<Record<string, Json | undefined>>,
  got: Readonly<Record<string, Json | undefined>>,
): Outcome {
  const said = Object.keys(expected).filter((key) => expected[key] !== undefined);
  const differing = said.filter((key) => text(expected[key]) !== text(got[key]));
  const list = (values: typeof expected): string =>
    differing.map((key) => `${key} ${text(values[key])}`).join(", ");
  return { passed: said.length > 0 && differing.length === 0, expected: list(expected), got: list(got) };
}

const text = (value: Json | undefined): string => (value === undefined ? "nothing" : jsonText(value));

/** Rows of a list, without comments: lists of exactly one text. */
export const testRows = (root: Field): Field[] =>
  root
    .items()
    .filter((row) => !(row.isList() && row.items().length === 1 && typeof row.at(0).value === "string"));

/** A case named by its row's place, and its own name if it has one. */
export function rowCase(row: Field, check: (row: Field) => Outcome): Case {
  const own = row.isObject() ? row.find("name")?.value : undefined;
  return { name: typeof own === "string" ? `${row.path} ${own}` : row.path, check: () => check(row) };
}

/**
 * Cases of a file that is an object of named lists. Lists and objects of other names are an error, so that nothing is passed
 * over in silence; `aside` names those that hold no cases of this kind. Numbers and texts only describe the file.
 */
export function groupCases(
  root: Field,
  checks: Readonly<Record<string, (row: Field) => Outcome>>,
  aside: readonly string[] = [],
): Case[] {
  return root.keys().flatMap((key) => {
    const group = root.get(key);
    if (aside.includes(key) || !(group.isList() || group.isObject())) return [];
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) {
      throw new FormatError(
        root.path,
        `groups called ${Object.keys(checks).join(", ")}`,
        `one called "${key}"`,
      );
    }
    return group.items().map((row) => rowCase(row, check));
  });
}

/** Whether a file is an object with a list under one of these names. */
export const hasGroup = (root: Field, names: readonly string[]): boolean =>
  root.isObject() && names.some((name) => root.find(name)?.isList() === true);

/** By what the person says, else by the file's name. @throws FormatError if neither tells. */
export function verdictOf({ name, expect }: VectorFile): Verdict {
  if (expect !== undefined) return expect;
  const base = name.split(/[/\\]/).at(-1) ?? "";
  if (/invalid/i.test(base)) return "invalid";
  if (/valid/i.test(base)) return "valid";
  throw new FormatError("", 'a name with "valid" or "invalid" in it, or --expect', `"${base}"`);
}

/** Whether something that was refused for a reason, or not at all, went the way it should. */
export const judged = (verdict: Verdict, refusal: string | undefined): Outcome => ({
  passed: (verdict === "valid") === (refusal === undefined),
  expected: verdict,
  got: refusal === undefined ? "valid" : `invalid (${refusal})`,
});
