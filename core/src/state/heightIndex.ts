/** Keys by a height each: what happens to a node because of its age is found without asking every node. */
export class HeightIndex {
  readonly #byHeight: Map<number, Set<string>>;
  /** No height in use is lower. */
  #least: number;
  #size: number;

  constructor() {
    this.#byHeight = new Map();
    this.#least = Number.POSITIVE_INFINITY;
    this.#size = 0;
  }

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  /** The key must not be at this height yet. */
  add(height: number, key: string): void {
    const keys = this.#byHeight.get(height);
    if (keys === undefined) this.#byHeight.set(height, new Set([key]));
    else keys.add(key);
    this.#least = Math.min(this.#least, height);
    this.#size++;
  }

  /** Nothing happens if the key is not at this height. */
  remove(height: number, key: string): void {
    const keys = this.#byHeight.get(height);
    if (keys === undefined || !keys.delete(key)) return;
    this.#size--;
    if (keys.size === 0) this.#byHeight.delete(height);
  }

  at(height: number): Iterable<string> {
    return this.#byHeight.get(height) ?? [];
  }

  /** Whether any key is at this height. */
  hasAt(height: number): boolean {
    return this.#byHeight.has(height);
  }

  /** Keys at `height` or below. Looks at every height in use: those of one window of the lifecycle. */
  *upTo(height: number): Generator<string> {
    for (const [at, keys] of this.#byHeight) if (at <= height) yield* keys;
  }

  /** Whether any key is at `height` or below; looks at heights only when the answer may have changed to yes. */
  hasUpTo(height: number): boolean {
    if (height < this.#least) return false;
    this.#least = Number.POSITIVE_INFINITY;
    for (const at of this.#byHeight.keys()) this.#least = Math.min(this.#least, at);
    return this.#least <= height;
  }
}
