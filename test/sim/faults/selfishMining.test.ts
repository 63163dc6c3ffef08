import { spreadRun } from "@fluxlab/sim";
import { labParams, networkScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { minings } from "../../../reports/src/metrics/agreement.ts";

/** One miner with so much hash rate beside twenty others, who keeps its blocks to itself or does not. */
function share(rate: number, selfish: boolean): { readonly mined: number; readonly kept: number } {
  const attack = {
    fault: selfish ? ("selfish-mining" as const) : ("delay" as const),
    ...(selfish ? {} : { milliseconds: 0 }),
    at: "0 s",
    for: "10 h",
    nodes: { ids: [0] },
  };
  const scenario = networkScenario({
    name: "selfish",
    title: "Selfish",
    network: "regtest",
    nodes: 21,
    run: "10 h",
    blockInterval: "60 s",
    hashRates: [{ node: 0, rate }],
    faults: [attack as never],
    check: false,
  });
  const run = spreadRun(scenario, labParams, 1);
  run.advance(Number.MAX_SAFE_INTEGER);
  const record = run.record();
  const [mining] = minings(record);
  if (mining === undefined) return { mined: 0, kept: 0 };
  return { mined: mining.mined / mining.minedByAll, kept: mining.kept / mining.keptByAll };
}

test("a selfish miner with much hash rate gets more of the chain than it mines", () => {
  const { mined, kept } = share(16, true); // 16/36 of all
  expect(mined).toBeGreaterThan(0.4);
  expect(kept).toBeGreaterThan(mined + 0.05);
});

test("one with little gets less", () => {
  const { mined, kept } = share(3, true); // 3/23
  expect(kept).toBeLessThan(mined);
});
