import type { LogKind, TraceRows } from "@fluxlab/sim";

// What is worth telling of a run besides the tips, as columns; the oldest go when there are too many.

const MOST_ROWS = 1 << 18;

/** Kinds in the order of the trace's numbers; a test compares them with the simulator's. */
export const TRACE_KINDS: readonly LogKind[] = ["mined", "reorganised", "refused", "banned", "restarted"];

/** Kinds of what a reader may look for: those of the trace, and what the page knows besides. */
export type EventKind = LogKind | "fault" | "finding";

export interface LogRow {
  readonly seconds: number;
  readonly kind: LogKind;
  readonly node: number;
  /** A block's row, of "banned" the other node; -1: none. */
  readonly subject: number;
  /** Of "reorganised" how many blocks were left. */
  readonly depth: number;
  readonly reason: string;
}

export interface LogFilter {
  readonly kinds: ReadonlySet<EventKind>;
  /** Undefined: of any node. */
  readonly node: number | undefined;
  /** Up to this moment. */
  readonly until: number;
}

export class EventLog {
  readonly #most: number;
  #seconds = new Float64Array(1_024);
  #kind = new Uint8Array(1_024);
  #node = new Uint32Array(1_024);
  #subject = new Int32Array(1_024);
  #depth = new Uint32Array(1_024);
  #reason = new Uint32Array(1_024);
  readonly #reasons: string[] = [""];
  /** Rows that are kept, and that were let go. */
  length = 0;
  dropped = 0;

  constructor(most = MOST_ROWS) {
    this.#most = most;
  }

  append(
    { seconds, kind, node, subject, depth, reason }: TraceRows["log"],
    reasons: readonly string[],
  ): void {
    this.#reasons.push(...reasons);
    for (let i = 0; i < seconds.length; i++) {
      if (this.length === this.#most) this.#dropHalf();
      if (this.length === this.#seconds.length) this.#grow();
      const row = this.length++;
      this.#seconds[row] = seconds[i]!;
      this.#kind[row] = kind[i]!;
      this.#node[row] = node[i]!;
      this.#subject[row] = subject[i]!;
      this.#depth[row] = depth[i]!;
      this.#reason[row] = reason[i]!;
    }
  }

  row(row: number): LogRow {
    return {
      seconds: this.#seconds[row]!,
      kind: TRACE_KINDS[this.#kind[row]!]!,
      node: this.#node[row]!,
      subject: this.#subject[row]!,
      depth: this.#depth[row]!,
      reason: this.#reasons[this.#reason[row]!]!,
    };
  }

  /** Rows that a filter lets through, oldest first. */
  rowsOf({ kinds, node, until }: LogFilter): Uint32Array {
    const wanted = TRACE_KINDS.map((kind) => kinds.has(kind));
    const found = new Uint32Array(this.length);
    let count = 0;
    for (let row = 0; row < this.length && this.#seconds[row]! <= until; row++) {
      if (!wanted[this.#kind[row]!]) continue;
      if (node !== undefined && !this.#concerns(row, node)) continue;
      found[count++] = row;
    }
    return found.slice(0, count);
  }

  #concerns(row: number, node: number): boolean {
    if (this.#node[row] === node) return true;
    return TRACE_KINDS[this.#kind[row]!] === "banned" && this.#subject[row] === node;
  }

  #grow(): void {
    const size = this.#seconds.length * 2;
    const grown = <Column extends { set(from: Column): void }>(column: Column, into: Column): Column => {
      into.set(column);
      return into;
    };
    this.#seconds = grown(this.#seconds, new Float64Array(size));
    this.#kind = grown(this.#kind, new Uint8Array(size));
    this.#node = grown(this.#node, new Uint32Array(size));
    this.#subject = grown(this.#subject, new Int32Array(size));
    this.#depth = grown(this.#depth, new Uint32Array(size));
    this.#reason = grown(this.#reason, new Uint32Array(size));
  }

  #dropHalf(): void {
    const half = this.#most >>> 1;
    for (const column of [this.#seconds, this.#kind, this.#node, this.#subject, this.#depth, this.#reason])
      column.copyWithin(0, half, this.length);
    this.length -= half;
    this.dropped += half;
  }
}
