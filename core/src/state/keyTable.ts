import { assert } from "../util/assert.ts";

/** The answer for a key that is not in the table. */
export const ABSENT = -1;

const MIN_ROWS = 16;

/**
 * Dense row numbers for keys of a fixed number of 32-bit words: callers hang columns off the rows. Open addressing with linear
 * probing, three slots in four full at most; a removed key's row is the next to be used again. Keys are looked up in and added
 * from the start of `key`, so that callers can fill one array over and over.
 */
export class KeyTable {
  /** A key goes in and comes out here. */
  readonly key: Uint32Array;
  readonly #words: number;
  #keys: Uint32Array;
  /** Row + 1, 0 = empty. A power of two long. */
  #slots: Int32Array;
  /** Rows given back, the latest last. */
  readonly #free: number[];
  /** Rows ever given out. */
  #rows: number;
  #size: number;

  constructor(words: number) {
    this.key = new Uint32Array(words);
    this.#words = words;
    this.#keys = new Uint32Array(MIN_ROWS * words);
    this.#slots = new Int32Array(MIN_ROWS * 2);
    this.#free = [];
    this.#rows = 0;
    this.#size = 0;
  }

  /** Keys in the table. */
  get size(): number {
    return this.#size;
  }

  /** Rows that columns need room for: all in use are below it. */
  get capacity(): number {
    return this.#keys.length / this.#words;
  }

  /** The row of {@link key}, or {@link ABSENT}. */
  find(): number {
    return this.#slots[this.#slotOfKey()]! - 1;
  }

  /** Gives {@link key}, which must not be in the table, a row. */
  add(): number {
    let slot = this.#slotOfKey();
    assert(this.#slots[slot] === 0, "a key has one row");
    if ((this.#size + 1) * 4 > this.#slots.length * 3) {
      this.#rehash(this.#slots.length * 2);
      slot = this.#slotOfKey();
    }
    const row = this.#free.pop() ?? this.#newRow();
    this.#keys.set(this.key, row * this.#words);
    this.#slots[slot] = row + 1;
    this.#size++;
    return row;
  }

  /** Takes {@link key}, which must be in the table, out of it and gives its row back. */
  remove(): number {
    let gap = this.#slotOfKey();
    const row = this.#slots[gap]! - 1;
    assert(row !== ABSENT, "only keys of the table are removed");
    const mask = this.#slots.length - 1;
    // What follows moves up unless that would put it before the slot its search begins at.
    for (let slot = (gap + 1) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#home(this.#keys, (this.#slots[slot]! - 1) * this.#words);
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      this.#slots[gap] = this.#slots[slot]!;
      gap = slot;
    }
    this.#slots[gap] = 0;
    this.#free.push(row);
    this.#size--;
    return row;
  }

  /** Rows in use, in no particular order. The table must not change meanwhile. */
  *rows(): Generator<number> {
    for (const slot of this.#slots) if (slot !== 0) yield slot - 1;
  }

  /** One word of a row's key. */
  wordOf(row: number, word: number): number {
    return this.#keys[row * this.#words + word]!;
  }

  #newRow(): number {
    const row = this.#rows++;
    if (row === this.capacity) {
      const grown = new Uint32Array(this.#keys.length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    return row;
  }

  /** The slot that holds {@link key}, or the empty one it would get. */
  #slotOfKey(): number {
    const mask = this.#slots.length - 1;
    let slot = this.#home(this.key, 0);
    while (this.#slots[slot] !== 0 && !this.#rowHasKey(this.#slots[slot]! - 1)) slot = (slot + 1) & mask;
    return slot;
  }

  #rowHasKey(row: number): boolean {
    const at = row * this.#words;
    for (let word = 0; word < this.#words; word++) if (this.#keys[at + word] !== this.key[word]) return false;
    return true;
  }

  /** Where the search for a key begins. Every word counts, so that outputs of one transaction spread. */
  #home(keys: Uint32Array, at: number): number {
    let hash = 0;
    for (let word = 0; word < this.#words; word++)
      hash = Math.imul(hash ^ keys[at + word]!, 0x9e3779b1) ^ (hash >>> 15);
    return (hash ^ (hash >>> 16)) & (this.#slots.length - 1);
  }

  #rehash(length: number): void {
    const rows = [...this.rows()];
    this.#slots = new Int32Array(length);
    const mask = length - 1;
    for (const row of rows) {
      let slot = this.#home(this.#keys, row * this.#words);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row + 1;
    }
  }
}

/** `column` if it has `length` entries, else a longer one with the same beginning. */
export function grownTo<T extends Uint8Array | Uint32Array | Int32Array | Float64Array | BigInt64Array>(
  column: T,
  length: number,
  create: (length: number) => T,
): T {
  if (column.length >= length) return column;
  const grown = create(length);
  grown.set(column as never);
  return grown;
}
