export { NoMemoryError, type SolveOptions } from "../threads/threadedSolver.ts";
export { BrowserSolver } from "./browserSolver.ts";
export { browserEquihash } from "./modules.ts";
