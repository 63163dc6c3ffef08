/** A tick of an axis: its place in pixels and its words. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Ticks with their words, each word once: over a range narrower than the digits that are shown, neighbours would read
 * the same.
 */
export function namedTicks(
  values: readonly number[],
  at: (value: number) => number,
  name: (value: number) => string,
): Tick[] {
  const names = new Set<string>();
  const ticks: Tick[] = [];
  for (const value of values) {
    const text = name(value);
    if (names.has(text)) continue;
    names.add(text);
    ticks.push({ at: at(value), text });
  }
  return ticks;
}
