import type { Plain, TestnetAbout, TestnetFrame } from "@fluxlab/lab-ui/api";
import { type FaultBand, givenTopology, type SpreadScene } from "@fluxlab/sim";
import {
  type DoneFault,
  keptObservation,
  LogFollower,
  type LoggedObservation,
  ObservedTrace,
  type TestnetFacts,
} from "@fluxlab/testnet/fleet";

// A testnet as a page is shown a run: where its nodes are, what goes wrong, and rows of what they observed.

/** Of observations those that are told to somebody who comes late, and those that are read at once, bytes. */
const MOST_BYTES = 32 * 1024 * 1024;
const PIECE_BYTES = 2 * 1024 * 1024;
/** Milliseconds in which the first nodes that are heard of say how high they are. */
const OVERTURE_MS = 2_000;

/**
 * Of observations as a testnet keeps them, a piece with each call, and then those that come. Of a testnet that runs for long only the
 * latest are told: they begin with the highest block that nodes had then, as others do with the one that all began with.
 */
export class TestnetFrames {
  readonly #facts: Pick<TestnetFacts, "baseHeight" | "beganAt">;
  readonly #lines: LogFollower;
  #trace: ObservedTrace | undefined;
  #begin: TestnetBegin;

  constructor(
    facts: Pick<TestnetFacts, "baseHeight" | "beganAt">,
    observations: string,
    mostBytes = MOST_BYTES,
  ) {
    this.#facts = facts;
    this.#lines = new LogFollower(observations, mostBytes);
    this.#begin = { baseHeight: facts.baseHeight, since: 0 };
  }

  /** Known once {@link next} was called. */
  get begin(): TestnetBegin {
    return this.#begin;
  }

  /** Whether there is more to tell at once. */
  get isBehind(): boolean {
    return this.#lines.isBehind;
  }

  /** What was observed since the last call. `links`: bytes that went over all of them by a moment of the run. */
  next(links?: { readonly seconds: number; readonly bytes: number }): Pick<TestnetFrame, "rows" | "seconds"> {
    const seen = this.#lines.newLines(PIECE_BYTES).map(keptObservation);
    this.#trace ??= this.#beginWith(seen);
    this.#trace.take(seen);
    if (links !== undefined) this.#trace.traffic(links.seconds, links.bytes);
    return { rows: plain(this.#trace.drain()), seconds: this.#trace.seconds };
  }

  #beginWith(seen: readonly LoggedObservation[]): ObservedTrace {
    const { baseHeight, beganAt } = this.#facts;
    const [first] = seen;
    if (this.#lines.startsWithin && first !== undefined)
      this.#begin = {
        baseHeight: Math.max(baseHeight, heightOf(seen, first.time + OVERTURE_MS)),
        since: (first.time - beganAt) / 1_000,
      };
    return new ObservedTrace({ baseHeight: this.#begin.baseHeight, beganAt });
  }
}

/** What is told of a testnet begins so many seconds after it did, on the block of a height. */
interface TestnetBegin {
  readonly baseHeight: number;
  readonly since: number;
}

/** The highest block that was heard of until a moment, or the first that was. */
function heightOf(seen: readonly LoggedObservation[], until: number): number {
  const heights = seen.filter(({ kind }) => kind === "block" || kind === "tip");
  const first = heights.filter(({ time }) => time <= until);
  return (first.length > 0 ? first : heights.slice(0, 1)).reduce(
    (most, { height }) => Math.max(most, Number(height)),
    0,
  );
}

/** Columns are arrays once they are sent (api.ts). */
const plain = <T>(columns: T): Plain<T> => columns as unknown as Plain<T>;

/** What a page is told of a testnet besides its rows, and where those begin. */
export const aboutOf = (facts: TestnetFacts, { baseHeight, since }: TestnetBegin): TestnetAbout => ({
  ...{ name: facts.name, title: facts.title, question: facts.question, network: facts.network },
  ...{
    blockInterval: facts.blockInterval,
    seed: facts.seed,
    isLab: facts.network === "lab",
    faults: facts.faults,
  },
  since,
  scene: plain(sceneOf({ ...facts, baseHeight })),
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
