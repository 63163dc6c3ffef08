export { nodeEquihash, orThrow, readModule } from "./equihash.ts";
export { type NodeSolveOptions, NodeSolver, NoMemoryError } from "./nodeSolver.ts";
