import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Block, Params } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { readBlocks } from "@fluxlab/core/host";
import {
  bestTip,
  type Judgement,
  judge,
  type NetworkAccount,
  otherTips,
  type RehearsalFacts,
  type RehearsalReport,
  type RehearsalResources,
  rehearsalReport,
  rollbackSeen,
} from "@fluxlab/sim";
import { fileError } from "@fluxlab/sim/host";
import { InvalidScenarioText, labParams, parseYaml } from "@fluxlab/sim/scenario";
import type { TestnetScenario } from "../testnetSchema.ts";
import { parseTime } from "../times.ts";
import { datadirChain } from "./datadirChain.ts";
import { type RehearsalScenario, rehearsalScenario } from "./rehearsalScenario.ts";
import { decodeRehearsalPlan, type RehearsalPlan } from "./rehearsalSchema.ts";

// What rehearsals in the simulator and on real nodes have in common: the moments at which somebody looks, and what is made of it.

/** What a rehearsal begins with. */
interface RehearsalStart {
  /** Blocks to begin with; undefined: the laboratory's first ones. */
  readonly chain: readonly Block[] | undefined;
  /** The data folder that has them, of which real nodes get a copy each; undefined: they get the blocks. */
  readonly data: string | undefined;
}

/** A plan that can be played. */
export interface Rehearsal extends RehearsalScenario, RehearsalStart {
  readonly plan: RehearsalPlan;
}

/**
 * Reads a plan, and the chain it begins with, from a YAML file.
 * @throws InputError naming the file, the line, and what was expected there
 */
export function loadRehearsal(file: string, seed?: number): Rehearsal {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`${file}: there is no such file that can be read`, { cause: error });
  }
  try {
    const written = parseYaml("rehearsal plan", text, decodeRehearsalPlan);
    const plan = seed === undefined ? written : { ...written, seed };
    const played = rehearsalScenario(plan);
    return { ...played, plan, ...startOf(plan, played.scenario, file) };
  } catch (error) {
    if (!(error instanceof InvalidScenarioText)) throw error;
    throw fileError(file, error.problems, error);
  }
}

/** Paths are looked for beside the plan. */
function startOf({ start }: RehearsalPlan, scenario: TestnetScenario, file: string): RehearsalStart {
  if (start === "fresh") return { chain: undefined, data: undefined };
  const found = (path: string) => resolve(dirname(file), path);
  if ("chain" in start) return { chain: [...readBlocks(found(start.chain), labParams)], data: undefined };
  const data = found(start.datadir);
  return { chain: datadirChain(data, scenario), data };
}

/** What somebody who looks may ask of a network that is being played. */
export interface Scene {
  account(): NetworkAccount;
  isUp(node: number): boolean;
}

/** What only real nodes show. */
export interface SeenOnNodes {
  readonly statesAfter: NonNullable<RehearsalFacts["statesAfter"]>;
  /** Seconds after which nodes that were late answered under the new rules. */
  readonly upgraded: ReadonlyMap<number, number>;
}

/** A moment at which somebody looks. */
export interface Moment {
  /** Milliseconds since the run began. */
  readonly at: number;
  look(scene: Scene): void;
}

/** Blocks of the mean interval without which a chain stands still. */
const PATIENCE_BLOCKS = 12;
/** A process takes its time to start again. */
const RETURN_MS = 20_000;
/** A node that went back is asked where it is just before it comes again. */
const BEFORE_RETURN_MS = 500;

/** Looks at a rehearsal at its moments, and reports in the end. */
export class RehearsalObserver {
  readonly moments: readonly Moment[];
  readonly #rehearsal: Rehearsal;
  readonly #activation: number;
  readonly #judgements: Judgement[] = [];
  readonly #deadTips: ReturnType<typeof otherTips>[number][] = [];
  #rollback: RehearsalFacts["rollback"];

  /** `params`: the newest rules. */
  constructor(rehearsal: Rehearsal, params: Params) {
    this.#rehearsal = rehearsal;
    const { upgrade } = rehearsal.plan.new;
    this.#activation = params.upgrades[upgrade].height;
    const { adoption, rollback } = rehearsal.plan;
    const rolloutGoesOn = adoption.slice(0, -1).flatMap(({ at }, i) => {
      const goesOn = adoption[i + 1]!.percent > adoption[i]!.percent;
      return goesOn ? [{ at: parseTime(at)!, look: (scene: Scene) => this.#judgeIfActive(scene) }] : [];
    });
    const back = rollback && parseTime(rollback.at)! + parseTime(rollback.for)!;
    this.moments = [
      ...rolloutGoesOn,
      ...(back === undefined
        ? []
        : [{ at: back - BEFORE_RETURN_MS, look: (scene: Scene) => this.#seeRollback(scene) }]),
    ].sort((a, b) => a.at - b.at);
  }

  /** Height of the first block by the new rules. */
  get activation(): number {
    return this.#activation;
  }

  #judgeIfActive(scene: Scene): void {
    const account = scene.account();
    const best = bestTip(account, account.params);
    if (best !== undefined && best.height >= this.#activation) this.#judge(scene, account);
  }

  #judge(scene: Scene, account: NetworkAccount): void {
    const { plan, rollback } = this.#rehearsal;
    const seconds = parseTime(plan.new.upgrade === "pon" ? (plan.new.slots ?? "30 s") : plan.blockInterval)!;
    this.#judgements.push(
      judge(account, {
        activation: this.#activation,
        patience: (PATIENCE_BLOCKS * seconds) / 1_000,
        isUp: (node) => scene.isUp(node),
        away: this.#isAway(account.duration / 1_000) ? [rollback!] : [],
      }),
    );
    this.#deadTips.push(...otherTips(account));
  }

  #isAway(ms: number): boolean {
    const { rollback } = this.#rehearsal.plan;
    if (rollback === undefined) return false;
    const begin = parseTime(rollback.at)!;
    return ms >= begin && ms < begin + parseTime(rollback.for)! + RETURN_MS;
  }

  #seeRollback(scene: Scene): void {
    this.#rollback = rollbackSeen(scene.account(), this.#rehearsal.rollback!);
  }

  /** What came of it; the run is over. */
  report(
    scene: Scene,
    on: RehearsalReport["on"],
    resources: RehearsalResources,
    seen?: SeenOnNodes,
  ): RehearsalReport {
    const account = scene.account();
    this.#judge(scene, account);
    const { plan, upgrades, restart } = this.#rehearsal;
    const planned = upgrades.map(({ at }) => (at === undefined ? null : at / 1_000));
    return rehearsalReport(account, {
      ...{ name: plan.name, title: plan.title, on, seed: plan.seed },
      ...{ old: plan.old.version, new: plan.new.version, upgrade: plan.new.upgrade },
      ...{ activation: this.#activation, judgements: this.#judgements, resources },
      planned,
      upgrades:
        seen === undefined
          ? planned
          : planned.map((at, node) => (at === 0 ? 0 : (seen.upgraded.get(node) ?? null))),
      restartNode: restart,
      ...{ rollback: this.#rollback, deadTips: this.#deadTips, statesAfter: seen?.statesAfter },
    });
  }
}
