import { expose } from "comlink";
import type { WorkerApi } from "./labApi.ts";
import { PacedRun } from "./paced.ts";
import { tools } from "./tools.ts";

// A thread of the page: plays one run that is watched, or does what the page asks for in one go.

const api: WorkerApi = Object.assign(new PacedRun(), tools);
expose(api);
