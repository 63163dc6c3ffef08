import type { Scenario } from "@fluxlab/sim/scenario";
import type { SupplyHistory } from "../backend/library.ts";
/** What the network's schedule had issued before the scenario's first block, if every block claimed all it might. */
export declare function supplyHistory(scenario: Scenario): SupplyHistory;
