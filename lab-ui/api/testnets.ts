import type { CheckerFinding, Comparison, SpreadScene, TraceRows } from "@fluxlab/sim";
import type { Plain } from "./runs.ts";

// Testnets: networks of real nodes.
//
//   GET    api/testnets                            TestnetList
//   POST   api/testnets                            StartTestnet → { name }             token
//   GET    api/testnets/NAME/live                  events: TestnetFrame, TestnetEnd
//   DELETE api/testnets/NAME                       → { name }                          token
//   POST   api/testnets/NAME/faults                DoFault → { text }                  token
//   POST   api/testnets/NAME/prediction            AskPrediction → NetworkPrediction   token
//   GET    api/testnets/NAME/nodes/NUMBER          NodeMetrics, or SilentNode
//   GET    api/testnets/NAME/nodes/NUMBER/log      events: LogLines
//
// Calls with "token" change something or cost much, and need `Authorization: Bearer TOKEN`.

/** A scenario that testnets can be started from. */
export interface TestnetScenarioEntry {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly question: string | undefined;
  readonly network: string;
  readonly nodes: number;
  readonly run: string;
  readonly faults: number;
}

/** A testnet, whoever started it. */
export interface TestnetSummary {
  readonly name: string;
  readonly title: string;
  /** "half-dead": its controller was killed. */
  readonly state: "starting" | "ready" | "ending" | "half-dead";
  readonly nodes: number;
  readonly runner: string;
}

export interface TestnetList {
  readonly testnets: readonly TestnetSummary[];
  readonly scenarios: readonly TestnetScenarioEntry[];
}

export interface StartTestnet {
  /** Of the library. */
  readonly scenario: string;
  readonly name?: string;
  readonly nodes?: number;
  readonly seed?: number;
}

/** A fault as scenarios of testnets have it, as YAML. */
export interface DoFault {
  readonly fault: string;
}

export interface AskPrediction {
  readonly simulations: number;
}

/** A fault that was done to a testnet. Times are milliseconds after the nodes were ready. */
export interface TestnetFault {
  readonly kind: string;
  readonly text: string;
  readonly nodes: readonly number[];
  readonly from: number;
  /** Undefined: it is in force. */
  readonly to?: number | undefined;
}

/** What a testnet is. */
export interface TestnetAbout {
  readonly name: string;
  readonly title: string;
  readonly question?: string | undefined;
  readonly network: string;
  readonly seed: number;
  readonly blockInterval?: string | undefined;
  /** Whether the simulator can play the same. */
  readonly isLab: boolean;
  /** Seconds of the run from which on it is told: of a long one only the latest is. */
  readonly since: number;
  readonly scene: Plain<SpreadScene>;
  readonly faults: readonly TestnetFault[];
}

export interface TestnetNode {
  readonly index: number;
  readonly state: "starting" | "running" | "paused" | "down";
  /** Process or container. */
  readonly id?: string | undefined;
  readonly listen: string;
  readonly rpcPort: number;
  readonly clockOffsetMs: number;
  readonly tip?: string | undefined;
  readonly height: number;
  readonly peers: number;
  readonly reorganised: number;
  readonly refused: number;
  readonly banned: number;
  /** What it calls itself; undefined: it has not said. */
  readonly version?: string | undefined;
  /** Whether it keeps to the newest rules. */
  readonly isNew: boolean;
}

/** How a running testnet is. */
export interface TestnetStatus {
  readonly nodes: readonly TestnetNode[];
  readonly sinceReadyMs: number;
  readonly linkBytes: number;
  readonly crashes: readonly string[];
  readonly expectations: readonly {
    readonly text: string;
    readonly outcome: string;
    readonly seen: string;
  }[];
}

/** What is new of a testnet. */
export interface TestnetFrame {
  /** Of the first frame, and when nodes or faults have changed. */
  readonly about?: TestnetAbout | undefined;
  /** What was told before does not count: rows begin again with this frame. */
  readonly isAnew: boolean;
  readonly rows: Plain<TraceRows>;
  /** Of the run, so far. */
  readonly seconds: number;
  readonly findings: readonly CheckerFinding[];
  /** Undefined: it is over. */
  readonly status?: TestnetStatus | undefined;
}

/** The last event of a testnet. */
export interface TestnetEnd {
  readonly ended: string;
}

/** What a node says of itself when it is asked. */
export interface NodeMetrics {
  readonly version: string;
  readonly protocol: number;
  readonly connections: number;
  readonly timeOffset: number;
  readonly poolTransactions: number;
  readonly poolBytes: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** A node that does not answer, which is no failure of the call: nodes go down. */
export interface SilentNode {
  readonly silent: string;
}

export interface LogLines {
  readonly lines: readonly string[];
}

/** Curves of a real network and of simulations at moments; null: nothing to tell there. */
export interface PredictionCurves {
  readonly seconds: readonly number[];
  readonly real: CurveColumns;
  readonly simulated: readonly CurveColumns[];
}

export type CurveColumns = {
  readonly [Curve in "height" | "tips" | "half" | "all"]: readonly (number | null)[];
};

export interface NetworkPrediction {
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
  readonly simulations: number;
  /** Undefined: of a run that kept none. */
  readonly curves?: PredictionCurves | undefined;
}
