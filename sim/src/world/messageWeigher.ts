import { FRAME_HEADER_BYTES, type HeaderTree, type Message, payloadBytes } from "@fluxlab/core";

/** How many bytes messages have on the wire. One object goes to many peers and is written once. */
export class MessageWeigher {
  readonly #known = new WeakMap<Message, number>();
  readonly #tree: HeaderTree;
  #last: Message | undefined;
  #lastBytes = 0;
  #lastHeader = -1;

  constructor(tree: HeaderTree) {
    this.#tree = tree;
  }

  /** Of the frame: header and payload. */
  bytes(message: Message): number {
    if (message === this.#last) return this.#lastBytes;
    let bytes = this.#known.get(message);
    if (bytes === undefined) {
      bytes = FRAME_HEADER_BYTES + payloadBytes(message).length;
      this.#known.set(message, bytes);
    }
    this.#last = message;
    this.#lastBytes = bytes;
    this.#lastHeader =
      message.command === "headers" && message.headers.length === 1
        ? this.#tree.rowOf(message.headers[0]!)
        : -1;
    return bytes;
  }

  /** Row of the one header that the message weighed last consists of, or -1. */
  get announced(): number {
    return this.#lastHeader;
  }
}
