import { Random } from "@fluxlab/core";
import { ExpectationWatch, type Figures, parseExpectation, type Verdict } from "./expectation.ts";
import { describeFault, type FaultTarget, inject } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import type { LinkTrouble } from "./linkProxy.ts";
import { Mining, type MiningCounts } from "./mining.ts";
import type { FaultInput, TestnetScenario } from "./testnetSchema.ts";
import { parseTime, showTime } from "./times.ts";

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
  readonly lengthMs: number;
}

/** Whether all went as expected, and no node ended by itself. */
export const succeeded = ({ verdicts, crashes }: Pick<Outcome, "verdicts" | "crashes">): boolean =>
  crashes.length === 0 && verdicts.every(({ outcome }) => outcome === "met");

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
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #say: (text: string) => void;
  readonly #beganAt = performance.now();
  #failure: unknown;

  /** `order`: what links are like without a fault. `say`: takes a line for each thing that happens. */
  constructor(fleet: Fleet, scenario: TestnetScenario, order: LinkTrouble, say: (text: string) => void) {
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

  /** Does a fault now, and puts it in order again when its time is over. */
  async inject(fault: FaultInput): Promise<void> {
    this.#note(describeFault(fault));
    const heal = await inject(fault, this.#target);
    if (fault.for === undefined || heal === undefined) return;
    this.#after(parseTime(fault.for)!, async () => {
      await heal();
      this.#note(`end of ${describeFault(fault)}`);
    });
  }

  /** Plays to the end of the scenario, or, if all that is expected has been decided before, to there. */
  async toEnd(signal: AbortSignal, progress: (now: number) => void): Promise<Outcome> {
    const length = parseTime(this.#scenario.run)!;
    const early = this.#scenario.expect.length > 0;
    try {
      while (this.now < length && !(early && this.#decided())) {
        signal.throwIfAborted();
        if (this.#failure !== undefined) throw this.#failure;
        this.look(false);
        progress(this.now);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      this.look(true);
      return {
        ...{ verdicts: this.verdicts, events: this.#events, crashes: this.#fleet.crashes },
        ...{ mining: this.#mining.counts, lengthMs: this.now },
      };
    } finally {
      this.stop();
    }
  }

  /** Shows the expectations what the nodes say; `ended`: for the last time. */
  look(ended: boolean): void {
    this.#fleet.observer.look();
    const figures = figuresOf(this.#fleet);
    for (const watch of this.#watches) watch.look(this.now, figures, ended);
  }

  /** Whether nothing that may still come can change the outcome. Faults that are to come may. */
  #decided(): boolean {
    const lastFault = Math.max(
      0,
      ...this.#scenario.faults.map((fault) => parseTime(fault.at ?? "0 s")! + parseTime(fault.for ?? "0 s")!),
    );
    if (this.verdicts.some(({ outcome }) => outcome === "failed")) return true;
    return this.now > lastFault && this.verdicts.every(({ outcome }) => outcome === "met");
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
