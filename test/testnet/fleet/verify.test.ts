import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadTestnet, simulate } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";
import { comparison } from "../../../testnet/src/fleet/verify.ts";
import { temporaryFolder } from "../../support/program.ts";

// A network set beside simulations of its scenario, here one simulation beside another.

test("what the simulator did without is said: faults, links shorter than any of its own, and machines that were busy", async () => {
  const file = join(temporaryFolder(), "scenario.yaml");
  const fields = {
    ...{ name: "two", title: "Two nodes", network: "lab", nodes: 2, run: "20 s", blockInterval: "1 s" },
    ...{ topology: { links: [[1, 0]] }, links: { latency: "1 ms" }, faults: [{ reset: [[0, 1]] }] },
  };
  writeFileSync(file, JSON.stringify(fields));
  const scenario = loadTestnet(file);
  const [real, simulated] = await simulate(scenario, 2, new AbortController().signal);
  const compared = (lateMs: number) => comparison(scenario, real!, [simulated!], { faults: [], lateMs });
  const { comparisons, notes } = compared(0.9);
  expect(comparisons.filter(({ kind, agrees }) => kind === "must" && !agrees)).toEqual([]);
  expect(notes).toEqual([
    "not simulated: faults[0] (reset), which the simulator has nothing like",
    expect.stringMatching(/^simulated links take \d+ ms, the least there is, and the real ones about 2 ms$/),
  ]);
  const [last, ...earlier] = compared(12.34).notes.toReversed();
  expect(last).toMatch(/^real links were 12\.3 ms late on average, since the machines were busy/);
  expect(earlier.toReversed()).toEqual(notes);
});
