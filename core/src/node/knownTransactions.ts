import { ABSENT } from "../state/keyTable.ts";
import { RecentHashes } from "./recentHashes.ts";

/** fluxd remembers a thousand for each peer; here it is the last so many of the node, and who of its peers knows which. */
const CAPACITY = 1_024;
const BITS = 32;

/** Which peer has seen which of the latest transactions, so that nobody is told what it knows. Peers are numbered from 0. */
export class KnownTransactions {
  readonly #recent: RecentHashes;
  /** One bit a peer: {@link #words} words a row. */
  #knownBy: Uint32Array;
  #words: number;

  constructor() {
    this.#recent = new RecentHashes(CAPACITY);
    this.#knownBy = new Uint32Array();
    this.#words = 1;
  }

  knows(peer: number, hash: Uint8Array): boolean {
    const row = this.#recent.row(hash);
    if (row === ABSENT || peer >= this.#words * BITS) return false;
    return ((this.#knownBy[row * this.#words + (peer >>> 5)] ?? 0) & (1 << (peer & 31))) !== 0;
  }

  note(peer: number, hash: Uint8Array): void {
    if (peer >= this.#words * BITS) this.#widen((peer >>> 5) + 1);
    const row = this.#recent.add(hash, (added) => this.#clear(added));
    this.#knownBy[row * this.#words + (peer >>> 5)]! |= 1 << (peer & 31);
  }

  /** The number is free to be another peer's. */
  forget(peer: number): void {
    for (let at = peer >>> 5; at < this.#knownBy.length; at += this.#words)
      this.#knownBy[at]! &= ~(1 << (peer & 31));
  }

  #clear(row: number): void {
    const end = (row + 1) * this.#words;
    if (end > this.#knownBy.length) {
      const grown = new Uint32Array(Math.min(CAPACITY, Math.max(16, (row + 1) * 2)) * this.#words);
      grown.set(this.#knownBy);
      this.#knownBy = grown;
    }
    this.#knownBy.fill(0, row * this.#words, end);
  }

  #widen(words: number): void {
    const rows = this.#knownBy.length / this.#words;
    const wide = new Uint32Array(rows * words);
    for (let row = 0; row < rows; row++) {
      wide.set(this.#knownBy.subarray(row * this.#words, (row + 1) * this.#words), row * words);
    }
    this.#knownBy = wide;
    this.#words = words;
  }
}
