import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RehearsalReport, RehearsalResources } from "@fluxlab/sim";
import { dataFiles } from "../dataCopy.ts";
import type { JUnitRun } from "../junit.ts";
import { dataFolderOf, nodeFolderOf } from "../nodeFolder.ts";
import { testnetFolder } from "../registry.ts";
import { openTestnet, type Testnet, type TestnetOptions } from "../testnet.ts";
import { showTime } from "../times.ts";
import { type Rehearsal, RehearsalObserver, type Scene } from "./rehearsal.ts";

/** How long a node that is restarted at the activation is away. */
const RESTART_TAKES = "500 ms";

/** A rehearsal on real nodes, and the run that it was. */
export interface RealRehearsal {
  readonly report: RehearsalReport;
  readonly outcome: JUnitRun;
}

/** Rehearses an upgrade on real nodes. `progress`: milliseconds played; `collect`: takes what is to be kept before all is ended. */
export async function rehearseOnProcesses(
  rehearsal: Rehearsal,
  options: TestnetOptions,
  progress: (ms: number) => void,
  collect: (testnet: Testnet) => Promise<void>,
): Promise<RealRehearsal> {
  const beganAt = performance.now();
  const testnet = await openTestnet(rehearsal.scenario, {
    ...options,
    ...{ chain: rehearsal.chain, data: rehearsal.data },
  });
  try {
    const { fleet, play } = testnet;
    options.say(`${fleet.size} nodes ready after ${showTime(testnet.readyMs)}`);
    const { watch } = play;
    if (watch === undefined) throw new Error("rehearsals are of the laboratory's network");
    const observer = new RehearsalObserver(rehearsal, watch.params);
    const scene: Scene = {
      account: () => watch.account(Date.now()),
      isUp: (node) => fleet.running.includes(node),
    };
    const moments = [...observer.moments];
    const upgraded = new Map<number, number>();
    let restarted: Promise<void> | undefined;
    const outcome = await play.toEnd(
      options.signal,
      (now) => {
        if (moments.length > 0 && now >= moments[0]!.at) moments.shift()!.look(scene);
        for (const { node } of rehearsal.upgrades)
          if (!upgraded.has(node) && fleet.keepsNewRules(node)) upgraded.set(node, now / 1_000);
        if (fleet.observer.sight(rehearsal.restart).height >= observer.activation)
          restarted ??= play.inject({ stop: [rehearsal.restart], for: RESTART_TAKES });
        progress(now);
      },
      { whole: true },
    );
    await restarted;
    const report = observer.report(
      scene,
      "process",
      {
        wallSeconds: (performance.now() - beganAt) / 1_000,
        simulatedSeconds: play.now / 1_000,
        processes: fleet.size + 1,
        ...memoryOf(fleet.status().map(({ id }) => id)),
        diskMegabytes: largestDataFolder(testnetFolder(options.root, options.name), fleet.size),
      },
      { statesAfter: (block) => watch.statesAfter(block), upgraded },
    );
    await collect(testnet);
    return { report, outcome: { ...outcome, name: rehearsal.plan.name } };
  } finally {
    await testnet.close();
  }
}

/** What the processes had at most, each; undefined where the system does not tell. */
function memoryOf(
  pids: readonly (string | undefined)[],
): Pick<RehearsalResources, "mostMegabytes" | "allMegabytes"> {
  const kilobytes = pids.flatMap((pid) => {
    const file = `/proc/${pid}/status`;
    if (pid === undefined || !existsSync(file)) return [];
    const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, "utf8")) ?? [];
    return most === undefined ? [] : [Number(most)];
  });
  if (kilobytes.length === 0) return { mostMegabytes: undefined, allMegabytes: undefined };
  const megabytes = (sum: number) => Math.round(sum / 1_024);
  return {
    mostMegabytes: megabytes(Math.max(...kilobytes)),
    allMegabytes: megabytes(kilobytes.reduce((sum, each) => sum + each, 0)),
  };
}

function largestDataFolder(testnet: string, nodes: number): number {
  const bytes = Array.from({ length: nodes }, (_, node) => {
    const folder = dataFolderOf(nodeFolderOf(testnet, node));
    return dataFiles(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  });
  return Math.max(...bytes) / 1_000_000;
}
