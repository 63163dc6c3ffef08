import { Random } from "@fluxlab/core";
import type { CheckerFinding, LabWorld, NetworkAccount } from "@fluxlab/sim";
import { ExpectationWatch, type Figures, parseExpectation, type Verdict } from "./expectation.ts";
import { type DoneFault, FaultBook } from "./faultBook.ts";
import { describeFault, type FaultTarget, inject, lastFaultMs } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import type { LinkTrouble } from "./linkProxy.ts";
import type { LiveWatch } from "./liveWatch.ts";
import { Mining, type MiningCounts } from "./mining.ts";
import type { FaultInput, TestnetScenario } from "./testnetSchema.ts";
import { parseTime, showTime } from "./times.ts";
import { Traffic, type TrafficCounts } from "./traffic.ts";

/** Something that happened in a run, for its log and report. */
export interface RunEvent {
  /** Milliseconds after the nodes were ready. */
  readonly at: number;
  readonly text: string;
}

/** What became of a run. */
export interface Outcome {
  readonly verdicts: readonly Verdict[];
  readonly events: readonly RunEvent[];
  /** What nodes that ended by themselves said last. */
  readonly crashes: readonly string[];
  readonly mining: MiningCounts;
  readonly traffic: TrafficCounts;
  /** What the checkers found; undefined: nobody watched. */
  readonly findings: readonly CheckerFinding[] | undefined;
  /** The laboratory's network, and what its nodes did, as the simulator tells of its own; undefined: nobody watched. */
  readonly lab: { readonly world: LabWorld; readonly account: NetworkAccount } | undefined;
  readonly lengthMs: number;
  /** By how many milliseconds links were late on average, beyond what they were told. */
  readonly lateMs: number;
}

/** Whether all went as expected, no node ended by itself and no checker found anything. */
export const succeeded = ({
  verdicts,
  crashes,
  findings = [],
}: Pick<Outcome, "verdicts" | "crashes" | "findings">): boolean =>
  crashes.length === 0 && findings.length === 0 && verdicts.every(({ outcome }) => outcome === "met");

/** What a laboratory network has besides nodes: users, and somebody who looks whether rules hold. */
export interface LabPart {
  readonly world: LabWorld;
  readonly watch: LiveWatch;
}

const NO_TRAFFIC: TrafficCounts = { sent: 0, refused: 0 };

/** Between two looks at what is expected. */
const LOOK_MS = 200;

/** A scenario on a running fleet: miners, faults at their times, expectations. */
export class Play {
  readonly #fleet: Fleet;
  readonly #scenario: TestnetScenario;
  readonly #mining: Mining;
  readonly #target: FaultTarget;
  readonly #watches: readonly ExpectationWatch[];
  readonly #events: RunEvent[] = [];
  readonly #lab: LabPart | undefined;
  readonly #traffic: Traffic | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #say: (text: string) => void;
  readonly #beganAt = performance.now();
  /** Unix milliseconds of the same moment. */
  readonly beganAt = Date.now();
  readonly #faults = new FaultBook();
  #failure: unknown;

  /** `order`: what links are like without a fault. `say`: takes a line for each thing that happens. */
  constructor(
    fleet: Fleet,
    scenario: TestnetScenario,
    order: LinkTrouble,
    say: (text: string) => void,
    lab?: LabPart,
  ) {
    this.#fleet = fleet;
    this.#scenario = scenario;
    this.#say = say;
    const { blockInterval, hashRate, nodes, seed } = scenario;
    this.#mining = new Mining(
      fleet,
      Random.root(String(seed)).fork("mining"),
      parseTime(blockInterval ?? "1 s")!,
      hashRate ?? Array.from({ length: nodes }, () => 1),
      (text) => this.#note(text),
    );
    this.#target = { fleet, hashRates: this.#mining, order };
    this.#watches = scenario.expect.map((text) => new ExpectationWatch(parseExpectation(text)!));
    this.#lab = lab;
    this.#traffic =
      lab === undefined || scenario.traffic === undefined
        ? undefined
        : new Traffic(
            fleet,
            lab.world,
            { fusionPerMinute: 0, ...scenario.traffic },
            parseTime(scenario.run)!,
          );
    this.watch?.begin(this.beganAt);
    this.#traffic?.start();
    if (blockInterval !== undefined) this.#mining.start();
    for (const fault of scenario.faults) this.#after(parseTime(fault.at ?? "0 s")!, () => this.inject(fault));
  }

  /** Milliseconds since the nodes were ready. */
  get now(): number {
    return performance.now() - this.#beganAt;
  }

  get verdicts(): readonly Verdict[] {
    return this.#watches.map(({ verdict }) => verdict);
  }

  get events(): readonly RunEvent[] {
    return this.#events;
  }

  /** All that were done, the oldest first. */
  get faults(): readonly DoneFault[] {
    return this.#faults.faults;
  }

  /** A node's part of the hash rate, as faults have left it. */
  hashRate(node: number): number {
    return this.#mining.weight(node);
  }

  /** Does a fault now, and puts it in order again when its time is over. */
  async inject(fault: FaultInput): Promise<void> {
    this.#note(describeFault(fault));
    const from = this.now;
    const heal = await inject(fault, this.#target);
    const place = this.#faults.begin(fault, from, this.now);
    if (fault.for === undefined || heal === undefined) return;
    this.#after(parseTime(fault.for)!, async () => {
      await heal();
      this.#faults.end(place, this.now);
      this.#note(`end of ${describeFault(fault)}`);
    });
  }

  /**
   * Plays to the end of the scenario, or, if all that is expected has been decided before, to there; `whole`: to the end all the
   * same. What a checker finds ends it.
   */
  async toEnd(
    signal: AbortSignal,
    progress: (now: number) => void,
    { whole }: { readonly whole: boolean } = { whole: false },
  ): Promise<Outcome> {
    const length = parseTime(this.#scenario.run)!;
    const early = !whole && this.#scenario.expect.length > 0;
    try {
      while (this.now < length && !(early && this.#decided()) && !this.#found()) {
        signal.throwIfAborted();
        if (this.#failure !== undefined) throw this.#failure;
        this.look(false);
        progress(this.now);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      this.look(true);
      const now = Date.now();
      // What has to hold at the end holds at the end of the scenario's time, not wherever it was broken off.
      if (this.now >= length) this.watch?.end(now);
      return {
        ...{ verdicts: this.verdicts, events: this.#events, crashes: this.#fleet.crashes },
        findings: this.watch?.findings,
        lab: this.#lab && { world: this.#lab.world, account: this.#lab.watch.account(now) },
        ...{ mining: this.#mining.counts, traffic: this.#traffic?.counts ?? NO_TRAFFIC, lengthMs: this.now },
        lateMs: this.lateMs,
      };
    } finally {
      this.stop();
    }
  }

  /** By how many milliseconds links were late on average, beyond what they were told. */
  get lateMs(): number {
    return this.#fleet.lateMs;
  }

  /** Who looks at the nodes; undefined: nobody. */
  get watch(): LiveWatch | undefined {
    return this.#lab?.watch;
  }

  #found(): boolean {
    return (this.watch?.findings ?? []).length > 0;
  }

  /** Shows the expectations what the nodes say; `ended`: for the last time. */
  look(ended: boolean): void {
    this.#fleet.observer.look();
    const figures = figuresOf(this.#fleet);
    for (const watch of this.#watches) watch.look(this.now, figures, ended);
  }

  /** Whether nothing that may still come can change the outcome. Faults that are to come may. */
  #decided(): boolean {
    if (this.verdicts.some(({ outcome }) => outcome === "failed")) return true;
    return (
      this.now > lastFaultMs(this.#scenario.faults) && this.verdicts.every(({ outcome }) => outcome === "met")
    );
  }

  #note(text: string): void {
    this.#events.push({ at: Math.round(this.now), text });
    this.#say(`${showTime(this.now)}  ${text}`);
  }

  #after(ms: number, act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act().catch((error: unknown) => {
        this.#failure = error;
      });
    }, ms);
    this.#timers.add(timer);
  }

  /** No blocks and no faults from now on. */
  stop(): void {
    this.#mining.stop();
    this.#traffic?.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function figuresOf(fleet: Fleet): Figures {
  const running = fleet.status().filter(({ state }) => state === "running" || state === "paused");
  return {
    nodes: new Map(running.map((node) => [node.index, node])),
    network: { tips: new Set(running.map(({ tip }) => tip)).size, running: running.length },
  };
}
