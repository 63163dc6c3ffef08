import type { AnyScenario, Scenario } from "@fluxlab/sim/scenario";
import type { CheckedText, Speed, SupplyHistory } from "../backend/library.ts";
import { type LabThread, startThread } from "../backend/worker.ts";
import type { ForceRequest } from "../network/layouts.ts";

// A thread for what is quick: started when first needed, kept for the session.

let thread: LabThread | undefined;

function toolsOf() {
  thread ??= startThread(() => {
    thread?.end();
    thread = undefined;
  });
  return thread.remote;
}

/** Reads and judges a scenario's text. */
export const checkText = (text: string): Promise<CheckedText> => toolsOf().check(text);

/** A scenario as YAML. */
export const formatText = (scenario: AnyScenario): Promise<string> => toolsOf().format(scenario);

/** A scenario's text with another value at a path; undefined takes it out. */
export const editText = (
  text: string,
  path: readonly string[],
  value: string | number | undefined,
): Promise<string> => toolsOf().edit(text, path, value);

/** How fast this machine plays a scenario. */
export const measureSpeed = (scenario: AnyScenario): Promise<Speed> => toolsOf().speed(scenario);

/** What was issued before a scenario's first block. */
export const historyOf = (scenario: Scenario): Promise<SupplyHistory> => toolsOf().history(scenario);

/** Places for nodes that their links pull together: x and y of each. */
export const layOutByForce = (request: ForceRequest): Promise<Float32Array> => toolsOf().layOut(request);
