import type { PerTier } from "@fluxlab/core";
import type { CheckerFinding } from "../checkers/checker.ts";
import type { SpreadScenario } from "../scenario/spreadSchema.ts";
import type { AgreementSamples } from "./agreementSamples.ts";
import type { StartedFrom } from "./runRecord.ts";
import type { UpgradeRecord } from "./upgradeRecord.ts";

// What is left of a run in which messages travelled. Columns of one group have equal length.

/** Every block that was mined, in that order. */
export interface MinedBlocks {
  readonly height: Uint32Array;
  /** Number of the node. */
  readonly miner: Uint32Array;
  /** Seconds since the run began. */
  readonly minedSeconds: Float64Array;
  /** 1: on the chain that won. */
  readonly onMainChain: Uint8Array;
  /** Seconds until so many percent of the nodes had it; NaN: so many never had. */
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  readonly p99: Float64Array;
  readonly all: Float64Array;
}

/** Messages of one kind. */
export interface MessageCount {
  readonly kind: string;
  readonly messages: number;
  /** On the wire; undefined where the model has no sizes. */
  readonly bytes: number | undefined;
}

/** All that is kept of a run in which messages travelled. */
export interface SpreadRecord {
  readonly format: 1;
  readonly fidelity: SpreadScenario["fidelity"];
  readonly scenario: SpreadScenario;
  /** SHA-256 (hex) of the scenario without its seed. */
  readonly scenarioHash: string;
  /** Of the network's parameters; undefined where nothing is checked. */
  readonly rulesId: string | undefined;
  readonly seed: string;
  /** SHA-256 (hex) over everything that happened: equal commit, scenario and seed give an equal digest on any machine. */
  readonly digest: string;
  readonly nodes: number;
  /** Simulated. */
  readonly seconds: number;
  /** Delivered. */
  readonly events: number;
  readonly blocks: MinedBlocks;
  readonly messages: readonly MessageCount[];
  /** What checkers found; undefined where none watched. */
  readonly findings: readonly CheckerFinding[] | undefined;
  /** Who was on which branch, and the FluxNodes' queues, over time; undefined where nodes have no chains. */
  readonly agreement: AgreementSamples | undefined;
  /** What became of the run's last upgrade; undefined where there was none. */
  readonly upgrade: UpgradeRecord | undefined;
  /** How often a node left blocks for a better branch, by how many it left; undefined where nodes have no chains. */
  readonly reorganisations: readonly (readonly [depth: number, count: number])[] | undefined;
  /** If all nodes began with a recorded chain. */
  readonly start?: StartedFrom;
  /** The chain before the full nodes, and after them, if those parts were played without messages. */
  readonly economy?: { readonly before: EconomyPart; readonly after?: EconomyPart };
}

/** A part of a run without messages. Amounts are satoshi. */
export interface EconomyPart {
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly digest: string;
  /** All that coinbases have created, before the first block and after the last. */
  readonly supply: { readonly before: bigint; readonly after: bigint };
  /** Confirmed nodes after the last block. */
  readonly queues: PerTier<number>;
  readonly payments: PerTier<number>;
  readonly paid: PerTier<bigint>;
}
