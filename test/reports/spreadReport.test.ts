import { regtest } from "@fluxlab/core";
import { missedPayments, reportFiles, spreadFigures, summaryText } from "@fluxlab/reports";
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

test("what became of a change to proof of node: the split, both tips, and what FluxNodes miss", () => {
  const record = played(
    networkScenario({
      name: "upgrade",
      title: "An upgrade",
      network: "lab",
      nodes: 8,
      run: minutes(30),
      blockInterval: seconds(20),
      fluxnodes: { cumulus: 3, nimbus: 1, stratus: 0 },
      ponUpgrade: 4,
      keyholders: { nodes: [4, 5], after: minutes(2), handling: seconds(5) },
      faults: [
        { fault: "never-upgrade", at: seconds(0), nodes: { ids: [0, 1, 2] } },
        { fault: "kill", at: minutes(8), for: minutes(22), nodes: { ids: [6, 7] } },
      ],
    }),
  );
  const { upgraded, old, split, height } = record.upgrade!;
  expect(split!.height).toBe(height);
  expect([upgraded.nodesAtEnd, old!.nodesAtEnd]).toEqual([5, 3]);
  const made = upgraded.blocks.proofOfNode + upgraded.blocks.emergency;
  expect(upgraded.tip!.height - height + 1).toBe(made);
  expect(old!.tip!.height - height + 1).toBe(old!.blocks.proofOfWork);
  for (const { tier, nodes } of [
    { tier: "cumulus", nodes: 3 } as const,
    { tier: "stratus", nodes: 0 } as const,
  ]) {
    expect(upgraded.payments[tier].count).toBe(nodes > 0 ? made : 0);
    expect(old!.payments[tier].count).toBe(nodes > 0 ? old!.blocks.proofOfWork : 0);
  }
  const due = 1 + Math.floor((30 * 60 - record.upgrade!.seconds!) / 30);
  expect(missedPayments(record)).toEqual({
    due,
    made,
    tiers: { cumulus: due - made, nimbus: due - made, stratus: 0 },
  });
  const said = summaryText(record);
  expect(said).toContain(
    `where the chains part: by the new rules 5 nodes are on block ${upgraded.tip!.height} (${upgraded.tip!.hash.slice(-12)})`,
  );
  expect(said).toContain(`by the old ones 3 nodes are on block ${old!.tip!.height}`);
  expect(said).toContain(`FluxNodes miss payments: ${due - made} to Cumulus`);
  expect(said).toContain(`Keyholders made ${upgraded.blocks.emergency} emergency blocks`);
  const html = reportFiles(record, about).get("report.html")!;
  expect(html).toContain("The upgrade");
  expect(html).not.toMatch(/NaN|undefined/);
});

test("a run too short for a block says so", () => {
  const { scenario } = network;
  const record = played({ ...scenario, run: "1 s", blockInterval: "1 h" } as SpreadScenario);
  expect(record.blocks.height.length).toBe(0);
  expect(reportFiles(record, about).get("report.html")).toContain("No block reached half of the nodes");
});
