import type { NodeView, QueueSnapshot, RunRecord } from "@fluxlab/sim";
import type { Scenario } from "@fluxlab/sim/scenario";
/** What is asked of a source: a scenario that was checked, and its seed. */
export interface RunRequest {
  readonly scenario: Scenario;
  readonly seed: number;
}
/** A run at one moment. */
export interface RunFrame {
  readonly state: "running" | "paused" | "done";
  readonly blocksDone: number;
  readonly blocksTotal: number;
  /** What was played so far, as if the run ended there. */
  readonly record: RunRecord;
}
/** A run under way. */
export interface RunControl {
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Plays so many blocks and pauses. */
  step(blocks: number): Promise<void>;
  /** Simulated seconds for each second of real time; undefined: as fast as possible. */
  setSpeed(secondsPerSecond: number | undefined): Promise<void>;
  /** The payment queues after the latest block, the first `most` nodes of each. */
  queues?(most: number): Promise<QueueSnapshot>;
  /** One operator's node; undefined if there is none of that number. */
  node?(number: number): Promise<NodeView | undefined>;
  /** Ends the run and frees what it holds. */
  stop(): Promise<void>;
}
/** Something that plays scenarios. `onFrame` is called at most ten times a second; `onFailure` ends the run. */
export interface Backend {
  start(
    request: RunRequest,
    onFrame: (frame: RunFrame) => void,
    onFailure: (message: string) => void,
  ): Promise<RunControl>;
}
