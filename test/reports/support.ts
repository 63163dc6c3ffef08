import { mainnet } from "@fluxlab/core";
import type { RunAbout } from "@fluxlab/reports";
import { type RunRecord, runScenario } from "@fluxlab/sim";
import { type ScenarioInput, scenario } from "@fluxlab/sim/scenario";

export const ABOUT: RunAbout = { commit: "unknown", command: "npm run sim -- run small", version: "0.1.0" };

/** A day in which the second halving falls, with a few nodes per tier, so that waits are hours. */
const SMALL: ScenarioInput = {
  name: "small",
  title: "A small run",
  question: "Does every part of a report work?",
  network: "main",
  from: 1_313_200 - 360,
  run: "720 blocks",
  startDate: "2023-02-07",
  population: { begin: "established", cumulus: 40, nimbus: 20, stratus: 10 },
};

/** Confirmations that hold against some, all and none of the reorganisations. */
export const BRIDGE: NonNullable<ScenarioInput["bridge"]> = {
  source: "FLUX",
  target: "ETH",
  amount: "2000 FLUX",
  confirmations: [2, 6],
  reorganisations: [1, 2, 5],
};

/** A day in which ETH runs dry at once, is filled up and runs dry again; nobody waits for the native chain. */
export const FUSION: NonNullable<ScenarioInput["fusion"]> = {
  float: "30000 FLUX",
  floats: [{ chain: "ETH", float: "3000 FLUX" }],
  refill: { below: "1 in 4", after: "6 h" },
  flows: [
    { source: "FLUX", target: "ETH", swapsPerDay: 60, amount: "500 FLUX", sizes: "uniform" },
    { source: "BSC", target: "FLUX", swapsPerDay: 20, amount: "500 FLUX" },
  ],
};

/** A record of a run of {@link SMALL}, changed at will. */
export const smallRun = (change: Partial<ScenarioInput> = {}): RunRecord =>
  runScenario(scenario({ ...SMALL, ...change }), mainnet, 1);

/** Runs that meet the edges of a report, by what is special about them. */
export const edges = (): (readonly [what: string, record: RunRecord])[] => [
  ["a halving, prices and parallel assets", smallRun(withEconomics())],
  ["no calendar", smallRunWithout("startDate")],
  ["a single block", smallRun({ from: 1_200_000, run: "1 block" })],
  ["two blocks", smallRun({ from: 1_200_000, run: "2 blocks" })],
  ["an empty tier", smallRun({ population: { begin: "established", cumulus: 40, nimbus: 0, stratus: 10 } })],
  ["nobody", smallRun({ population: { begin: "established", cumulus: 0, nimbus: 0, stratus: 0 } })],
  [
    "slow start",
    smallRun({
      from: 0,
      run: "6000 blocks",
      population: { begin: "1 day", cumulus: 0, nimbus: 0, stratus: 0 },
    }),
  ],
  ["crowded funding", smallRun({ from: 835_000, run: "265000 blocks" })],
  ["the cap passed", smallRun({ from: 3_730_000, run: "1000 blocks" })],
  ["above the cap from the start", smallRun({ supplyCap: "1 FLUX" })],
  ["a bridge", smallRun({ bridge: BRIDGE })],
  ["swaps", smallRun({ fusion: FUSION })],
  ["swaps in a single block", smallRun({ from: 1_200_000, run: "1 block", fusion: FUSION })],
  [
    "a bridge from a chain of whose nodes nothing is known",
    smallRun({
      bridge: { ...BRIDGE, source: "BSC", target: "FLUX", blockCost: "0.5 FLUX", reorganisations: [1] },
    }),
  ],
];

function withEconomics(): Partial<ScenarioInput> {
  return {
    economics: { price: "0.7 USD", monthlyCost: { cumulus: "7 USD", nimbus: "17 USD", stratus: "45 USD" } },
    parallelAssets: { model: "wp2-equal", released: 10 },
  };
}

function smallRunWithout(key: keyof ScenarioInput): RunRecord {
  const { [key]: _, ...rest } = SMALL;
  return runScenario(scenario(rest as ScenarioInput), mainnet, 1);
}
