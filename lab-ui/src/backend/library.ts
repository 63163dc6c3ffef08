import type { PerTier } from "@fluxlab/core";
import type { PlacedProblem, Scenario, SpreadScenario } from "@fluxlab/sim/scenario";

// What the page knows of scenarios, without the code that plays them.

/** What a card shows of a scenario of the economy. */
export interface ScenarioFacts {
  readonly firstHeight: number;
  readonly lastHeight: number;
  /** From the first block to the last. */
  readonly seconds: number;
  /** FLUX a block, at even distances from the first block to the last. */
  readonly subsidy: readonly number[];
  /** Operators at the first block and at the last. */
  readonly population: PerTier<readonly [first: number, last: number]>;
  /** When shocks hit, as parts of the run. */
  readonly shocks?: readonly number[];
}

/** What a card shows of a scenario in which messages travel. */
export interface SpreadFacts {
  readonly nodes: number;
  /** Of the run; of the relay model, whose end chance decides, about as long. */
  readonly seconds: number;
  /** As many as there are on average. */
  readonly blocks: number;
  /** Parts of the nodes, by region. */
  readonly regions: readonly number[];
  /** When faults begin and end, as parts of the run, and what they are. */
  readonly faults: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

/** What was issued before a run's first block, by the schedule: columns, oldest first. */
export interface SupplyHistory {
  /** Before the first block: below zero. */
  readonly seconds: Float64Array;
  /** FLUX in all, and by block rewards a day. */
  readonly supply: Float64Array;
  readonly perDay: Float64Array;
}

/** A scenario of the economy: one that comes with the lab, or one of the reader's. */
export interface EconomyEntry {
  readonly scenario: Scenario;
  readonly facts: ScenarioFacts;
  readonly yaml: string;
}

/** A scenario in which messages travel. */
export interface SpreadEntry {
  readonly scenario: SpreadScenario;
  readonly facts: SpreadFacts;
  readonly yaml: string;
}

/** A scenario of the library, of whatever fidelity. */
export type LibraryEntry = EconomyEntry | SpreadEntry;

export const isSpreadEntry = (entry: LibraryEntry): entry is SpreadEntry => "fidelity" in entry.scenario;

/** What became of a scenario's text. */
export type CheckedText = LibraryEntry | { readonly problems: readonly PlacedProblem[] };

/** How fast this machine plays a scenario. */
export interface Speed {
  /** Blocks of the economy, simulated seconds of a network. */
  readonly perSecond: number;
  /** Of the whole run. */
  readonly seconds: number;
}
