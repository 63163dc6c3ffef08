import { regtest } from "@fluxlab/core";
import { LOG_KINDS, playable, SpreadTrace, spreadRun, type TraceRows } from "@fluxlab/sim";
import {
  labParams,
  minutes,
  networkScenario,
  oneIn,
  relayScenario,
  type SpreadScenario,
  seconds,
} from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const parted = networkScenario({
  name: "parted",
  title: "A short partition",
  network: "lab",
  nodes: 12,
  run: minutes(16),
  blockInterval: seconds(20),
  miners: 8,
  fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 },
  faults: [
    { fault: "partition", at: minutes(2), for: minutes(4), nodes: { share: oneIn(3) } },
    { fault: "kill", at: minutes(4), for: minutes(2), disk: "wiped", nodes: { ids: [5] } },
  ],
});
const spread = relayScenario({
  name: "spread",
  title: "Relay",
  nodes: 60,
  blocks: 12,
  blockInterval: seconds(4),
});

/** Plays in slices of all lengths, with looks in between, as a page does. */
function watched(scenario: SpreadScenario) {
  const trace = new SpreadTrace();
  const run = spreadRun(scenario, paramsOf(scenario), 7, { trace });
  const drained: TraceRows[] = [];
  for (let slice = 1_000; !run.done; slice = (slice * 7) % 11_000_003) {
    run.advanceTo(run.time + slice);
    if (run.nextTime < Number.POSITIVE_INFINITY) run.advanceTo(run.nextTime);
    run.node?.(drained.length % scenario.nodes);
    drained.push(trace.drain());
  }
  return { run, drained };
}

const paramsOf = ({ fidelity }: SpreadScenario) => (fidelity === "network" ? labParams : regtest);

const join = <Row>(drained: readonly TraceRows[], pick: (rows: TraceRows) => Row[]): Row[] =>
  drained.flatMap(pick);

for (const scenario of [parted, spread]) {
  test(`${scenario.fidelity}: a run that is watched is the run that is not`, () => {
    const alone = playable(scenario, paramsOf(scenario), 7);
    while (!alone.done) alone.advance(5);
    const { run } = watched(scenario);
    expect(run.digest()).toBe(alone.digest());
    expect(run.record()).toEqual(alone.record());
  });

  test(`${scenario.fidelity}: the blocks told are those of the record, and times do not fall`, () => {
    const { run, drained } = watched(scenario);
    const { blocks } = run.record() as ReturnType<typeof run.record>;
    expect(join(drained, (rows) => [...rows.blocks.height])).toEqual([...blocks.height]);
    expect(join(drained, (rows) => [...rows.blocks.miner])).toEqual([...blocks.miner]);
    expect(join(drained, (rows) => [...rows.blocks.seconds])).toEqual([...blocks.minedSeconds]);
    for (const group of ["blocks", "tips", "log", "traffic"] as const) {
      const times = join(drained, (rows) => [...rows[group].seconds]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    const mined = join(drained, (rows) => [...rows.log.kind]).filter((kind) => LOG_KINDS[kind] === "mined");
    expect(mined).toHaveLength(blocks.height.length);
  });
}

test("relay: time passes where nothing happens, so that who plays piece by piece gets on", () => {
  const run = spreadRun({ ...spread, blockInterval: "2 h" }, regtest, 7);
  for (let i = 0; i < 10; i++) run.advanceTo(run.time + 1_000);
  expect(run.time).toBe(10_000);
});

test("changes of tips lead to the tips that nodes have, by a peer or by themselves", () => {
  const { run, drained } = watched(parted);
  const hashes = join(drained, ({ blocks: { hash } }) =>
    Array.from({ length: hash.length / 32 }, (_, i) =>
      Buffer.from(hash.slice(i * 32, i * 32 + 32))
        .reverse()
        .toString("hex"),
    ),
  );
  const tips = new Map<number, number>();
  for (const { tips: rows } of drained)
    for (const [i, node] of rows.node.entries()) tips.set(node, rows.block[i]!);
  expect(tips.size).toBe(parted.nodes);
  for (const [node, block] of tips) expect(hashes[block - 1]).toBe(run.node!(node)!.tipHash);
  const from = join(drained, (rows) => [...rows.tips.from]);
  expect(from.some((node) => node >= 0)).toBe(true);
  expect(from.every((node) => node >= -1 && node < parted.nodes)).toBe(true);
});

test("the log has reorganisations with their depth and whoever started again", () => {
  const { run, drained } = watched(parted);
  const kinds = join(drained, (rows) => [...rows.log.kind].map((kind) => LOG_KINDS[kind]));
  const depths = join(drained, (rows) => [...rows.log.depth]);
  const counted = new Map<number, number>();
  kinds.forEach((kind, i) => {
    if (kind === "reorganised") counted.set(depths[i]!, (counted.get(depths[i]!) ?? 0) + 1);
  });
  expect([...counted].sort(([a], [b]) => a - b)).toEqual(run.record().reorganisations);
  expect(kinds).toContain("restarted");
});

test("the scene has faults with their nodes, and a node tells of its queue places", () => {
  const { run } = watched(parted);
  const { faults, tier, links, regionNames, region } = run.scene;
  expect(faults.map(({ fault, from, to, cut }) => ({ fault, from, to, cut }))).toEqual([
    { fault: "partition", from: 120, to: 360, cut: "both" },
    { fault: "kill", from: 240, to: 360, cut: undefined },
  ]);
  expect(faults[0]!.nodes).toHaveLength(4);
  expect(links.starts).toHaveLength(parted.nodes + 1);
  expect(region.every((each) => each < regionNames.length)).toBe(true);
  const hosts = Array.from(tier, (each, node) => ({ each, node })).filter(({ each }) => each > 0);
  expect(hosts.length).toBeGreaterThan(0);
  const view = run.node!(hosts[0]!.node)!;
  expect(view.fluxnodes).toHaveLength(1);
  expect(view.fluxnodes[0]!.queued).toBeGreaterThan(0);
  expect(view.peers.length).toBeGreaterThan(0);
  expect(run.node!(99)).toBeUndefined();
});
