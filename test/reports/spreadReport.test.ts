import { regtest } from "@fluxlab/core";
import { reportFiles, spreadFigures, summaryText } from "@fluxlab/reports";
import { type SpreadRecord, spreadRun } from "@fluxlab/sim";
import { minutes, networkScenario, relayScenario, type SpreadScenario, seconds } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const about = { commit: "0123abc", command: "npm run sim -- spread --seed 1", version: "0.1.0" };

function played(scenario: SpreadScenario): SpreadRecord {
  const run = spreadRun(scenario, regtest, 1);
  while (!run.done) run.advance(60);
  return run.record();
}

const network = played(
  networkScenario({
    name: "spread",
    title: "A <small> network",
    question: "How fast?",
    network: "regtest",
    nodes: 12,
    run: minutes(10),
    blockInterval: seconds(3),
    topology: { random: 2 },
  }),
);
const relay = played(
  relayScenario({ name: "spread", title: "A relay", nodes: 30, blocks: 10, blockInterval: seconds(600) }),
);

test("figures are those of the blocks", () => {
  const { blocks, staleBlocks, staleRate, meanSeconds } = spreadFigures(network);
  const main = Array.from(network.blocks.onMainChain).filter((each) => each === 1).length;
  expect(blocks).toBe(network.blocks.height.length);
  expect(staleBlocks).toBe(blocks - main);
  expect(staleBlocks).toBeGreaterThan(0);
  expect(staleRate).toBe(staleBlocks / blocks);
  // Heights of the main chain are 1, 2, 3, …
  const heights = network.blocks.height.filter((_, i) => network.blocks.onMainChain[i] === 1);
  expect(Array.from(heights)).toEqual(Array.from({ length: main }, (_, i) => i + 1));
  const reached = network.blocks.p50.filter(
    (time, i) => network.blocks.onMainChain[i] === 1 && !Number.isNaN(time),
  );
  expect(meanSeconds.p50).toBeCloseTo(reached.reduce((sum, time) => sum + time, 0) / reached.length, 9);
  expect(meanSeconds.p50).toBeLessThan(meanSeconds.p99);
});

test.each([
  ["full nodes", network],
  ["the relay model", relay],
])("a run of %s leaves a page, tables and all of its record", (_, record) => {
  const files = reportFiles(record, about);
  expect([...files.keys()]).toEqual(["report.html", "run.json", "blocks.csv", "messages.csv"]);
  const html = files.get("report.html")!;
  for (const part of ["How blocks spread", "Stale blocks", "Messages", record.digest, record.scenarioHash]) {
    expect(html).toContain(part);
  }
  expect(html).not.toContain("<small>");
  expect(html).not.toMatch(/NaN|undefined/);
  const rows = files.get("blocks.csv")!.trimEnd().split("\r\n");
  expect(rows.length).toBe(record.blocks.height.length + 1);
  expect(rows[0]).toBe("height,miner,mined_seconds,stale,p50_seconds,p90_seconds,p99_seconds,all_seconds");
  expect(files.get("blocks.csv")).not.toContain("NaN");
  expect(files.get("messages.csv")).toContain(record === relay ? "cmpctblock," : "headers,");
  expect(JSON.parse(files.get("run.json")!)).toMatchObject({ digest: record.digest, nodes: record.nodes });
  expect(summaryText(record)).toContain(`digest  ${record.digest}`);
});

test("a run too short for a block says so", () => {
  const { scenario } = network;
  const record = played({ ...scenario, run: "1 s", blockInterval: "1 h" } as SpreadScenario);
  expect(record.blocks.height.length).toBe(0);
  expect(reportFiles(record, about).get("report.html")).toContain("No block reached half of the nodes");
});
