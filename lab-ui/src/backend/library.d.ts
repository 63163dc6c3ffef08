import type { PerTier } from "@fluxlab/core";
import type { PlacedProblem, Scenario } from "@fluxlab/sim/scenario";
/** What a card shows of a scenario. */
export interface ScenarioFacts {
  readonly firstHeight: number;
  readonly lastHeight: number;
  /** From the first block to the last. */
  readonly seconds: number;
  /** FLUX a block, at even distances from the first block to the last. */
  readonly subsidy: readonly number[];
  /** Operators at the first block and at the last. */
  readonly population: PerTier<readonly [first: number, last: number]>;
}
/** A scenario of the library: one that comes with the lab, or one of the reader's. */
export interface LibraryEntry {
  readonly scenario: Scenario;
  readonly facts: ScenarioFacts;
  readonly yaml: string;
}
/** What became of a scenario's text. */
export type CheckedText =
  | LibraryEntry
  | {
      readonly problems: readonly PlacedProblem[];
    };
/** How fast this machine plays a scenario. */
export interface Speed {
  readonly blocksPerSecond: number;
  /** Of the whole run. */
  readonly seconds: number;
}
