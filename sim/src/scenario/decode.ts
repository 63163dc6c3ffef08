import * as Result from "effect/Result";
import * as Schema from "effect/Schema";
import * as SchemaIssue from "effect/SchemaIssue";
import { InvalidInput, type Problem } from "./problems.ts";

// The bridge from effect's Schema to messages a person can act on.

/** A string for which `accepts` holds; `expected` is what the error message asks for. */
export const text = (expected: string, accepts: (value: string) => boolean = () => true) =>
  Schema.String.annotate({ message: expected }).check(
    Schema.makeFilter((value: string) => accepts(value) || expected),
  );

/** A whole number in [minimum, maximum]. */
export const whole = (expected: string, minimum: number, maximum: number) =>
  Schema.Number.annotate({ message: expected }).check(
    Schema.makeFilter(
      (value: number) => (Number.isInteger(value) && value >= minimum && value <= maximum) || expected,
    ),
  );

/** One of a few words. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Schema.Literals(words).annotate({ message: `one of ${words.map((word) => `"${word}"`).join(", ")}` });

const format = SchemaIssue.makeFormatterStandardSchemaV1();

/**
 * Checks data against a schema, all of it; unknown keys are errors.
 * @throws InvalidInput listing every problem.
 */
export function decode<S extends Schema.ConstraintDecoder<unknown>>(
  what: string,
  schema: S,
  data: unknown,
  knownKeys: (path: Problem["path"]) => readonly string[],
): S["Type"] {
  const decoded = Schema.decodeUnknownResult(schema)(data, { errors: "all", onExcessProperty: "error" });
  if (Result.isSuccess(decoded)) return decoded.success;
  const problems = format(decoded.failure.issue).issues.map(({ path = [], message }) => {
    const keys = path.map((key) => (typeof key === "number" ? key : String(key)));
    return { path: keys, expected: expectation(keys, message, knownKeys), got: valueAt(data, keys) };
  });
  throw new InvalidInput(what, problems);
}

function expectation(
  path: readonly (string | number)[],
  message: string,
  knownKeys: (path: Problem["path"]) => readonly string[],
): string {
  if (message === "Expected no excess property") {
    return `no key of this name; known here: ${knownKeys(path.slice(0, -1)).join(", ")}`;
  }
  if (message === "Missing key") return "a value";
  if (message === "Expected object") return "keys with values";
  return message.replace(/^Expected /, "");
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** The keys a struct schema accepts at a path, read off the schema itself. */
export function keysOf(fields: object, path: Problem["path"]): readonly string[] {
  let at: object | undefined = fields;
  for (const key of path) {
    if (typeof key === "number") continue; // the elements of a list are alike
    at = fieldsOf(at === undefined ? undefined : (at as Record<string, unknown>)[key]);
  }
  return at === undefined ? [] : Object.keys(at);
}

/** The fields of a struct, looking through "optional", lists and through the alternatives of a union. */
function fieldsOf(schema: unknown): object | undefined {
  if (typeof schema !== "object" && typeof schema !== "function") return undefined;
  if (schema === null) return undefined;
  if ("fields" in schema) return schema.fields as object;
  if ("schema" in schema) return fieldsOf(schema.schema);
  if ("value" in schema) return fieldsOf(schema.value);
  if ("members" in schema)
    return (schema.members as unknown[]).map(fieldsOf).find((found) => found !== undefined);
  return undefined;
}
