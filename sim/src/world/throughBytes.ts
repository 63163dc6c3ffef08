import { assert, type Message, ParseError, payloadBytes, readPayload } from "@fluxlab/core";

/** What a message is after it was written to bytes and read again. */
export function throughBytes(message: Message): Message {
  const read = readPayload(message.command, payloadBytes(message));
  assert(read !== undefined && !(read instanceof ParseError), `a node can read its own ${message.command}`);
  return read;
}
