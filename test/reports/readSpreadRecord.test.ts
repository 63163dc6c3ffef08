import { regtest } from "@fluxlab/core";
import { readAnyRecord } from "@fluxlab/reports/metrics";
import { type SpreadRecord, spreadRun } from "@fluxlab/sim";
import {
  labParams,
  minutes,
  networkScenario,
  relayScenario,
  type SpreadScenario,
  seconds,
} from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { recordJson } from "../../reports/src/json.ts";

function played(scenario: SpreadScenario, params = labParams): SpreadRecord {
  const run = spreadRun(scenario, params, 1);
  while (!run.done) run.advance(60);
  return run.record();
}

const small = {
  ...{ name: "small", title: "A small network", network: "lab", nodes: 6, run: minutes(4) },
  ...{ blockInterval: seconds(10), fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 } },
};

test.each<readonly [string, SpreadRecord]>([
  ["of full nodes", played(networkScenario(small))],
  [
    "with an upgrade and a partition at the end, which leaves blocks that not all have",
    played(
      networkScenario({
        ...{ ...small, ponUpgrade: 5, ponSpacing: seconds(10) },
        faults: [
          { fault: "never-upgrade", at: "0 s", nodes: { share: "1 in 3" } },
          { fault: "partition", at: "3 min", for: "1 min", nodes: { ids: [0] } },
        ],
      }),
    ),
  ],
  [
    "of the relay model",
    played(
      relayScenario({ name: "relay", title: "Relay", nodes: 20, blocks: 5, blockInterval: seconds(60) }),
      regtest,
    ),
  ],
])("a record %s reads back from its JSON as it was", (_, record) => {
  // What is undefined is left out of JSON.
  expect(JSON.parse(JSON.stringify(plain(readAnyRecord(recordJson(record)))))).toEqual(
    JSON.parse(JSON.stringify(plain(record))),
  );
  const read = readAnyRecord(recordJson(record)) as SpreadRecord;
  expect(read.blocks).toEqual(record.blocks); // typed columns, NaN among them
  expect(read.agreement).toEqual(record.agreement);
  expect(read.upgrade).toEqual(record.upgrade);
});

test("a block that never came to everybody has no time in which it did", () => {
  const record = played(
    networkScenario({
      ...small,
      faults: [{ fault: "partition", at: "10 s", for: "3 min", nodes: { ids: [0] } }],
    }),
  );
  expect(record.blocks.all.some(Number.isNaN)).toBe(true);
});

test("a record of another format is refused", () => {
  expect(() => readAnyRecord('{"format":2,"fidelity":"network"}')).toThrow("not a record");
  expect(() => readAnyRecord("{}")).toThrow("not a record");
});

/** Amounts as text and columns as lists, so that JSON can hold them. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => {
      if (typeof member === "bigint") return `${member}n`;
      return ArrayBuffer.isView(member) ? Array.from(member as unknown as Iterable<number>, String) : member;
    }),
  );
