const NONE = -1;

/** What each node still has to send, first in, first out: requests of all nodes in one pool of typed columns. */
export class UploadQueues {
  /** Of the request taken by the latest {@link take}. */
  to = 0;
  block = 0;
  kind = 0;

  readonly #first: Int32Array;
  readonly #last: Int32Array;
  #to = new Int32Array(256);
  #block = new Int32Array(256);
  #kind = new Uint8Array(256);
  #next = new Int32Array(256);
  #used = 0;
  #free = NONE;

  constructor(nodes: number) {
    this.#first = new Int32Array(nodes).fill(NONE);
    this.#last = new Int32Array(nodes).fill(NONE);
  }

  add(node: number, to: number, block: number, kind: number): void {
    const row = this.#newRow();
    this.#to[row] = to;
    this.#block[row] = block;
    this.#kind[row] = kind;
    this.#next[row] = NONE;
    if (this.#first[node] === NONE) this.#first[node] = row;
    else this.#next[this.#last[node]!] = row;
    this.#last[node] = row;
  }

  /** Takes a node's next request into the fields of this object; false if it has none. */
  take(node: number): boolean {
    const row = this.#first[node]!;
    if (row === NONE) return false;
    this.to = this.#to[row]!;
    this.block = this.#block[row]!;
    this.kind = this.#kind[row]!;
    this.#first[node] = this.#next[row]!;
    this.#next[row] = this.#free;
    this.#free = row;
    return true;
  }

  #newRow(): number {
    if (this.#free !== NONE) {
      const row = this.#free;
      this.#free = this.#next[row]!;
      return row;
    }
    if (this.#used === this.#to.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const grown = (column: Int32Array<ArrayBuffer>) => {
      const larger = new Int32Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.#to = grown(this.#to);
    this.#block = grown(this.#block);
    this.#next = grown(this.#next);
    const kind = new Uint8Array(this.#kind.length * 2);
    kind.set(this.#kind);
    this.#kind = kind;
  }
}
