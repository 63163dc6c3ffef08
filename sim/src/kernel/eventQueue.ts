import { assert } from "@fluxlab/core";

/** Children of a heap entry: four keep siblings in one cache line and the tree half as deep as two would. */
const ARITY = 4;

/**
 * Pending events in their total order: time, then kind, then source, then the order of scheduling. No two compare equal,
 * so what is delivered next never depends on how the queue is built. Rows of typed columns, nothing allocated per event.
 * Times and sources are whole numbers; the unit of time is the caller's.
 */
export class EventQueue {
  #length = 0;
  #scheduled = 0;
  #time: Float64Array;
  #kind: Uint8Array;
  #source: Uint32Array;
  #sequence: Float64Array;

  /** The event taken by the latest {@link pop}. */
  time = 0;
  kind = 0;
  source = 0;

  constructor(capacity = 1024) {
    this.#time = new Float64Array(capacity);
    this.#kind = new Uint8Array(capacity);
    this.#source = new Uint32Array(capacity);
    this.#sequence = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Time of the next event, Infinity if none is pending. */
  get nextTime(): number {
    return this.#length === 0 ? Number.POSITIVE_INFINITY : this.#time[0]!;
  }

  /** Kind of the next event; meaningful only while {@link length} is not 0. */
  get nextKind(): number {
    return this.#kind[0]!;
  }

  push(time: number, kind: number, source: number): void {
    if (this.#length === this.#time.length) this.#grow();
    const sequence = this.#scheduled++;
    let at = this.#length++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (!this.#precedes(time, kind, source, sequence, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, time, kind, source, sequence);
  }

  /** Takes the next event into {@link time}, {@link kind} and {@link source}. */
  pop(): void {
    assert(this.#length > 0, "an event is pending");
    this.time = this.#time[0]!;
    this.kind = this.#kind[0]!;
    this.source = this.#source[0]!;
    const last = --this.#length;
    if (last === 0) return;
    const time = this.#time[last]!;
    const kind = this.#kind[last]!;
    const source = this.#source[last]!;
    const sequence = this.#sequence[last]!;
    let at = 0;
    for (;;) {
      const child = this.#firstChild(at, last);
      if (child === -1 || this.#precedes(time, kind, source, sequence, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, time, kind, source, sequence);
  }

  /** The child of `at` that comes first, or -1 if it has none below `length`. */
  #firstChild(at: number, length: number): number {
    let first = at * ARITY + 1;
    if (first >= length) return -1;
    const end = Math.min(first + ARITY, length);
    for (let child = first + 1; child < end; child++) {
      if (
        this.#precedes(
          this.#time[child]!,
          this.#kind[child]!,
          this.#source[child]!,
          this.#sequence[child]!,
          first,
        )
      ) {
        first = child;
      }
    }
    return first;
  }

  #precedes(time: number, kind: number, source: number, sequence: number, at: number): boolean {
    if (time !== this.#time[at]!) return time < this.#time[at]!;
    if (kind !== this.#kind[at]!) return kind < this.#kind[at]!;
    if (source !== this.#source[at]!) return source < this.#source[at]!;
    return sequence < this.#sequence[at]!;
  }

  #set(at: number, time: number, kind: number, source: number, sequence: number): void {
    this.#time[at] = time;
    this.#kind[at] = kind;
    this.#source[at] = source;
    this.#sequence[at] = sequence;
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#time[from]!, this.#kind[from]!, this.#source[from]!, this.#sequence[from]!);
  }

  #grow(): void {
    const capacity = this.#time.length * 2;
    const time = new Float64Array(capacity);
    time.set(this.#time);
    this.#time = time;
    const kind = new Uint8Array(capacity);
    kind.set(this.#kind);
    this.#kind = kind;
    const source = new Uint32Array(capacity);
    source.set(this.#source);
    this.#source = source;
    const sequence = new Float64Array(capacity);
    sequence.set(this.#sequence);
    this.#sequence = sequence;
  }
}
