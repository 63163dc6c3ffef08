import { isMap, isPair, isSeq, LineCounter, type Node, parseDocument, stringify } from "yaml";
import { type AnyScenario, decodeAnyScenario } from "./anyScenario.ts";
import { InvalidInput, type Problem } from "./problems.ts";

/** A {@link Problem} with its place in the text, both counted from 1. */
export interface PlacedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

/** A scenario's text that cannot be used. */
export class InvalidScenarioText extends InvalidInput {
  declare readonly problems: readonly PlacedProblem[];
}

/**
 * Reads a scenario from YAML (or JSON, which is YAML).
 * @throws InvalidScenarioText with the line of every problem.
 */
export const parseScenario = (text: string): AnyScenario => parseYaml("scenario", text, decodeAnyScenario);

/**
 * Reads data of any kind from YAML; `what` names the kind, and `decodeData` throws {@link InvalidInput} for data that is not of it.
 * @throws InvalidScenarioText with the line of every problem.
 */
export function parseYaml<T>(what: string, text: string, decodeData: (data: unknown) => T): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [first] = document.errors; // what follows it is usually its consequence
  if (first !== undefined) {
    const { line, col } = lines.linePos(first.pos[0]);
    const problem = { path: [], expected: "YAML", got: first.message, line, column: col };
    throw new InvalidScenarioText(what, [problem]);
  }
  try {
    return decodeData(document.toJS());
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidScenarioText(what, placeProblems(error.problems, document.contents, lines));
  }
}

/** Adds lines to problems found after parsing, such as those only the network can tell. */
export function placeInText(problems: readonly Problem[], text: string): PlacedProblem[] {
  const lines = new LineCounter();
  return placeProblems(problems, parseDocument(text, { lineCounter: lines }).contents, lines);
}

/** A value as a scenario file has it: 5 is a number, "3 s" a text, [1, 2] a list; what is no YAML is the text itself. */
export function parseValue(text: string): unknown {
  const document = parseDocument(text);
  return document.errors.length > 0 ? text : document.toJS();
}

/** The scenario as YAML that reads back equal. */
export const formatScenario = (scenario: AnyScenario): string => stringify(scenario, { lineWidth: 110 });

/**
 * The text with another value at `path`, or without one if it is undefined; comments and order stay. Text that is no YAML stays as
 * it is.
 */
export function editScenarioText(
  text: string,
  path: readonly string[],
  value: string | number | undefined,
): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  return document.toString({ lineWidth: 110 });
}

function placeProblems(problems: readonly Problem[], root: unknown, lines: LineCounter): PlacedProblem[] {
  const placed = problems.map((problem) => {
    const { line, col } = lines.linePos(offsetOf(root, problem.path));
    return { ...problem, line: Math.max(line, 1), column: Math.max(col, 1) };
  });
  return placed.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Where the node at `path` begins, or the deepest that exists on the way to it. */
function offsetOf(root: unknown, path: Problem["path"]): number {
  let node = root;
  let offset = startOf(node);
  for (const key of path) {
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && String(item.key) === key)
      : undefined;
    const next = isSeq(node) ? node.items[Number(key)] : pair?.value;
    if (pair !== undefined) offset = startOf(pair.key);
    else if (next !== undefined) offset = startOf(next);
    else return offset;
    node = next;
  }
  return offset;
}

const startOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
