import { assert } from "@fluxlab/core";

/** Buckets of the calendar. With 32 µs each they span 2.1 s, which holds nearly every message under way. */
const BUCKETS = 65_536;
const BUCKET_MASK = BUCKETS - 1;
/** Microseconds a bucket spans: a power of two, so that dividing by it is exact. */
const WIDTH = 32;
const HORIZON = BUCKETS * WIDTH;

/** Kind and source share a word, which then compares as one number. */
const MOST_SOURCES = 0x0400_0000;
const MOST_KINDS = 32;

// A row is 32 bytes, two to a cache line: time and sequence as doubles, then words.
const ROW_WORDS = 8;
const ROW_DOUBLES = 4;
const ORDER = 4;
const TARGET = 5;
const PAYLOAD = 6;
/** The next row of the same bucket, or of the free list. */
const NEXT = 7;

const NONE = -1;
/** Target of a row that was cancelled. */
const NOBODY = -1;

/** Gaps of shell sort that make few comparisons (M. Ciura, 2001), continued by factors of 2.25. */
const GAPS = [1, 4, 10, 23, 57, 132, 301, 701, 1_577, 3_548, 7_983, 17_961, 40_412, 90_927, 204_585];

/** Names a pending event, until it is delivered or cancelled. */
export type EventId = number;

/**
 * Pending events of a world of nodes, in their total order: time, then kind, then source, then the order of scheduling. A
 * calendar (R. Brown, CACM 31, 1988): near events lie unsorted in buckets of fixed width, a bucket is sorted when its time
 * comes, and what lies beyond the last bucket waits in a heap. The delays of messages are alike, so a push and a pop cost
 * nearly the same at 10^6 pending as at 10^3. Rows of one slab; nothing is allocated per event.
 *
 * Times are whole microseconds; none may lie before the event taken last.
 */
export class CalendarQueue {
  /** Of the event taken by the latest {@link pop}. */
  time = 0;
  kind = 0;
  source = 0;
  target = 0;
  payload = 0;

  #live = 0;
  #scheduled = 0;
  #doubles: Float64Array;
  #words: Int32Array;
  #free = NONE;

  /** Start of the current bucket's time, and its place in the ring. */
  #base = 0;
  #current = 0;
  /** Rows of the current bucket in order, from `#head` to `#end`. */
  #sorted = new Int32Array(1_024);
  /** Times of `#sorted` while a bucket is sorted: side by side they cost no cache misses. */
  #times = new Float64Array(1_024);
  #head = 0;
  #end = 0;

  /** First row of each bucket; a bit for each bucket that has one; a bit for each word of those. */
  readonly #first = new Int32Array(BUCKETS).fill(NONE);
  readonly #filled = new Int32Array(BUCKETS >>> 5);
  readonly #filledWords = new Int32Array(BUCKETS >>> 10);
  #inBuckets = 0;

  /** Binary heap of rows beyond the horizon. */
  #far = new Int32Array(256);
  #farLength = 0;

  constructor(capacity = 1_024) {
    this.#doubles = new Float64Array(capacity * ROW_DOUBLES);
    this.#words = new Int32Array(this.#doubles.buffer);
    this.#addFree(0, capacity);
  }

  /** Events that will be delivered. */
  get length(): number {
    return this.#live;
  }

  /** Time of the next event, Infinity if none is pending. */
  get nextTime(): number {
    return this.#settle() ? this.#timeOf(this.#sorted[this.#head]!) : Number.POSITIVE_INFINITY;
  }

  /** Schedules an event. `target` and `payload` are whole numbers below 2^31 and take no part in the order. */
  push(time: number, kind: number, source: number, target: number, payload: number): EventId {
    assert(time >= this.time, "an event lies in the past");
    assert(kind < MOST_KINDS && source < MOST_SOURCES, "kinds are below 32, sources below 2^26");
    if (this.#free === NONE) this.#grow();
    const row = this.#free;
    const at = row * ROW_WORDS;
    const words = this.#words;
    this.#free = words[at + NEXT]!;
    this.#doubles[row * ROW_DOUBLES] = time;
    this.#doubles[row * ROW_DOUBLES + 1] = this.#scheduled++;
    words[at + ORDER] = kind * MOST_SOURCES + source;
    words[at + TARGET] = target;
    words[at + PAYLOAD] = payload;
    this.#live++;
    const ahead = time - this.#base;
    if (ahead < WIDTH) this.#insert(row);
    else if (ahead < HORIZON) this.#putInBucket(row, ahead);
    else this.#pushFar(row);
    return row;
  }

  /** Takes back a pending event. Its row stays until its time comes and is passed over then. */
  cancel(event: EventId): void {
    const at = event * ROW_WORDS + TARGET;
    assert(this.#words[at] !== NOBODY, "an event is cancelled once");
    this.#words[at] = NOBODY;
    this.#live--;
  }

  /** Takes the next event into the fields of this object; false if none is pending. */
  pop(): boolean {
    return this.popBy(Number.POSITIVE_INFINITY);
  }

  /** Likewise, if it comes at `until` or before. */
  popBy(until: number): boolean {
    if (!this.#settle() || this.#timeOf(this.#sorted[this.#head]!) > until) return false;
    const row = this.#sorted[this.#head++]!;
    const at = row * ROW_WORDS;
    const words = this.#words;
    const order = words[at + ORDER]!;
    this.time = this.#doubles[row * ROW_DOUBLES]!;
    this.kind = order >>> 26;
    this.source = order & (MOST_SOURCES - 1);
    this.target = words[at + TARGET]!;
    this.payload = words[at + PAYLOAD]!;
    this.#release(row);
    this.#live--;
    return true;
  }

  /** Brings the next event that is not cancelled to `#head`; false if there is none. */
  #settle(): boolean {
    for (;;) {
      while (this.#head < this.#end) {
        const row = this.#sorted[this.#head]!;
        if (this.#words[row * ROW_WORDS + TARGET] !== NOBODY) return true;
        this.#head++;
        this.#release(row);
      }
      if (this.#inBuckets === 0 && this.#farLength === 0) return false;
      this.#openNextBucket();
    }
  }

  #release(row: number): void {
    this.#words[row * ROW_WORDS + NEXT] = this.#free;
    this.#free = row;
  }

  /** Moves on to the next bucket that has events, and sorts them. */
  #openNextBucket(): void {
    if (this.#inBuckets === 0) {
      // The calendar is empty: turn it to the first far event.
      const time = this.#timeOf(this.#far[0]!);
      this.#base = Math.floor(time / WIDTH) * WIDTH;
    } else {
      const bucket = this.#nextFilled((this.#current + 1) & BUCKET_MASK);
      this.#base += ((bucket - this.#current) & BUCKET_MASK) * WIDTH;
      this.#current = bucket;
    }
    this.#head = 0;
    this.#end = 0;
    this.#takeFar();
    this.#sortCurrent();
  }

  /** Far events that the horizon has reached go into their buckets. */
  #takeFar(): void {
    while (this.#farLength > 0) {
      const row = this.#far[0]!;
      const ahead = this.#timeOf(row) - this.#base;
      if (ahead >= HORIZON) return;
      this.#popFar();
      this.#putInBucket(row, ahead);
    }
  }

  #putInBucket(row: number, ahead: number): void {
    const bucket = (this.#current + ((ahead / WIDTH) | 0)) & BUCKET_MASK;
    this.#words[row * ROW_WORDS + NEXT] = this.#first[bucket]!;
    this.#first[bucket] = row;
    this.#filled[bucket >>> 5]! |= 1 << bucket;
    this.#filledWords[bucket >>> 10]! |= 1 << (bucket >>> 5);
    this.#inBuckets++;
  }

  /** The first bucket with events from `bucket` on, around the ring; there is one. */
  #nextFilled(bucket: number): number {
    const here = this.#filled[bucket >>> 5]! & (-1 << bucket);
    if (here !== 0) return (bucket & ~31) | lowestBit(here);
    const word = this.#nextFilledWord(((bucket >>> 5) + 1) & (this.#filled.length - 1));
    return (word << 5) | lowestBit(this.#filled[word]!);
  }

  #nextFilledWord(word: number): number {
    const here = this.#filledWords[word >>> 5]! & (-1 << word);
    if (here !== 0) return (word & ~31) | lowestBit(here);
    const groups = this.#filledWords.length;
    let group = ((word >>> 5) + 1) & (groups - 1);
    while (this.#filledWords[group] === 0) group = (group + 1) & (groups - 1);
    return (group << 5) | lowestBit(this.#filledWords[group]!);
  }

  /** Empties the current bucket into `#sorted`. */
  #sortCurrent(): void {
    const bucket = this.#current;
    let length = 0;
    for (let row = this.#first[bucket]!; row !== NONE; row = this.#words[row * ROW_WORDS + NEXT]!) {
      if (length === this.#sorted.length) this.#growSorted();
      this.#times[length] = this.#doubles[row * ROW_DOUBLES]!;
      this.#sorted[length++] = row;
    }
    this.#first[bucket] = NONE;
    this.#filled[bucket >>> 5]! &= ~(1 << bucket);
    if (this.#filled[bucket >>> 5] === 0) this.#filledWords[bucket >>> 10]! &= ~(1 << (bucket >>> 5));
    this.#inBuckets -= length;
    this.#end = length;
    // The list gives the row put in last first; among equals that is the wrong way round, and sorting likes the right one.
    this.#reverse(length);
    let gap = GAPS.length - 1;
    while (gap > 0 && GAPS[gap]! >= length) gap--;
    for (; gap >= 0; gap--) this.#sortByGap(GAPS[gap]!, length);
  }

  #reverse(length: number): void {
    const sorted = this.#sorted;
    const times = this.#times;
    for (let i = 0, j = length - 1; i < j; i++, j--) {
      const row = sorted[i]!;
      const time = times[i]!;
      sorted[i] = sorted[j]!;
      times[i] = times[j]!;
      sorted[j] = row;
      times[j] = time;
    }
  }

  #sortByGap(gap: number, length: number): void {
    const sorted = this.#sorted;
    const times = this.#times;
    for (let i = gap; i < length; i++) {
      const row = sorted[i]!;
      const time = times[i]!;
      let at = i;
      for (; at >= gap; at -= gap) {
        const before = times[at - gap]!;
        if (before < time || (before === time && !this.#precedes(row, sorted[at - gap]!))) break;
        sorted[at] = sorted[at - gap]!;
        times[at] = before;
      }
      sorted[at] = row;
      times[at] = time;
    }
  }

  /** Puts a row among those of the current bucket that are still to come. */
  #insert(row: number): void {
    if (this.#end === this.#sorted.length) this.#growSorted();
    const sorted = this.#sorted;
    let at = this.#end++;
    for (; at > this.#head && this.#precedes(row, sorted[at - 1]!); at--) {
      sorted[at] = sorted[at - 1]!;
    }
    sorted[at] = row;
  }

  #timeOf(row: number): number {
    return this.#doubles[row * ROW_DOUBLES]!;
  }

  #precedes(a: number, b: number): boolean {
    const doubles = this.#doubles;
    const timeA = doubles[a * ROW_DOUBLES]!;
    const timeB = doubles[b * ROW_DOUBLES]!;
    if (timeA !== timeB) return timeA < timeB;
    const orderA = this.#words[a * ROW_WORDS + ORDER]!;
    const orderB = this.#words[b * ROW_WORDS + ORDER]!;
    if (orderA !== orderB) return orderA < orderB;
    return doubles[a * ROW_DOUBLES + 1]! < doubles[b * ROW_DOUBLES + 1]!;
  }

  #pushFar(row: number): void {
    if (this.#farLength === this.#far.length) this.#far = doubled(this.#far);
    const far = this.#far;
    let at = this.#farLength++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#precedes(row, far[parent]!)) break;
      far[at] = far[parent]!;
      at = parent;
    }
    far[at] = row;
  }

  #popFar(): void {
    const far = this.#far;
    const length = --this.#farLength;
    const row = far[length]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && this.#precedes(far[child + 1]!, far[child]!)) child++;
      if (!this.#precedes(far[child]!, row)) break;
      far[at] = far[child]!;
      at = child;
    }
    far[at] = row;
  }

  #growSorted(): void {
    this.#sorted = doubled(this.#sorted);
    const times = new Float64Array(this.#sorted.length);
    times.set(this.#times);
    this.#times = times;
  }

  #addFree(from: number, to: number): void {
    for (let row = to - 1; row >= from; row--) this.#release(row);
  }

  #grow(): void {
    const rows = this.#doubles.length / ROW_DOUBLES;
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words); // as words: not every pair of them survives as a double
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
    this.#addFree(rows, rows * 2);
  }
}

/** Number of the lowest bit set in a word that is not 0. */
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);

function doubled(rows: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(rows.length * 2);
  larger.set(rows);
  return larger;
}
