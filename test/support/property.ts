import { appendFileSync } from "node:fs";
import fc from "fast-check";

/** What `npm run fuzz` asks of the properties of the tests that it runs, in the environment variable of this name. */
export const FUZZ_VARIABLE = "FLUX_LAB_FUZZ";

/** In place of the fixed number of runs. */
export interface FuzzRound {
  readonly seed: number;
  /** Of one failing case, as fast-check names it. */
  readonly path?: string;
  /** For each property. */
  readonly seconds: number;
  /** File that gets a line of JSON, a {@link FuzzedProperty}, for each property. */
  readonly report: string;
}

/** What became of one property in a round. */
export interface FuzzedProperty {
  readonly runs: number;
  /** Of the failing case. */
  readonly path: string | null;
}

/** Asserts a property: as often as `parameters` say, or within `npm run fuzz` for as long as that says. */
export function assertProperty<Ts>(property: fc.IProperty<Ts>, parameters: fc.Parameters<Ts>): void {
  const asked = process.env[FUZZ_VARIABLE];
  if (asked === undefined) {
    fc.assert(property, parameters);
    return;
  }
  const { seed, path, seconds, report } = JSON.parse(asked) as FuzzRound;
  const limits =
    path === undefined
      ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1_000 }
      : { path };
  const result = fc.check(property as fc.IProperty<[Ts]>, { ...limits, seed } as fc.Parameters<[Ts]>);
  const fuzzed: FuzzedProperty = {
    runs: result.numRuns,
    path: result.failed ? result.counterexamplePath : null,
  };
  appendFileSync(report, `${JSON.stringify(fuzzed)}\n`);
  if (result.failed) throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
}
