import { expose } from "comlink";
import type { WorkerApi } from "./labApi.ts";
import { PacedRun } from "./paced.ts";
import { PacedSpread } from "./pacedSpread.ts";
import { tools } from "./tools.ts";

// A thread of the page: plays one run that is watched, or does what the page asks for in one go.

const run = new PacedRun();
const spread = new PacedSpread();
const api: WorkerApi = {
  start: (request, onFrame) => run.start(request, onFrame),
  pause: () => run.pause(),
  resume: () => run.resume(),
  step: (blocks) => run.step(blocks),
  stepEvent: () => run.stepEvent(),
  setSpeed: (secondsPerSecond) => run.setSpeed(secondsPerSecond),
  queues: (most, height) => run.queues(most, height),
  node: (number, height) => run.node(number, height),
  waits: (height) => run.waits(height),
  startSpread: (request, onFrame) => spread.startSpread(request, onFrame),
  pauseSpread: () => spread.pauseSpread(),
  resumeSpread: () => spread.resumeSpread(),
  stepSpread: (what, times) => spread.stepSpread(what, times),
  setSpreadSpeed: (secondsPerSecond) => spread.setSpreadSpeed(secondsPerSecond),
  spreadNode: (number) => spread.spreadNode(number),
  ...tools,
};
expose(api);
