import { spreadRun } from "@fluxlab/sim";
import { checkedSpread, labParams, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import {
  FAULT_GROUPS,
  type FaultForm,
  faultsFromAddress,
  faultsToAddress,
  handFault,
  withNodesNamed,
} from "../../../lab-ui/src/network/handFaults.ts";

const form: FaultForm = {
  from: 30,
  lasts: 60,
  nodes: { share: "1 in 3" },
  milliseconds: 500,
  perMille: 300,
  kilobits: 256,
  direction: "in",
  attackers: [0],
  disk: "torn",
  driftPpm: 10,
  times: 2,
};
const base = networkScenario({
  name: "base",
  title: "Base",
  network: "lab",
  nodes: 6,
  run: minutes(4),
  blockInterval: seconds(30),
  fluxnodes: { cumulus: 2, nimbus: 1, stratus: 1 },
});
const ALL = Object.values(FAULT_GROUPS).flat();

test.each(ALL)("%s from the form is a fault that scenarios have", (kind) => {
  const fault = handFault(kind, form);
  const scenario = checkedSpread({ ...base, faults: [fault] });
  expect(scenario).toMatchObject({ faults: [fault] });
  const run = spreadRun(scenario, labParams, 1);
  expect(run.scene.faults).toMatchObject([
    { fault: kind, from: 30, to: kind === "collateral-spend" ? 30 : 90 },
  ]);
});

test("taking a fault out leaves the others their nodes", () => {
  const faults = [handFault("partition", form), handFault("pause", form)];
  const before = spreadRun(checkedSpread({ ...base, faults }), labParams, 1).scene.faults;
  const left = withNodesNamed(faults, before).slice(1);
  const after = spreadRun(checkedSpread({ ...base, faults: left }), labParams, 1).scene.faults;
  expect(after[0]!.nodes).toEqual(before[1]!.nodes);
});

test("an address brings faults back, and one that cannot be read brings none", () => {
  const faults = [handFault("kill", form)];
  expect(faultsFromAddress(faultsToAddress(faults))).toEqual(faults);
  for (const text of [undefined, "{", "7"]) expect(faultsFromAddress(text)).toBeUndefined();
});
