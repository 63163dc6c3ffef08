import type { Reader } from "../../bytes/reader.ts";
import type { Writer } from "../../bytes/writer.ts";
import { assert } from "../../util/assert.ts";

// Texts on the wire are bytes of no stated encoding. Here a character is a byte, so that none is lost on the way.

/** One character a byte, U+0000 .. U+00FF. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The reverse of {@link textOfBytes}. */
export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    assert(code <= 0xff, `"${text}" has characters that are no bytes`);
    return code;
  });
}

/** A length and so many bytes, `limit` at most. Source: fluxd src/serialize.h LimitedString. */
export function readText(reader: Reader, limit: number, field: string): string {
  const start = reader.offset;
  const bytes = reader.varBytes(field);
  if (bytes.length > limit) reader.fail("sizeTooLarge", field, start);
  return textOfBytes(bytes);
}

/** The reverse of {@link readText}. */
export const writeText = (writer: Writer, text: string): void => writer.varBytes(bytesOfText(text));
