import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "@fluxlab/core";
import { rolldown } from "rolldown";
import { CalendarQueue } from "../../sim/src/kernel/calendarQueue.ts";
import { EventDigest } from "../../sim/src/kernel/eventDigest.ts";
import { EventQueue } from "../../sim/src/kernel/eventQueue.ts";
import { Latency } from "../../sim/src/net/latency.ts";
import { BITCOIN_2019, dealByShare } from "../../sim/src/net/regions.ts";
import { randomTopology } from "../../sim/src/net/topology.ts";
import type { RunCost } from "./spreadRuns.ts";

/** What SimBlock does with 9,000 nodes in a CPU second, measured on the project's machine; and its memory, heap capped. */
const SIMBLOCK_NODE_BLOCKS = 32_700;
const SIMBLOCK_MIB = 193;

const RELAY_NODES = [600, 3_000, 9_000, 12_000];
const FULL_NODES = [3, 100, 1_000, 10_000, 20_000];
const HOLDS = 2_000_000;
const FLOOD_NODES = 10_000;
const FLOOD_LINKS = 8;
const FLOOD_BLOCKS = 20;

const line = (name: string, text: string): void => console.log(`  ${name.padEnd(30)} ${text}`);

/** Prints speed and memory of kernel, relay model and full nodes. */
export async function benchSpread(): Promise<void> {
  console.log("spread: kernel");
  for (const pending of [10_000, 100_000, 1_000_000]) benchHold(pending);
  benchFlood();
  await withBundle((script) => {
    console.log("spread: SimBlock's Bitcoin-2019 relay model, 100 blocks, bundled as shipped");
    for (const nodes of RELAY_NODES) benchRelay(script, nodes);
    console.log("spread: full nodes, 8 outbound links, a block in 120 s");
    for (const nodes of FULL_NODES) benchFullNodes(script, nodes);
  });
}

/** Takes an event and schedules another, with so many pending. */
function benchHold(pending: number): void {
  const random = Random.root("hold");
  const delays = Float64Array.from({ length: 1 << 16 }, () => 10_000 + random.below(340_000));
  const calendar = new CalendarQueue(pending);
  const heap = new EventQueue(pending);
  for (let i = 0; i < pending; i++) {
    calendar.push(delays[i & 0xffff]!, 1, i % 10_000, 0, 0);
    heap.push(delays[i & 0xffff]!, 1, i % 10_000);
  }
  const ours = perEvent(() => {
    for (let i = 0; i < HOLDS; i++) {
      calendar.pop();
      calendar.push(calendar.time + delays[i & 0xffff]!, 1, calendar.source, 0, 0);
    }
  });
  const theirs = perEvent(() => {
    for (let i = 0; i < HOLDS; i++) {
      heap.pop();
      heap.push(heap.time + delays[i & 0xffff]!, 1, heap.source);
    }
  });
  const ratio = (theirs / ours).toFixed(1);
  line(
    `${pending.toLocaleString("en")} pending`,
    `${ours.toFixed(0)} ns an event, ${ratio} times as fast as a heap`,
  );
}

/** CPU seconds of this process: what neighbours on the machine take is not counted. */
function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const perEvent = (work: () => void): number => (cpuSeconds(work) / HOLDS) * 1e9;

/** Every node passes each block on to all it is linked with. */
function benchFlood(): void {
  const root = Random.root("flood");
  const { starts, peers } = randomTopology(
    new Uint8Array(FLOOD_NODES).fill(FLOOD_LINKS),
    root.fork("topology"),
  );
  const region = dealByShare(BITCOIN_2019.shares, FLOOD_NODES, root.fork("regions"));
  const latency = new Latency(BITCOIN_2019.meanLatencyMs);
  const random = root.fork("latency");
  const queue = new CalendarQueue();
  const digest = new EventDigest();
  const has = new Uint8Array(FLOOD_NODES);
  let events = 0;
  const forward = (node: number, block: number): void => {
    has[node] = 1;
    for (let i = starts[node]!; i < starts[node + 1]!; i++) {
      const peer = peers[i]!;
      queue.push(queue.time + latency.draw(region[node]!, region[peer]!, random), 1, node, peer, block);
    }
  };
  const seconds = cpuSeconds(() => {
    for (let block = 0; block < FLOOD_BLOCKS; block++) {
      has.fill(0);
      forward(block, block);
      while (queue.pop()) {
        events++;
        digest.row(queue.time, queue.source, queue.target, queue.payload);
        if (has[queue.target] === 0) forward(queue.target, queue.payload);
      }
    }
  });
  const name = `flood, ${FLOOD_NODES.toLocaleString("en")} x ${FLOOD_LINKS} links`;
  line(name, `${(events / seconds / 1e6).toFixed(2)} M events/CPU-s`);
}

/** Runs are processes of their own, so that each has its own memory; bundled, because reading sources costs more than most runs. */
async function withBundle(use: (script: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-bench-"));
  try {
    const input = fileURLToPath(new URL("./spreadRuns.ts", import.meta.url));
    const build = await rolldown({ input, platform: "node" });
    const file = join(folder, "runs.mjs");
    await build.write({ file, format: "esm" });
    await build.close();
    use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function play(script: string, ...args: readonly (string | number)[]): RunCost {
  // A small young generation: what a run holds lies in typed arrays, and garbage need not be hoarded.
  const printed = execFileSync(process.execPath, ["--max-semi-space-size=1", script, ...args.map(String)], {
    encoding: "utf8",
  });
  return JSON.parse(printed) as RunCost;
}

function benchRelay(script: string, nodes: number): void {
  const { cpuSeconds, events, blocks, peakMiB, meanSeconds } = play(script, "relay", nodes);
  const nodeBlocks = (nodes * blocks) / cpuSeconds;
  const ratio = (nodeBlocks / SIMBLOCK_NODE_BLOCKS).toFixed(1);
  const spread = Object.values(meanSeconds)
    .map((mean) => mean.toFixed(2))
    .join("/");
  line(
    `${nodes.toLocaleString("en")} nodes`,
    `${Math.round(nodeBlocks / 1_000)}k node-blocks/CPU-s (SimBlock at 9,000: x ${ratio}), ${(events / cpuSeconds / 1e6).toFixed(2)} M events/CPU-s, peak ${peakMiB} MiB (SimBlock ${SIMBLOCK_MIB}), p50/p90/p99/all ${spread} s`,
  );
}

function benchFullNodes(script: string, nodes: number): void {
  const { cpuSeconds, blocks, events, simulatedSeconds, peakMiB, heldKiBPerNode } = play(
    script,
    "nodes",
    nodes,
  );
  const nodeBlocks = nodes * blocks;
  line(
    `${nodes.toLocaleString("en")} nodes`,
    `${(simulatedSeconds / cpuSeconds).toFixed(0)} times real time, ${((cpuSeconds * 1e6) / nodeBlocks).toFixed(1)} us CPU and ${(events / nodeBlocks).toFixed(1)} events a node-block, ${heldKiBPerNode.toFixed(1)} KiB a node, peak ${peakMiB} MiB`,
  );
}
