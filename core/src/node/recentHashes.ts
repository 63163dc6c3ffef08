import { ABSENT, KeyTable } from "../state/keyTable.ts";

/** Words of a hash that are compared: nobody finds two transactions that share 64 bits. */
const WORDS = 2;

/** Makes the beginning of a hash the key that a table of two words looks up or adds next. */
function setKey(table: KeyTable, hash: Uint8Array): void {
  for (let word = 0, at = 0; word < WORDS; word++, at += 4) {
    table.key[word] = hash[at]! | (hash[at + 1]! << 8) | (hash[at + 2]! << 16) | (hash[at + 3]! << 24);
  }
}

/** The latest hashes of a kind, so many and no more; the oldest is forgotten first. Grows with use. */
export class RecentHashes {
  readonly #capacity: number;
  /** Undefined while there is nothing to remember: most nodes have several of these, and most are empty. */
  #table: KeyTable | undefined;
  /** Row that is used next once there is no more room: rows are given out and given back in turn. */
  #oldest: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#table = undefined;
    this.#oldest = 0;
  }

  get size(): number {
    return this.#table?.size ?? 0;
  }

  has(hash: Uint8Array): boolean {
    return this.row(hash) !== ABSENT;
  }

  /** Of a hash, below the capacity; {@link ABSENT} if it is not remembered. */
  row(hash: Uint8Array): number {
    if (this.#table === undefined) return ABSENT;
    setKey(this.#table, hash);
    return this.#table.find();
  }

  /** Row of a hash, which is remembered from now on; `added` is told of a row that was another's. */
  add(hash: Uint8Array, added?: (row: number) => void): number {
    const known = this.row(hash);
    if (known !== ABSENT) return known;
    this.#table ??= new KeyTable(WORDS);
    if (this.#table.size === this.#capacity) this.#forgetOldest(this.#table);
    setKey(this.#table, hash);
    const row = this.#table.add();
    added?.(row);
    return row;
  }

  #forgetOldest(table: KeyTable): void {
    for (let word = 0; word < WORDS; word++) table.key[word] = table.wordOf(this.#oldest, word);
    table.remove();
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  clear(): void {
    this.#table = undefined;
    this.#oldest = 0;
  }
}
