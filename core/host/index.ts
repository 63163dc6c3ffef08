export { orThrow } from "../threads/orThrow.ts";
export { NoMemoryError, type SolveOptions } from "../threads/threadedSolver.ts";
export { nodeEquihash, readModule } from "./equihash.ts";
export { NodeSolver } from "./nodeSolver.ts";
