import type { Look, Playable } from "./spreadRun.ts";

type Any = Pick<Playable<unknown>, "stepsTotal" | "advance" | "digest" | "look">;

/** Where two runs stop being the same. */
export interface Parting {
  /** Steps that both played alike. */
  readonly alike: number;
  /** After the first step that differs. */
  readonly digests: readonly [string, string];
  readonly looks: readonly [Look, Look];
}

/** Pieces into which the runs are cut at first; the piece in which they part is then played step by step. */
const PIECES = 64;

/**
 * Plays two runs side by side to the first step after which they differ; undefined if they do not, up to the end of the shorter.
 * Everything is played again from the beginning: a run keeps no states of the past. `make` begins a run anew each time;
 * `onProgress` hears of parts done, from 0 to 1.
 */
export function partingOfRuns(
  make: readonly [() => Any, () => Any],
  onProgress: (part: number) => void = () => {},
): Parting | undefined {
  const [a, b] = [make[0](), make[1]()];
  if (a.digest() !== b.digest()) return parting(a, b, 0);
  const total = Math.min(a.stepsTotal, b.stepsTotal);
  const piece = Math.max(Math.floor(total / PIECES), 1);
  let alike = 0;
  while (alike < total) {
    const next = Math.min(piece, total - alike);
    a.advance(next);
    b.advance(next);
    if (a.digest() !== b.digest()) return stepByStep(make, alike, next);
    alike += next;
    onProgress(alike / total);
  }
  return undefined;
}

function stepByStep(make: readonly [() => Any, () => Any], alike: number, most: number): Parting | undefined {
  const [a, b] = [make[0](), make[1]()];
  if (alike > 0) {
    a.advance(alike);
    b.advance(alike);
  }
  for (let step = 0; step < most; step++) {
    a.advance(1);
    b.advance(1);
    if (a.digest() !== b.digest()) return parting(a, b, alike + step);
  }
  return undefined;
}

const parting = (a: Any, b: Any, alike: number): Parting => ({
  alike,
  digests: [a.digest(), b.digest()],
  looks: [a.look(), b.look()],
});
