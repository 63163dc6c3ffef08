import { assert } from "../util/assert.ts";
import type { BlockRequest } from "./peer.ts";

/**
 * A node's blocks on their way, by row. A node that follows its peers waits for one at a time, thousands of nodes do so, and a map
 * makes a new table after every few of those: so a block that is alone has a field.
 */
export class OpenRequests {
  /** The only one, while the map is empty. */
  #only: BlockRequest | undefined;
  #more: Map<number, BlockRequest> | undefined;

  constructor() {
    this.#only = undefined;
    this.#more = undefined;
  }

  get size(): number {
    return this.#only === undefined ? (this.#more?.size ?? 0) : 1;
  }

  get(row: number): BlockRequest | undefined {
    return this.#only?.row === row ? this.#only : this.#more?.get(row);
  }

  has(row: number): boolean {
    return this.get(row) !== undefined;
  }

  add(request: BlockRequest): void {
    assert(!this.has(request.row), "a block is asked for once at a time");
    if (this.size === 0) {
      this.#only = request;
      return;
    }
    this.#more ??= new Map();
    if (this.#only !== undefined) this.#more.set(this.#only.row, this.#only);
    this.#only = undefined;
    this.#more.set(request.row, request);
  }

  delete(row: number): void {
    if (this.#only?.row === row) this.#only = undefined;
    else this.#more?.delete(row);
  }
}
