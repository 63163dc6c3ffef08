// Where labels go so that none covers another: marks on a time axis in rows above the plot, names at the ends of lines.

/** A label that hangs on the vertical line at `x`. */
export interface Flag {
  readonly x: number;
  readonly width: number;
}

/** Its row, counted from the top, and whether its text stands left of the line instead of right. */
export interface FlagPlace {
  readonly row: number;
  readonly flipped: boolean;
}

/** Pixels between a line and its label, and between two labels of a row. */
export const FLAG_GAP = 5;

/**
 * Places labels in rows that keep them apart; `flags` ascend by x. A label stands right of its line unless it would pass `right`
 * or lie across the line of a later label that had to turn left; then it turns left too, if `left` leaves room. Labels that
 * overlap step downwards away from the side they hang on, so that the line of one, which starts at its row, stays clear of the
 * text of the one before.
 */
export function placeFlags(flags: readonly Flag[], left: number, right: number): FlagPlace[] {
  const flipped = flippedFlags(flags, left, right);
  const placed: { from: number; to: number; row: number }[] = [];
  const rowFor = (from: number, to: number): number => {
    const above = placed.filter((other) => other.from < to + FLAG_GAP && from < other.to + FLAG_GAP);
    const row = above.reduce((next, other) => Math.max(next, other.row + 1), 0);
    placed.push({ from, to, row });
    return row;
  };
  const rows = new Array<number>(flags.length).fill(0);
  for (let i = flags.length - 1; i >= 0; i--) {
    const { x, width } = flags[i]!;
    if (flipped[i]) rows[i] = rowFor(x - FLAG_GAP - width, x);
  }
  for (const [i, { x, width }] of flags.entries()) if (!flipped[i]) rows[i] = rowFor(x, x + FLAG_GAP + width);
  return flags.map((_, i) => ({ row: rows[i]!, flipped: flipped[i]! }));
}

function flippedFlags(flags: readonly Flag[], left: number, right: number): boolean[] {
  const flipped = flags.map(() => false);
  let firstFlipped = Number.POSITIVE_INFINITY;
  for (let i = flags.length - 1; i >= 0; i--) {
    const { x, width } = flags[i]!;
    const end = x + FLAG_GAP + width;
    const across = end > firstFlipped && x - FLAG_GAP - width >= left;
    if (end <= right && !across) continue;
    flipped[i] = true;
    firstFlipped = x;
  }
  return flipped;
}

/**
 * Moves label heights apart to at least `gap`, each as little as a single pass down and one up allow, and keeps them at or above
 * `bottom`. Results are in the order given.
 */
export function spreadLabels(heights: readonly number[], gap: number, bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]! || a - b);
  const spread = [...heights];
  let least = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    spread[i] = Math.max(spread[i]!, least);
    least = spread[i]! + gap;
  }
  let most = bottom;
  for (const i of order.toReversed()) {
    spread[i] = Math.min(spread[i]!, most);
    most = spread[i]! - gap;
  }
  return spread;
}
