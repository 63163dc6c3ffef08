import type { RunFrame, RunRequest } from "../backend/backend.ts";

/** What a worker that plays one run answers to, over comlink. */
export interface WorkerApi {
  start(request: RunRequest, onFrame: (frame: RunFrame) => void): void;
  pause(): void;
  resume(): void;
  step(blocks: number): void;
  setSpeed(blocksPerSecond: number | undefined): void;
}
