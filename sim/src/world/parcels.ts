import type { Message } from "@fluxlab/core";
import type { LinkId } from "../net/links.ts";

const NONE = -1;

// Words of a row.
const ROW_WORDS = 4;
const LINK = 0;
const BYTES = 1;
const ANNOUNCED = 2;
/** The next free row. */
const NEXT = 3;

/** Messages under way, a row each until they are delivered; an event carries the row's number. */
export class Parcels {
  /** Of the parcel that was opened last; undefined: what arrives is no message any more. */
  message: Message | undefined;
  command: Message["command"] = "verack";
  link: LinkId = 0;
  /** Row of the header that the message announces, or -1. */
  announced = NONE;

  readonly #messages: (Message | undefined)[] = [];
  readonly #readable: boolean[] = [];
  #words = new Int32Array(256 * ROW_WORDS);
  #free = NONE;

  put(message: Message, link: LinkId, bytes: number, announced: number, readable: boolean): number {
    const row = this.#free === NONE ? this.#messages.length : this.#free;
    const at = row * ROW_WORDS;
    if (row === this.#free) this.#free = this.#words[at + NEXT]!;
    else if (at === this.#words.length) this.#grow();
    this.#messages[row] = message;
    this.#readable[row] = readable;
    this.#words[at + LINK] = link;
    this.#words[at + BYTES] = bytes;
    this.#words[at + ANNOUNCED] = announced;
    return row;
  }

  bytes(row: number): number {
    return this.#words[row * ROW_WORDS + BYTES]!;
  }

  /** Shows what is in a parcel and takes its row back. */
  open(row: number): void {
    const words = this.#words;
    const at = row * ROW_WORDS;
    const message = this.#messages[row]!;
    const readable = this.#readable[row]!;
    this.#messages[row] = undefined;
    this.message = readable ? message : undefined;
    this.command = message.command;
    this.link = words[at + LINK]!;
    this.announced = readable ? words[at + ANNOUNCED]! : NONE;
    words[at + NEXT] = this.#free;
    this.#free = row;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }
}
