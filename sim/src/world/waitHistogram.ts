/** [seconds, number of waits] of every length that occurred, shortest first. */
export type Waits = readonly (readonly [seconds: number, count: number])[];

/** How many waits of each length there were, exact; memory grows with the longest wait, not with their number. */
export class WaitHistogram {
  #counts = new Uint32Array(1024);
  #longest = -1;
  /** Number of waits. */
  total = 0;

  /** Every wait is a whole number of these. */
  readonly unitSeconds: number;

  constructor(unitSeconds: number) {
    this.unitSeconds = unitSeconds;
  }

  add(seconds: number): void {
    const bin = seconds / this.unitSeconds;
    if (bin >= this.#counts.length) this.#grow(bin);
    this.#counts[bin]!++;
    this.total++;
    if (bin > this.#longest) this.#longest = bin;
  }

  /** [seconds, count] of every length that occurred, shortest first; `without` some of the waits that were added. */
  entries(without: readonly number[] = []): Waits {
    const counts = without.length === 0 ? this.#counts : this.#counts.slice(0, this.#longest + 1);
    for (const seconds of without) counts[seconds / this.unitSeconds]!--;
    const found: [number, number][] = [];
    for (let bin = 0; bin <= this.#longest; bin++) {
      const count = counts[bin]!;
      if (count > 0) found.push([bin * this.unitSeconds, count]);
    }
    return found;
  }

  #grow(bin: number): void {
    const grown = new Uint32Array(Math.max(bin + 1, this.#counts.length * 2));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
