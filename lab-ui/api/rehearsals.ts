import type { RehearsalReport } from "@fluxlab/sim";

// Rehearsals of upgrades.
//
//   GET    api/rehearsals              RehearsalList
//   GET    api/rehearsals/NAME         StoredRehearsal, a folder of runs/
//   POST   api/rehearsals              StartRehearsal → RunningRehearsal      token
//   GET    api/rehearsing              events: RehearsalProgress, of the one that is played
//   DELETE api/rehearsing              → {}                                   token

/** A plan of the library. */
export interface RehearsalPlanEntry {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly nodes: number;
  readonly run: string;
  readonly upgrade: string;
  /** As it is written. */
  readonly yaml: string;
}

export interface StoredRehearsalEntry {
  /** Folder name. */
  readonly name: string;
  readonly title: string;
  readonly on: RehearsalReport["on"];
  readonly nodes: number;
  readonly seed: number;
  readonly verdict: RehearsalReport["verdict"];
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

export interface RehearsalList {
  readonly plans: readonly RehearsalPlanEntry[];
  readonly stored: readonly StoredRehearsalEntry[];
  /** The one that is played. */
  readonly running?: RunningRehearsal | undefined;
}

/** Plays a plan in the simulator. */
export interface StartRehearsal {
  /** As YAML. */
  readonly plan: string;
  readonly seed?: number;
}

export interface RunningRehearsal {
  readonly title: string;
  /** Folder that the report will lie in. */
  readonly folder: string;
}

export interface RehearsalProgress {
  readonly title: string;
  /** Seconds of the run that were played, and its length. */
  readonly played: number;
  readonly length: number;
  /** Folder of the report: it is over. */
  readonly folder?: string | undefined;
  /** Why there is none: it has failed, or was ended. */
  readonly failure?: string | undefined;
}

/** A recorded rehearsal. Those of older versions lack some of it. */
export type StoredRehearsal = Omit<RehearsalReport, "adoption"> & {
  readonly adoption?: RehearsalReport["adoption"];
};
