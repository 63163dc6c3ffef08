import { type Bits32, uniformBelow } from "../util/random.ts";

/** Source: fluxd src/addrman.h ADDRMAN_BUCKET_SIZE. */
export const BUCKET_SIZE = 64;

/**
 * Buckets of {@link BUCKET_SIZE} places, of which few are taken: a place is found by its number and a random one at once, and
 * what is empty costs nothing, so that thousands of nodes can have a table each.
 */
export class AddressSlots<T> {
  /** Index into the dense columns, by number of the place. */
  readonly #indexes: Map<number, number>;
  readonly #places: number[];
  readonly #items: T[];

  constructor() {
    this.#indexes = new Map();
    this.#places = [];
    this.#items = [];
  }

  /** Places taken. */
  get size(): number {
    return this.#items.length;
  }

  at(place: number): T | undefined {
    const index = this.#indexes.get(place);
    return index === undefined ? undefined : this.#items[index];
  }

  /** Takes an empty place. */
  put(place: number, item: T): void {
    this.#indexes.set(place, this.#items.length);
    this.#places.push(place);
    this.#items.push(item);
  }

  /** Empties a place that is taken. The last item moves into the gap. */
  clear(place: number): void {
    const index = this.#indexes.get(place)!;
    const lastPlace = this.#places.pop()!;
    const lastItem = this.#items.pop()!;
    this.#indexes.delete(place);
    if (lastPlace === place) return;
    this.#places[index] = lastPlace;
    this.#items[index] = lastItem;
    this.#indexes.set(lastPlace, index);
  }

  /** Any of what is in it; an item in several places is as many times as likely. */
  random(bits32: Bits32): T {
    return this.#items[uniformBelow(bits32, this.#items.length)]!;
  }
}
