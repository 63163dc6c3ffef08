import { InputError } from "../../commandLine.ts";
import type { Field } from "../../field.ts";
import { parseEachLine, parseJson } from "../../json.ts";
import { readText } from "../../readInput.ts";
import { FORMATS, type Format } from "./formats.ts";

/** A file that was read, and the format it is of. */
export interface Recording {
  readonly file: string;
  readonly format: Format;
  readonly rows: readonly Field[];
  /** The file that made us look for this one; undefined if it was asked for. */
  readonly neededBy: string | undefined;
}

/** One value a line: by its name, or because its first line is a whole object and more follow. */
const isLines = (file: string, text: string): boolean =>
  file.endsWith(".jsonl") || /^\s*\{.*\}[^\S\n]*\n\s*\{/.test(text);

/** Reads a file and finds out what it is. @throws InputError naming the file and the line */
export function readRecording(file: string, neededBy?: string): Recording {
  const text = readText(file);
  const rows = isLines(file, text) ? parseEachLine(text, file) : rowsOf(parseJson(text, file));
  const format = FORMATS.find((each) => each.recognises(rows));
  if (format === undefined) throw new InputError(`${file}: ${whyUnknown(rows)}`);
  return { file, format, rows, neededBy };
}

const rowsOf = (root: Field): readonly Field[] => (root.isList() ? root.items() : [root]);

/** What looks like something else is called that. */
function whyUnknown(rows: readonly Field[]): string {
  const [first] = rows;
  if (first === undefined) return "there is nothing in it";
  if (!first.isObject()) return "expected objects; see --help for the formats of recordings";
  if (first.find("networkId") !== undefined)
    return "this is a network file: give it as --params, and recordings as files";
  const formats = FORMATS.map(({ name }) => name).join(", ");
  return `of none of the formats ${formats}; it begins with ${first.keys().join(", ") || "an empty object"}`;
}
