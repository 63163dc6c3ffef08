import { chainAllocation, formatFlux, type Params, secondsBetween } from "@fluxlab/core";
import { largestSwap } from "../world/fusionFlow.ts";
import type { FusionFlow, FusionPlan } from "../world/fusionPlan.ts";
import { assetsAt, chainNamed } from "./assetChains.ts";
import { InvalidInput, type Problem } from "./problems.ts";
import type { Scenario } from "./schema.ts";
import { durationInSeconds, parseAmount, parseDuration, parsed, parseRatio } from "./units.ts";

const DAY_MS = 86_400_000;

/** Every lock stays in the ledger; this many are played in seconds. */
const MOST_SWAPS = 200_000;

/** Satoshi of a mean swap: the sizes are hundredths of it, or fifths. */
const LEAST_MEAN = 100n;

/**
 * The scenario's swaps, if it has any, on the chains of the default list; the native chain keeps the pace of the last block.
 * @throws InvalidInput for what only the chains and the length of the run can tell.
 */
export function compileFusion(
  { fusion, from }: Scenario,
  params: Params,
  lastHeight: number,
  seed: number,
): FusionPlan | undefined {
  if (fusion === undefined) return undefined;
  const problems: Problem[] = [];
  const milliseconds = (text: string) => durationInSeconds(params, from, parsed(parseDuration(text))) * 1_000;
  const lengthMs = secondsBetween(params, from, lastHeight) * 1_000;
  const assets = assetsAt(params, lastHeight);
  const flows = fusion.flows.map(
    ({ source, target, swapsPerDay, amount, sizes = "equal", surge }): FusionFlow => ({
      source: chainNamed(source),
      target: chainNamed(target),
      swapsPerDay,
      meanAmount: parsed(parseAmount(amount)),
      sizes,
      surge:
        surge === undefined
          ? undefined
          : { fromMs: milliseconds(surge.from), lengthMs: milliseconds(surge.for), times: surge.times },
    }),
  );
  const floats = assets.chains.map(() => parsed(parseAmount(fusion.float)));
  for (const { chain, float } of fusion.floats ?? []) floats[chainNamed(chain)] = parsed(parseAmount(float));
  checkFlows(fusion, flows, lengthMs, problems);
  checkFloats(fusion, flows, floats, problems);
  if (problems.length > 0) throw new InvalidInput("scenario", problems);
  return {
    assets,
    seed: `${seed}`,
    lengthMs,
    flows,
    floats,
    refillBelow: parsed(parseRatio(fusion.refill.below)),
    refillMs: milliseconds(fusion.refill.after),
  };
}

type Fusion = NonNullable<Scenario["fusion"]>;

function checkFlows(
  fusion: Fusion,
  flows: readonly FusionFlow[],
  lengthMs: number,
  problems: Problem[],
): void {
  let expected = 0;
  flows.forEach(({ source, target, meanAmount, swapsPerDay, surge }, i) => {
    const written = fusion.flows[i]!;
    const problem = (key: string, what: string, got: unknown) =>
      problems.push({ path: ["fusion", "flows", i, key], expected: what, got });
    if (source === target)
      problem("target", `a chain other than the source, ${written.source}`, written.target);
    if (meanAmount < LEAST_MEAN) problem("amount", `at least ${formatFlux(LEAST_MEAN)} FLUX`, written.amount);
    expected += ((lengthMs + surgeMs(surge, lengthMs)) * swapsPerDay) / DAY_MS;
  });
  if (expected > MOST_SWAPS) {
    const got = `${Math.round(expected)} on average`;
    problems.push({ path: ["fusion", "flows"], expected: `at most ${MOST_SWAPS} swaps in the run`, got });
  }
}

/** What a surge adds to a flow, as more time. */
function surgeMs(surge: FusionFlow["surge"], lengthMs: number): number {
  if (surge === undefined) return 0;
  const end = Math.min(surge.fromMs + surge.lengthMs, lengthMs);
  return Math.max(end - surge.fromMs, 0) * (surge.times - 1);
}

/** A float lies between the largest swap that must be paid from it and the chain's whole swap supply. */
function checkFloats(
  { float, floats = [] }: Fusion,
  flows: readonly FusionFlow[],
  compiled: readonly bigint[],
  problems: Problem[],
): void {
  const named = floats.map(({ chain }) => chainNamed(chain));
  floats.forEach(({ chain }, i) => {
    if (named.indexOf(named[i]!) === i) return;
    problems.push({
      path: ["fusion", "floats", i, "chain"],
      expected: "a chain that is not in the list yet",
      got: chain,
    });
  });
  const used = new Set(flows.flatMap(({ source, target }) => [source, target]));
  for (const chain of used) {
    const place = named.indexOf(chain);
    const path = place === -1 ? ["fusion", "float"] : ["fusion", "floats", place, "float"];
    const got = place === -1 ? float : floats[place]!.float;
    const largest = flows
      .filter(({ target }) => target === chain)
      .reduce((most, flow) => (largestSwap(flow) > most ? largestSwap(flow) : most), 0n);
    const { swap } = chainAllocation(chain);
    const told = problems.some((problem) => problem.path.join() === path.join());
    if (told || (compiled[chain]! >= largest && compiled[chain]! <= swap)) continue;
    const expected = `between the largest swap to the chain, ${formatFlux(largest)} FLUX, and its swap supply, ${formatFlux(swap)} FLUX`;
    problems.push({ path, expected, got });
  }
}
