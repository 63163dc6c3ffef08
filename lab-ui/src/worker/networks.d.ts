import { type Params } from "@fluxlab/core";
import { type AnyScenario } from "@fluxlab/sim/scenario";
/** @throws InvalidInput for a network file, which a page cannot read. */
export declare function networkOf(scenario: AnyScenario): Params;
