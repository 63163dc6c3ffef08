import { drawScenario, type FailingCase, playCase, type ShrinkProgress, shrink } from "@fluxlab/sim";
import { playSeeds, type SeedOutcome } from "./seedPool.ts";

/** How long to hunt, and where. */
export interface HuntRequest {
  readonly firstSeed: number;
  /** Seeds at most. */
  readonly seeds: number;
  /** Stops after so many milliseconds; seeds that began are played to their end. */
  readonly milliseconds: number;
  /** Stops at the first seed that fails. */
  readonly untilFound: boolean;
  readonly jobs?: number;
  /** Ends it early; what was played counts. */
  readonly signal?: AbortSignal;
}

/** All that was played. */
export interface HuntTotals {
  readonly seeds: number;
  readonly seconds: number;
  readonly events: number;
  readonly blocks: number;
  readonly milliseconds: number;
  /** How often each kind of fault was. */
  readonly faults: Readonly<Record<string, number>>;
  readonly failures: readonly SeedOutcome[];
}

/** Plays seed after seed and keeps those that fail. */
export async function hunt(
  request: HuntRequest,
  onProgress: (totals: HuntTotals) => void,
): Promise<HuntTotals> {
  const begun = performance.now();
  const failures: SeedOutcome[] = [];
  const faults: Record<string, number> = {};
  const sums = { seeds: 0, seconds: 0, events: 0, blocks: 0 };
  const totals = (): HuntTotals => ({ ...sums, milliseconds: performance.now() - begun, faults, failures });
  let given = 0;
  const next = () => {
    const over = performance.now() - begun >= request.milliseconds;
    if (over || given === request.seeds || (request.untilFound && failures.length > 0)) return undefined;
    return request.firstSeed + given++;
  };
  const done = (outcome: SeedOutcome) => {
    sums.seeds++;
    sums.seconds += outcome.seconds;
    sums.events += outcome.events;
    sums.blocks += outcome.blocks;
    for (const fault of outcome.faults) faults[fault] = (faults[fault] ?? 0) + 1;
    if (outcome.findings.length > 0) failures.push(outcome);
    onProgress(totals());
  };
  await playSeeds(next, done, request);
  failures.sort((a, b) => a.seed - b.seed);
  return totals();
}

/** Cases that are played to make one smaller. */
const MOST_TRIES = 300;

/** The smallest case found in which the checker that found something for this seed still does. */
export function shrinkSeed(
  { seed, findings }: SeedOutcome,
  onProgress: (progress: ShrinkProgress) => void,
): FailingCase {
  const [first] = findings;
  const fails = (tried: FailingCase) => {
    const [found] = playable(tried) ? playCase(tried).findings : [];
    return found !== undefined && found.checker === first?.checker;
  };
  return shrink({ scenario: drawScenario(seed), seed }, fails, MOST_TRIES, onProgress);
}

/** Leaving things out may leave a scenario that makes no sense, such as more links than nodes. */
const playable = ({ scenario }: FailingCase): boolean =>
  !("smallWorld" in scenario.topology) && scenario.nodes >= 2;
