import { FRAME_HEADER_BYTES, type Message, payloadBytes } from "@fluxlab/core";

/** How many bytes messages have on the wire. One object goes to many peers and is written once. */
export class MessageWeigher {
  readonly #known = new WeakMap<Message, number>();
  #last: Message | undefined;
  #lastBytes = 0;

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
    return bytes;
  }
}
