export { FLAG_GAP, type Flag, type FlagPlace, placeFlags } from "./markLayout.ts";
export { bandPath, linePath, type Point, steps } from "./paths.ts";
export { type TimeTick, timeTicks } from "./timeTicks.ts";
