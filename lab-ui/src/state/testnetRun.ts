import type {
  TestnetAbout,
  TestnetEnd,
  TestnetFault,
  TestnetFrame,
  TestnetStatus,
} from "@fluxlab/lab-ui/api";
import type { CheckerFinding } from "@fluxlab/sim";
import type { SpreadScenario } from "@fluxlab/sim/scenario";
import { markRaw, shallowReactive } from "vue";
import { followTestnet, readRows, readScene } from "../backend/testnets.ts";
import { historyRecord } from "../network/historyRecord.ts";
import { SpreadHistory } from "../network/spreadHistory.ts";
import { observedRun, type SpreadLabRun } from "./spreadRuns.ts";

/** A testnet that is followed, or was recorded, as the views of networks know runs. */
export interface TestnetRun {
  readonly name: string;
  /** Undefined until the first frame. */
  run: SpreadLabRun | undefined;
  about: TestnetAbout | undefined;
  /** Undefined: it is over. */
  status: TestnetStatus | undefined;
  faults: readonly TestnetFault[];
  findings: readonly CheckerFinding[];
  /** Why nobody follows it any more. */
  ended: string | undefined;
  /** The server does not answer. */
  isLost: boolean;
}

/** Milliseconds between two records of what was observed so far. */
const RECORD_EVERY = 1_000;

const newTestnetRun = (name: string): TestnetRun =>
  shallowReactive({
    name,
    run: undefined,
    about: undefined,
    status: undefined,
    faults: [],
    findings: [],
    ended: undefined,
    isLost: false,
  });

/** Follows a testnet; gives what is known of it, and what ends the following. */
export function follow(name: string): { readonly testnet: TestnetRun; stop(): void } {
  const testnet = newTestnetRun(name);
  let recordedAt = Number.NEGATIVE_INFINITY;
  const onEvent = (event: TestnetFrame | TestnetEnd) => {
    testnet.isLost = false;
    if ("ended" in event) {
      testnet.ended = event.ended;
      if (testnet.run !== undefined) testnet.run.state = "done";
      stop();
      return;
    }
    take(testnet, event);
    const now = performance.now();
    if (now - recordedAt < RECORD_EVERY) return;
    recordedAt = now;
    keepRecord(testnet);
  };
  const stop = followTestnet(name, onEvent, () => {
    testnet.isLost = true;
  });
  return { testnet, stop };
}

/** A testnet that is over, by the frames that tell of it. */
export function recorded(name: string, frames: readonly TestnetFrame[]): TestnetRun {
  const testnet = newTestnetRun(name);
  for (const frame of frames) take(testnet, frame);
  keepRecord(testnet);
  testnet.run!.state = "done";
  return testnet;
}

function take(testnet: TestnetRun, { about, isAnew, rows, seconds, findings, status }: TestnetFrame): void {
  if (about !== undefined) show(testnet, about, isAnew);
  const { run } = testnet;
  if (run?.history === undefined) return;
  run.history.append(readRows(rows), seconds);
  run.seconds = seconds;
  run.toldAt = performance.now();
  run.revision++;
  testnet.status = status;
  testnet.findings = findings;
}

/** What the testnet is by now; what is known of it stays, unless it is told anew. */
function show(testnet: TestnetRun, about: TestnetAbout, isAnew: boolean): void {
  testnet.about = about;
  testnet.faults = about.faults;
  testnet.run ??= observedRun(scenarioOf(about), about.seed);
  const { history } = testnet.run;
  testnet.run.history = markRaw(new SpreadHistory(readScene(about.scene), isAnew ? undefined : history));
  testnet.run.state = "running";
}

function keepRecord({ run, findings }: TestnetRun): void {
  if (run?.history !== undefined) run.record = historyRecord(run.history, run.scenario, findings);
}

/** The words of a testnet as a scenario has them; nobody plays it. */
function scenarioOf(about: TestnetAbout): SpreadScenario {
  const { name, title, question, network, seed, scene, blockInterval = "0 s" } = about;
  return {
    ...{ fidelity: "network", name, title, network, seed, blockInterval },
    ...{ nodes: scene.nodes, run: `${scene.seconds} s` },
    ...(question === undefined ? {} : { question }),
    ...{ regions: "bitcoin-2019", topology: { links: [] }, miners: scene.nodes },
    ...{ clocks: { offset: "0 s", driftPpm: 0 }, keepAlive: true, swaps: false, check: true, wire: "bytes" },
  };
}
