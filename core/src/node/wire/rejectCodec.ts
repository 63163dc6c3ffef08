import type { Reader } from "../../bytes/reader.ts";
import type { Writer } from "../../bytes/writer.ts";
import type { BlockHash } from "../../primitives/ids.ts";
import type { Message } from "../messages.ts";
import { readText, writeText } from "./byteText.ts";
import { MAX_COMMAND_CHARACTERS } from "./frame.ts";

type Reject = Extract<Message, { command: "reject" }>;

/** Source: fluxd src/main.h MAX_REJECT_MESSAGE_LENGTH. */
export const MAX_REJECT_REASON_BYTES = 111;

/** Which refusals name what they refused. */
const namesHash = (message: string): boolean => message === "tx" || message === "block";

/** A hash that should be there and is not is left out: nothing but a log looks at it. */
export function readReject(reader: Reader): Reject {
  const message = readText(reader, MAX_COMMAND_CHARACTERS, "message");
  const code = reader.u8("code");
  const reason = readText(reader, MAX_REJECT_REASON_BYTES, "reason");
  const hashed = namesHash(message) && reader.remaining >= 32;
  const hash = hashed ? (reader.bytes(32, "hash") as BlockHash) : undefined;
  return { command: "reject", message, code, reason, hash };
}

/** The reverse of {@link readReject}; a longer reason is cut. */
export function writeReject(writer: Writer, { message, code, reason, hash }: Reject): void {
  writeText(writer, message);
  writer.u8(code);
  writeText(writer, reason.slice(0, MAX_REJECT_REASON_BYTES));
  if (hash !== undefined) writer.bytes(hash);
}
