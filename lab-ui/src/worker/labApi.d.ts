import type { NodeView, QueueSnapshot, RunRecord } from "@fluxlab/sim";
import type { Scenario } from "@fluxlab/sim/scenario";
import type { RunFrame, RunRequest } from "../backend/backend.ts";
import type { CheckedText, Speed } from "../backend/library.ts";
/** What a worker that plays one run answers to, over comlink. */
export interface RunApi {
  start(request: RunRequest, onFrame: (frame: RunFrame) => void): void;
  pause(): void;
  resume(): void;
  step(blocks: number): void;
  setSpeed(secondsPerSecond: number | undefined): void;
  queues(most: number): QueueSnapshot;
  node(number: number): NodeView | undefined;
}
/** What a worker does in one go. */
export interface ToolsApi {
  /** Reads and judges a scenario's text. */
  check(text: string): CheckedText;
  /** The scenario as YAML. @throws Error that says what is wrong. */
  format(scenario: Scenario): string;
  /** The text with another value at a path; undefined takes it out. */
  edit(text: string, path: readonly string[], value: string | number | undefined): string;
  /** Plays the first blocks and says how long the whole would take here. */
  speed(scenario: Scenario): Speed;
  /** Plays a scenario to its end. */
  play(scenario: Scenario, seed: number): RunRecord;
}
export type WorkerApi = RunApi & ToolsApi;
