import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TIERS } from "@fluxlab/core";
import type { CheckerFinding, LabWorld } from "@fluxlab/sim";
import type { DoneFault } from "./faultBook.ts";
import type { Fleet } from "./fleet.ts";
import type { Play } from "./play.ts";
import type { TestnetScenario } from "./testnetSchema.ts";
import { parseTime } from "./times.ts";

/** All that somebody needs who shows a testnet by what its nodes observed: plain data. */
export interface TestnetFacts {
  readonly name: string;
  readonly title: string;
  readonly question: string | undefined;
  /** "lab", "regtest" or a network file. */
  readonly network: string;
  readonly seed: number;
  readonly nodes: number;
  /** Mean time between blocks of proof of work; undefined: nobody mines. */
  readonly blockInterval: string | undefined;
  /** Who dials whom. */
  readonly links: readonly (readonly [number, number])[];
  /** By node: 0 without a FluxNode, else 1 + the index into TIERS of its highest. */
  readonly tiers: readonly number[];
  /** By node: its part of the hash rate. */
  readonly hashRates: readonly number[];
  /** Of the last block that all nodes had when the run began. */
  readonly baseHeight: number;
  /** When the nodes were ready, Unix milliseconds of the machine that observes them. */
  readonly beganAt: number;
  /** Length of the scenario. */
  readonly seconds: number;
  /** Blocks into the run at which rules change; undefined: they do not. */
  readonly upgrade: number | undefined;
  /** Nodes that do not keep to the newest rules now. */
  readonly oldRules: readonly number[];
  readonly faults: readonly DoneFault[];
  /** Names of the checkers that watch, and what they found. */
  readonly checkers: readonly string[];
  readonly findings: readonly CheckerFinding[];
}

/** The facts of a testnet as they are now. */
export function testnetFacts(
  scenario: TestnetScenario,
  fleet: Fleet,
  play: Play,
  world: LabWorld | undefined,
): TestnetFacts {
  const { name, title, question, network, seed } = scenario;
  const nodes = fleet.size;
  const byNode = (of: (node: number) => number) => Array.from({ length: nodes }, (_, node) => of(node));
  return {
    ...{
      name,
      title,
      question,
      network,
      seed,
      nodes,
      links: fleet.links,
      blockInterval: scenario.blockInterval,
    },
    tiers: byNode((node) => highestTier(node, world)),
    hashRates: byNode((node) => play.hashRate(node)),
    baseHeight: world === undefined ? scenario.blocksBefore : world.base.length - 1,
    beganAt: play.beganAt,
    seconds: parseTime(scenario.run)! / 1_000,
    upgrade: scenario.ponUpgrade ?? scenario.fluxUpgrade,
    oldRules: play.watch?.oldRules ?? [],
    faults: play.faults,
    checkers: play.watch?.checkers ?? [],
    findings: play.watch?.findings ?? [],
  };
}

function highestTier(node: number, world: LabWorld | undefined): number {
  const hosted = (world?.plan.history?.fluxnodes ?? []).filter((_, i) => world?.plan.operators[i] === node);
  return Math.max(0, ...hosted.map(({ tier }) => 1 + TIERS.indexOf(tier)));
}

/** The file of a run's folder that has its facts, beside the observations. */
export const FACTS_FILE = "testnet.json";

export const writeFacts = (folder: string, facts: TestnetFacts): void =>
  writeFileSync(join(folder, FACTS_FILE), `${JSON.stringify(facts, undefined, 2)}\n`);
