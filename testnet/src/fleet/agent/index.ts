export { Agent } from "./agent.ts";
export { sweepPlace } from "./sweep.ts";
