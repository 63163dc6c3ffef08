import type { Message } from "@fluxlab/core";
import type { LinkId } from "../net/links.ts";

const NONE = -1;

/** Messages under way, a row each until they are delivered; an event carries the row's number. */
export class Parcels {
  /** Undefined: what arrives is no message any more. */
  readonly message: (Message | undefined)[] = [];
  readonly command: Message["command"][] = [];
  readonly link: LinkId[] = [];
  readonly bytes: number[] = [];
  readonly #next: number[] = [];
  #free = NONE;

  put(message: Message, link: LinkId, bytes: number, readable: boolean): number {
    const row = this.#free === NONE ? this.message.length : this.#free;
    if (row === this.#free) this.#free = this.#next[row]!;
    this.message[row] = readable ? message : undefined;
    this.command[row] = message.command;
    this.link[row] = link;
    this.bytes[row] = bytes;
    this.#next[row] = NONE;
    return row;
  }

  remove(row: number): void {
    this.message[row] = undefined;
    this.#next[row] = this.#free;
    this.#free = row;
  }
}
