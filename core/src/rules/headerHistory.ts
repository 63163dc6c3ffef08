/**
 * The headers of one branch, from genesis to `height`, as far as rules look back: what a header tree keeps in columns.
 * Rules ask for heights 0 to `height` only, and read no more of them than their window.
 */
export interface HeaderHistory {
  /** Of the last header; -1 if there is none yet. */
  readonly height: number;
  /** Unix seconds, u32. */
  time(height: number): number;
  /** Compact target, u32. */
  bits(height: number): number;
}
