/** How often a seed was played, and how often that failed. */
export interface SeedRuns {
  readonly seed: number;
  readonly runs: number;
  readonly failed: number;
}

/** What a seed's runs say together: nodes are real, so the same seed may end in different ways. */
type Reliability = "passes" | "fails" | "flaky";

const reliabilityOf = ({ runs, failed }: SeedRuns): Reliability =>
  failed === 0 ? "passes" : failed === runs ? "fails" : "flaky";

/** Counts runs by seed, in the order in which the seeds were played first. */
export function bySeed(outcomes: readonly { readonly seed: number; readonly ok: boolean }[]): SeedRuns[] {
  const seeds = [...new Set(outcomes.map(({ seed }) => seed))];
  return seeds.map((seed) => {
    const of = outcomes.filter((each) => each.seed === seed);
    return { seed, runs: of.length, failed: of.filter(({ ok }) => !ok).length };
  });
}

/** "3 of 5 seeds passed in every run; always failed: 4; flaky: 2 (1 of 3 failed)": the former is a bug to look for, the latter a race. */
export function reliabilityText(seeds: readonly SeedRuns[]): string {
  const of = (wanted: Reliability) => seeds.filter((each) => reliabilityOf(each) === wanted);
  const fails = of("fails").map(({ seed }) => seed);
  const flaky = of("flaky").map(({ seed, runs, failed }) => `${seed} (${failed} of ${runs} failed)`);
  return [
    `${of("passes").length} of ${seeds.length} seeds passed in every run`,
    ...(fails.length === 0 ? [] : [`always failed: ${fails.join(", ")}`]),
    ...(flaky.length === 0 ? [] : [`flaky: ${flaky.join(", ")}`]),
  ].join("; ");
}
