/** Keys by a height each: what happens to a node because of its age is found without asking every node. */
export class HeightIndex {
  readonly #byHeight: Map<number, Set<string>>;

  constructor() {
    this.#byHeight = new Map();
  }

  add(height: number, key: string): void {
    const keys = this.#byHeight.get(height);
    if (keys === undefined) this.#byHeight.set(height, new Set([key]));
    else keys.add(key);
  }

  /** The key must have been added at this height. */
  remove(height: number, key: string): void {
    const keys = this.#byHeight.get(height);
    keys?.delete(key);
    if (keys?.size === 0) this.#byHeight.delete(height);
  }

  at(height: number): Iterable<string> {
    return this.#byHeight.get(height) ?? [];
  }

  /** Keys at `height` or below. Looks at every height in use: those of one window of the lifecycle. */
  *upTo(height: number): Generator<string> {
    for (const [at, keys] of this.#byHeight) if (at <= height) yield* keys;
  }
}
