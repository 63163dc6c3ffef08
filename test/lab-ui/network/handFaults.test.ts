import { spreadRun } from "@fluxlab/sim";
import { checkedSpread, labParams, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import {
  FAULT_GROUPS,
  type FaultForm,
  faultsFromAddress,
  faultsToAddress,
  handFault,
  lastsAWhile,
  parametersOfFault,
  withNodesNamed,
} from "../../../lab-ui/src/network/handFaults.ts";
import { text } from "../../../lab-ui/src/text/en.ts";
import { faultSchema } from "../../../sim/src/scenario/faultSchema.ts";

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
  blocks: 2,
  driftPpm: 10,
  stays: true,
  stamp: "early",
  times: 2,
  price: 0.15,
  monthlyCost: { cumulus: 7, nimbus: 17, stratus: 45 },
};
const base = networkScenario({
  name: "base",
  title: "Base",
  network: "lab",
  nodes: 6,
  run: minutes(4),
  blockInterval: seconds(30),
  fluxnodes: { cumulus: 2, nimbus: 1, stratus: 1 },
  fluxUpgrade: 3,
});
const ALL = Object.values(FAULT_GROUPS).flat();

test.each(ALL)("%s from the form is a fault that scenarios have", (kind) => {
  const fault = handFault(kind, form);
  expect(checkedSpread({ ...base, faults: [fault] })).toMatchObject({ faults: [fault] });
});

test("a world tells of each fault of the form when it begins and ends", () => {
  const scenario = checkedSpread({ ...base, faults: ALL.map((kind) => handFault(kind, form)) });
  const { faults } = spreadRun(scenario, labParams, 1).scene;
  expect(faults.map(({ fault, from, to }) => ({ fault, from, to }))).toEqual(
    ALL.map((kind) => ({ fault: kind, from: 30, to: lastsAWhile(kind) ? 90 : 30 })),
  );
});

test("every fault that scenarios have stands in the form under a name", () => {
  const kinds = faultSchema.members.flatMap(({ fields }) => fields.fault.literals as readonly string[]);
  expect(ALL.toSorted()).toEqual(kinds.toSorted());
  for (const kind of kinds) expect(text.network.faults.names[kind], kind).toBeTypeOf("string");
});

test("the form asks for every field that a fault may have", () => {
  const asked = new Map(ALL.map((kind) => [kind as string, parametersOfFault(kind)]));
  for (const { fields } of faultSchema.members) {
    const own = Object.keys(fields).filter((name) => !["fault", "at", "for", "nodes"].includes(name));
    for (const kind of fields.fault.literals) expect(asked.get(kind)!.toSorted()).toEqual(own.toSorted());
  }
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
