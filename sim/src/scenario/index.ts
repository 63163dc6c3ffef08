export { type AnyScenario, checkedSpread, decodeAnyScenario, isSpread } from "./anyScenario.ts";
export * from "./builders.ts";
export { labParams } from "./compileSpread.ts";
export { decode, keysOf, oneOf, text, whole } from "./decode.ts";
export type { FaultInput, FaultTargets } from "./faultSchema.ts";
export { formatNetwork } from "./formatNetwork.ts";
export { networkGenesis, parseNetwork } from "./networkFile.ts";
export { builtInNetworks } from "./networks.ts";
export { describeProblem, formatPath, InvalidInput, type Problem } from "./problems.ts";
export { decodeScenario, type Scenario, type ScenarioInput, scenarioHash } from "./schema.ts";
export { type Setting, settingPath, withSettings } from "./settings.ts";
export type {
  NetworkScenario,
  NetworkScenarioInput,
  RelayScenario,
  RelayScenarioInput,
  SpreadScenario,
} from "./spreadSchema.ts";
export { type Duration, durationInBlocks, parseDuration } from "./units.ts";
export {
  editScenarioText,
  formatScenario,
  InvalidScenarioText,
  type PlacedProblem,
  parseScenario,
  parseValue,
  parseYaml,
  placeInText,
} from "./yaml.ts";
