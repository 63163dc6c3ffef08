export { orThrow } from "../threads/orThrow.ts";
export { NoMemoryError, type SolveOptions } from "../threads/threadedSolver.ts";
export {
  BLOCK_LOG_FILE,
  BLOCK_LOG_HEADING_BYTES,
  BLOCK_LOG_MARK,
  blockRecord,
  MAX_BLOCK_RECORD_BYTES,
  readBlockRecord,
} from "./blocks/blockRecords.ts";
export { DAT_HEADING_BYTES, datRecord } from "./blocks/datFile.ts";
export { readBlocks } from "./blocks/readBlocks.ts";
export { nodeEquihash, readModule } from "./equihash.ts";
export type { Field } from "./field.ts";
export {
  FluxAmount,
  type Json,
  JsonMembers,
  type JsonObject,
  JsonReal,
  jsonText,
  parseJson,
} from "./json.ts";
export { NodeSolver } from "./nodeSolver.ts";
export { readText } from "./readInput.ts";
export { type Search, startSearch } from "./solve/search.ts";
export { StatusLine } from "./statusLine.ts";
export { knownBefore, submitAnswer } from "./submitAnswer.ts";
export { decodedScriptJson, scriptPubKeyJson } from "./tx/scriptJson.ts";
export { type Signed, signOrdinary } from "./tx/signTransaction.ts";
export { hexWord, transactionJson } from "./tx/transactionJson.ts";
