import { type SpreadRecord, SpreadTrace, spreadRun } from "@fluxlab/sim";
import { labParams, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { historyCurves } from "../../../lab-ui/src/network/historyCurves.ts";
import { historyRecord } from "../../../lab-ui/src/network/historyRecord.ts";
import { SpreadHistory } from "../../../lab-ui/src/network/spreadHistory.ts";

// What a page makes of what it was told, against what the simulator's own recorder counted while it played.

const scenario = networkScenario({
  ...{ name: "small", title: "A network that is cut", network: "lab", nodes: 9, run: minutes(12) },
  ...{ blockInterval: seconds(12), fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 } },
  faults: [
    { fault: "partition", at: "3 min", for: "4 min", nodes: { ids: [0, 1, 2] } },
    { fault: "kill", at: "8 min", for: "1 min", nodes: { ids: [4] }, disk: "whole" },
  ],
});

function played(): { readonly history: SpreadHistory; readonly record: SpreadRecord } {
  const trace = new SpreadTrace();
  const run = spreadRun(scenario, labParams, 3, { trace });
  let history: SpreadHistory | undefined;
  while (!run.done) {
    run.advance(45);
    history ??= new SpreadHistory(run.scene);
    history.append(trace.drain(), run.time / 1_000_000);
  }
  return { history: history!, record: run.record() };
}

const { history, record } = played();
const made = historyRecord(history, scenario, record.findings ?? []);

describe("a record of what was told", () => {
  test("has the recorder's blocks, their miners, and how long they took to so many nodes", () => {
    expect(made.blocks.height).toEqual(record.blocks.height);
    expect(made.blocks.miner).toEqual(record.blocks.miner);
    expect(made.blocks.onMainChain).toEqual(record.blocks.onMainChain);
    for (const column of ["minedSeconds", "p50", "p90", "p99", "all"] as const)
      expect(Array.from(made.blocks[column], rounded), column).toEqual(
        Array.from(record.blocks[column], rounded),
      );
  });

  test("has its reorganisations, and who was apart for how long", () => {
    expect(made.reorganisations).toEqual(record.reorganisations);
    const [most, told] = [record.agreement!, made.agreement!].map(({ apart }) => Math.max(...apart));
    expect(told).toBe(most);
    expect(Array.from(made.agreement!.seconds, rounded)).toEqual(
      Array.from(record.agreement!.seconds, rounded),
    );
    expect(made.agreement!.height).toEqual(record.agreement!.height);
    expect(made.agreement!.up).toEqual(record.agreement!.up);
    expect(made.agreement!.apart).toEqual(record.agreement!.apart);
    expect(made.agreement!.depth).toEqual(record.agreement!.depth);
  });

  test("makes curves that rise with the chain and end where nothing is known yet", () => {
    const moments = Array.from({ length: 30 }, (_, i) => (i + 1) * 30);
    const { height, tips, half, all } = historyCurves(history, made.blocks, moments);
    const known = moments.filter((at) => at <= history.seconds).length;
    expect(known).toBe(24);
    expect(Array.from(height.slice(0, known))).toEqual(
      Array.from(height.slice(0, known)).sort((a, b) => a - b),
    );
    expect(height[known - 1]).toBe(120 + Math.max(...made.blocks.height));
    for (const curve of [height, tips, half, all]) expect(curve.slice(known).every(Number.isNaN)).toBe(true);
    expect(Math.max(...tips.slice(0, known))).toBeGreaterThan(1); // while it was cut
    expect(Math.max(...Array.from(half).filter((value) => !Number.isNaN(value)))).toBeLessThanOrEqual(
      Math.max(...made.blocks.p50.filter((value) => !Number.isNaN(value))),
    );
  });
});

/** Microseconds: sums of the two differ in the last bits. */
const rounded = (value: number): number => Math.round(value * 1e6);
