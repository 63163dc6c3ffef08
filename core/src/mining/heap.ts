/**
 * A binary heap that gives up the largest first and, among equals, the same one as the C++ library fluxd is built with: most
 * transactions of FluxNodes are equals in a block template. Source: libstdc++ bits/stl_heap.h __adjust_heap, __push_heap.
 */
export class Heap<T> {
  readonly #rows: T[];
  #less: (a: T, b: T) => boolean;

  /** Takes `rows` over, which nobody else may change from now on. */
  constructor(rows: T[], less: (a: T, b: T) => boolean) {
    this.#rows = rows;
    this.#less = less;
    this.reorder(less);
  }

  get size(): number {
    return this.#rows.length;
  }

  /** The same rows in another order. Source: std::make_heap. */
  reorder(less: (a: T, b: T) => boolean): void {
    this.#less = less;
    const { length } = this.#rows;
    for (let parent = (length >> 1) - 1; parent >= 0; parent--) {
      this.#siftDown(parent, length, this.#rows[parent]!);
    }
  }

  /** Source: std::push_heap. */
  push(row: T): void {
    this.#rows.push(row);
    this.#siftUp(this.#rows.length - 1, 0, row);
  }

  /** The largest; undefined if there is none. Source: std::pop_heap. */
  pop(): T | undefined {
    const largest = this.#rows[0];
    const last = this.#rows.pop();
    if (this.#rows.length > 0) this.#siftDown(0, this.#rows.length, last!);
    return largest;
  }

  /** To the bottom along the larger children, then up again to where `row` belongs. */
  #siftDown(top: number, length: number, row: T): void {
    const rows = this.#rows;
    let hole = top;
    for (let right = 2 * hole + 2; right < length; right = 2 * hole + 2) {
      const child = this.#less(rows[right]!, rows[right - 1]!) ? right - 1 : right;
      rows[hole] = rows[child]!;
      hole = child;
    }
    const left = 2 * hole + 1;
    if (left === length - 1) {
      rows[hole] = rows[left]!;
      hole = left;
    }
    this.#siftUp(hole, top, row);
  }

  #siftUp(from: number, top: number, row: T): void {
    const rows = this.#rows;
    let hole = from;
    while (hole > top) {
      const parent = (hole - 1) >> 1;
      if (!this.#less(rows[parent]!, row)) break;
      rows[hole] = rows[parent]!;
      hole = parent;
    }
    rows[hole] = row;
  }
}
