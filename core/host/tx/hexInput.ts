import { existsSync } from "node:fs";
import { ParseError, parseWhole, parseWireHex, type Reader } from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import { readText } from "../readInput.ts";

/**
 * The bytes that an argument stands for: hex itself, "-" for hex on standard input, or a file with hex in it. White space
 * around and in the hex of a file is skipped. `title` names the argument in errors. @throws InputError
 */
export function hexInput(argument: string, title: string): Uint8Array {
  const isSource = argument === "-" || (!/^[0-9a-fA-F]*$/.test(argument) && existsSync(argument));
  return isSource
    ? hexBytes(readText(argument).replace(/\s+/g, ""), argument === "-" ? "standard input" : argument)
    : hexBytes(argument, title);
}

/** @throws InputError naming the first character that does not belong. */
export function hexBytes(text: string, title: string): Uint8Array {
  const bytes = parseWireHex(text);
  if (bytes !== undefined) return bytes;
  const wrong = text.search(/[^0-9a-fA-F]/);
  if (wrong < 0) throw new InputError(`${title}: expected two hex digits a byte, got ${text.length} digits`);
  throw new InputError(
    `${title}: expected hex or the name of a file, got ${JSON.stringify(text[wrong])} as character ${wrong + 1}`,
  );
}

/** The one object that the bytes are. @throws InputError with the offset and the field that cannot be read. */
export function readWhole<T>(bytes: Uint8Array, read: (reader: Reader) => T, title: string): T {
  const value = parseWhole(bytes, read);
  if (value instanceof ParseError)
    throw new InputError(`${title}: not readable: ${value} (of ${bytes.length})`);
  return value;
}
