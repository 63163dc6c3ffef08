import { readFileSync } from "node:fs";
import { regtest } from "@fluxlab/core";
import { spreadFigures } from "@fluxlab/reports";
import { type SpreadRun, spreadRun } from "@fluxlab/sim";
import { hours, minutes, networkScenario, relayScenario, seconds } from "@fluxlab/sim/scenario";

// One run in a process of its own; prints figures as JSON. `relay N` or `nodes N`.

/** What a run cost. */
export interface RunCost {
  /** User and system, of the run without its set-up. */
  readonly cpuSeconds: number;
  readonly simulatedSeconds: number;
  readonly blocks: number;
  readonly events: number;
  readonly meanSeconds: Readonly<Record<string, number>>;
  readonly peakMiB: number;
  readonly heldKiBPerNode: number;
}

/** Simulated time: enough blocks for a mean, few enough for a bench. */
const runLength = (nodes: number): string =>
  nodes > 10_000 ? minutes(15) : nodes === 10_000 ? minutes(30) : nodes >= 1_000 ? hours(2) : hours(24);

/** Connections are open after that, and what they cost is not counted. */
const WARM_UP_SECONDS = 60;

const used = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Of this process alone: what resourceUsage() says begins with the memory of the process that forked it. */
function peakMiB(): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Math.round(Number(kib) / 1_024);
}

function make(kind: string, nodes: number): SpreadRun {
  const common = { name: "bench", title: "Bench", nodes };
  return kind === "relay"
    ? spreadRun(relayScenario({ ...common, blocks: 100, blockInterval: seconds(600) }), regtest, 10)
    : spreadRun(
        networkScenario({
          ...common,
          network: "regtest",
          run: runLength(nodes),
          blockInterval: seconds(120),
          topology: { random: Math.min(8, nodes - 1) },
        }),
        regtest,
        10,
      );
}

const [kind = "", count = ""] = process.argv.slice(2);
const nodes = Number(count);
const before = used();
const run = make(kind, nodes);
const warmUp = kind === "nodes" ? WARM_UP_SECONDS : 0;
run.advance(warmUp);
const start = process.cpuUsage();
while (!run.done) run.advance(kind === "relay" ? 10 : 60);
const { user, system } = process.cpuUsage(start);
const record = run.record();
const cost: RunCost = {
  cpuSeconds: (user + system) / 1e6,
  simulatedSeconds: record.seconds - warmUp,
  blocks: record.blocks.height.length,
  events: record.events,
  meanSeconds: spreadFigures(record).meanSeconds,
  peakMiB: peakMiB(),
  heldKiBPerNode: (used() - before) / 1_024 / nodes,
};
console.log(JSON.stringify(cost));
