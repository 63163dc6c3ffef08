import type { PerTier } from "@fluxlab/core";
import type { Waits } from "@fluxlab/reports/metrics";
import type {
  NetworkNodeView,
  NodeView,
  QueueSnapshot,
  RunRecord,
  SpreadRecord,
  SpreadScene,
  TraceRows,
} from "@fluxlab/sim";
import type { Scenario, SpreadScenario } from "@fluxlab/sim/scenario";

// Where runs come from: a worker of this page, a server, a recording, a testnet. The page knows this and no more; what a
// source cannot do it does not have, and the page then shows less.

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

/** What any run under way does when told. */
interface RunPace {
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Simulated seconds for each second of real time; undefined: as fast as possible. */
  setSpeed(secondsPerSecond: number | undefined): Promise<void>;
  /** Ends the run and frees what it holds. */
  stop(): Promise<void>;
}

/** A run of the economy under way. */
export interface RunControl extends RunPace {
  /** Plays so many blocks and pauses. */
  step(blocks: number): Promise<void>;
  /** Plays up to the block at which something is due next, or to the end, and pauses. */
  stepEvent(): Promise<void>;
  /** The payment queues after a block (undefined: the latest), the first `most` nodes of each; undefined if it is no longer known. */
  queues?(most: number, height: number | undefined): Promise<QueueSnapshot | undefined>;
  /** One operator's node after a block; undefined if there is none of that number. */
  node?(number: number, height: number | undefined): Promise<NodeView | undefined>;
  /** Each tier's waits that had ended by a block; undefined if it is no longer known. */
  waits?(height: number): Promise<PerTier<Waits> | undefined>;
}

/** A run in which messages travel. */
export interface SpreadRequest {
  readonly scenario: SpreadScenario;
  readonly seed: number;
  /** Simulated seconds for each second of real time; undefined: as fast as possible. */
  readonly speed: number | undefined;
  /** The first so many simulated seconds are played at once. */
  readonly playFirst: number;
  /** It pauses after those. */
  readonly paused: boolean;
}

/** What a run in which messages travel has to tell since its last frame. */
export interface SpreadFrame {
  readonly state: "replaying" | "running" | "paused" | "done";
  /** Simulated, so far. */
  readonly seconds: number;
  readonly rows: TraceRows;
  /** Of the first frame. */
  readonly scene: SpreadScene | undefined;
  /** What was played so far; not in every frame. */
  readonly record: SpreadRecord | undefined;
}

/** What a run in which messages travel plays before it pauses. */
export type SpreadStep = "event" | "block";

export interface SpreadControl extends RunPace {
  /** Plays so many of them and pauses. */
  step(what: SpreadStep, times: number): Promise<void>;
  /** One full node at the newest moment; undefined if there is none of that number, or nodes have no inside. */
  node(number: number): Promise<NetworkNodeView | undefined>;
}

/** Something that plays scenarios. `onFrame` is called at most ten times a second; `onFailure` ends the run. */
export interface Backend {
  start(
    request: RunRequest,
    onFrame: (frame: RunFrame) => void,
    onFailure: (message: string) => void,
  ): Promise<RunControl>;
  startSpread(
    request: SpreadRequest,
    onFrame: (frame: SpreadFrame) => void,
    onFailure: (message: string) => void,
  ): Promise<SpreadControl>;
}
