import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fleetPlan, loadTestnet } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";
import { labWorldOf } from "../../../testnet/src/fleet/labTestnet.ts";
import { simulatedFaults } from "../../../testnet/src/fleet/simulatedFaults.ts";
import { temporaryFolder } from "../../support/program.ts";

function simulated(...faults: readonly object[]) {
  const file = join(temporaryFolder(), "scenario.yaml");
  const fields = {
    ...{ name: "four", title: "Four nodes", network: "lab", nodes: 4, run: "60 s", blockInterval: "1 s" },
    ...{
      topology: {
        links: [
          [1, 0],
          [2, 1],
          [3, 2],
        ],
      },
      hashRate: [1, 2, 2, 0],
      late: [3],
      fluxUpgrade: 5,
      faults,
    },
  };
  writeFileSync(file, JSON.stringify(fields));
  const scenario = loadTestnet(file);
  const world = labWorldOf(scenario, fleetPlan(scenario).links)!;
  const { faults: same, leftOut } = simulatedFaults(scenario, world);
  return { same, leftOut, params: world.plan.params, old: world.plan.late!.params };
}

const at = { at: "10 s", for: "5 s" };
const span = { start: 10_000_000, end: 15_000_000 };

test.each([
  [
    { ...at, partition: [[0], [1, 2]] },
    [
      {
        kind: "link",
        where: "around",
        direction: "both",
        nodes: [0],
        except: [],
        trouble: { cut: true },
        ...span,
      },
      {
        kind: "link",
        where: "around",
        direction: "both",
        nodes: [1, 2],
        except: [],
        trouble: { cut: true },
        ...span,
      },
    ],
  ],
  [
    { ...at, cut: { from: [0], to: [1] } },
    [
      {
        kind: "link",
        where: "around",
        direction: "out",
        nodes: [0],
        except: [2, 3],
        trouble: { cut: true },
        ...span,
      },
    ],
  ],
  [
    { ...at, links: { latency: "100 ms", bytesPerSecond: 1000 } },
    [
      {
        ...{ kind: "link", where: "within", direction: "both", nodes: [0, 1, 2, 3], except: [], ...span },
        trouble: { delay: 100_000, bandwidth: 8_000 },
      },
    ],
  ],
  [{ ...at, pause: [1] }, [{ kind: "pause", nodes: [1], ...span }]],
  [{ ...at, kill: [1] }, [{ kind: "crash", disk: { kind: "whole" }, nodes: [1], ...span }]],
  [
    { at: "10 s", stop: [1] },
    [{ kind: "crash", disk: { kind: "whole" }, nodes: [1], start: 10_000_000, end: 60_000_000 }],
  ],
  [{ ...at, wipe: [1] }, [{ kind: "crash", disk: { kind: "wiped" }, nodes: [1], ...span }]],
  [
    { ...at, clock: { nodes: [2], offset: "-2 s" } },
    [{ kind: "clock", nodes: [2], offset: -2_000_000, drift: 0, stays: false, ...span }],
  ],
  [{ ...at, hashRate: { nodes: [1], weight: 6 } }, [{ kind: "power", times: 3, nodes: [1], ...span }]],
])("%j", (fault, expected) => {
  expect(simulated(fault)).toMatchObject({ same: expected, leftOut: [] });
});

test("upgrades, and a node that goes back to the old rules for a while", () => {
  const { same, params, old } = simulated({ at: "10 s", upgrade: [3] }, { ...at, downgrade: [0] });
  expect(same).toEqual([
    { kind: "upgrade", nodes: [3], params, start: 10_000_000, end: 10_000_000 },
    { kind: "upgrade", nodes: [0], params: old, start: 10_000_000, end: 10_000_000 },
    { kind: "upgrade", nodes: [0], params, start: 15_000_000, end: 15_000_000 },
  ]);
  expect(old).not.toBe(params);
});

test("what the simulator has nothing like is named", () => {
  const faults = [
    { reset: [[0, 1]] },
    { ...at, kill: [1] },
    { ...at, links: { between: [[0, 1]], latency: "1 s" } },
    { ...at, hashRate: { nodes: [1], weight: 1 } },
  ];
  expect(simulated(...faults)).toMatchObject({
    same: [{ kind: "crash" }],
    leftOut: ["faults[0] (reset)", "faults[2] (links)", "faults[3] (hashRate)"],
  });
});
