import type { PerTier } from "@fluxlab/core";
import type { Waits } from "@fluxlab/reports/metrics";
import type { NetworkNodeView, NodeView, QueueSnapshot, RunRecord } from "@fluxlab/sim";
import type { AnyScenario, Scenario } from "@fluxlab/sim/scenario";
import type { RunFrame, RunRequest, SpreadFrame, SpreadRequest, SpreadStep } from "../backend/backend.ts";
import type { CheckedText, Speed, SupplyHistory } from "../backend/library.ts";
import type { ForceRequest } from "../network/layouts.ts";

/** What a worker that plays one run answers to, over comlink. */
export interface RunApi {
  start(request: RunRequest, onFrame: (frame: RunFrame) => void): void;
  pause(): void;
  resume(): void;
  step(blocks: number): void;
  stepEvent(): void;
  setSpeed(secondsPerSecond: number | undefined): void;
  queues(most: number, height: number | undefined): QueueSnapshot | undefined;
  node(number: number, height: number | undefined): NodeView | undefined;
  waits(height: number): PerTier<Waits> | undefined;
}

/** What a worker that plays one run in which messages travel answers to. */
export interface SpreadApi {
  startSpread(request: SpreadRequest, onFrame: (frame: SpreadFrame) => void): void;
  pauseSpread(): void;
  resumeSpread(): void;
  stepSpread(what: SpreadStep, times: number): void;
  setSpreadSpeed(secondsPerSecond: number | undefined): void;
  spreadNode(number: number): NetworkNodeView | undefined;
}

/** What a worker does in one go. */
export interface ToolsApi {
  /** Reads and judges a scenario's text. */
  check(text: string): CheckedText;
  /** The scenario as YAML. @throws Error that says what is wrong. */
  format(scenario: AnyScenario): string;
  /** The text with another value at a path; undefined takes it out. */
  edit(text: string, path: readonly string[], value: string | number | undefined): string;
  /** Plays the first blocks and says how long the whole would take here. */
  speed(scenario: AnyScenario): Speed;
  /** Plays a scenario to its end. */
  play(scenario: Scenario, seed: number): RunRecord;
  /** What was issued before the scenario's first block. */
  history(scenario: Scenario): SupplyHistory;
  /** Places for nodes that their links pull together and that push each other away: x and y of each, about 0. */
  layOut(request: ForceRequest): Float32Array;
}

export type WorkerApi = RunApi & SpreadApi & ToolsApi;
