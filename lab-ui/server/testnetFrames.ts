import type { Plain, TestnetAbout, TestnetFrame } from "@fluxlab/lab-ui/api";
import { type FaultBand, givenTopology, type SpreadScene } from "@fluxlab/sim";
import {
  type DoneFault,
  keptObservation,
  LogFollower,
  ObservedTrace,
  type TestnetFacts,
} from "@fluxlab/testnet/fleet";

// A testnet as a page is shown a run: where its nodes are, what goes wrong, and rows of what they observed.

/** Of observations as a testnet keeps them, all of them and then those that come. */
export class TestnetFrames {
  readonly #trace: ObservedTrace;
  readonly #lines: LogFollower;

  constructor(facts: Pick<TestnetFacts, "baseHeight" | "beganAt">, observations: string) {
    this.#trace = new ObservedTrace(facts);
    this.#lines = new LogFollower(observations);
  }

  /** What was observed since the last call. `links`: bytes that went over all of them by a moment of the run. */
  next(links?: { readonly seconds: number; readonly bytes: number }): Pick<TestnetFrame, "rows" | "seconds"> {
    this.#trace.take(this.#lines.newLines().map(keptObservation));
    if (links !== undefined) this.#trace.traffic(links.seconds, links.bytes);
    return { rows: plain(this.#trace.drain()), seconds: this.#trace.seconds };
  }
}

/** Columns are arrays once they are sent (api.ts). */
const plain = <T>(columns: T): Plain<T> => columns as unknown as Plain<T>;

/** What a page is told of a testnet besides its rows. */
export const aboutOf = (facts: TestnetFacts): TestnetAbout => ({
  ...{ name: facts.name, title: facts.title, question: facts.question, network: facts.network },
  ...{
    blockInterval: facts.blockInterval,
    seed: facts.seed,
    isLab: facts.network === "lab",
    faults: facts.faults,
  },
  scene: plain(sceneOf(facts)),
});

/** Nodes of one machine stand in one region. */
const sceneOf = (facts: TestnetFacts): SpreadScene => ({
  ...{ nodes: facts.nodes, regionNames: ["laboratory"], region: new Uint8Array(facts.nodes) },
  ...{ tier: Uint8Array.from(facts.tiers), hashRate: Uint32Array.from(facts.hashRates) },
  links: givenTopology(facts.nodes, oncePerPair(facts.links)),
  ...{
    baseHeight: facts.baseHeight,
    faults: [...facts.faults.flatMap(bandsOf), ...lateForGood(facts)],
    checkers: facts.checkers,
  },
  ...{ upgrade: facts.upgrade, seconds: facts.seconds },
});

/** Two nodes may dial each other. */
function oncePerPair(links: TestnetFacts["links"]): TestnetFacts["links"] {
  const seen = new Set<string>();
  return links.filter(([a, b]) => {
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
    return seen.size < seen.add(key).size;
  });
}

/** Seconds that no run lasts. */
const NEVER = 1e12;
/** What the simulator calls a node that has the old rules until then. */
const LATE = "late-upgrade";

/** Nodes that keep to the old rules, as the simulator tells of them: their upgrade is to come. */
const lateForGood = ({ oldRules, faults }: TestnetFacts): FaultBand[] =>
  oldRules.length === 0
    ? []
    : [
        {
          ...{ index: faults.length, fault: LATE, from: NEVER, to: NEVER, cut: undefined },
          ...{ nodes: Uint32Array.from(oldRules), except: new Uint32Array(0) },
        },
      ];

/** A band for each group that is cut off; others are one. */
function bandsOf({ kind, cutOff, nodes, from, to }: DoneFault, index: number): FaultBand[] {
  const band = {
    index,
    fault: kind === "upgrade" ? LATE : kind,
    from: from / 1_000,
    to: to === undefined ? NEVER : to / 1_000,
  };
  const except = new Uint32Array(0);
  if (cutOff.length === 0) return [{ ...band, nodes: Uint32Array.from(nodes), cut: undefined, except }];
  return cutOff.map((group) => ({ ...band, nodes: Uint32Array.from(group), cut: "both", except }));
}
