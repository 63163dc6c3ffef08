import { parseTime, showTime } from "./times.ts";

// What a scenario expects of its nodes, as a sentence: a figure, a comparison, whose, and when.

/** What a sentence may look like; part of error messages. */
export const EXPECTATION_HINT =
  'a sentence such as "height >= 20 on all within 60 s", "tips = 2 at 15 s", "tips = 1 from 30 s within 20 s", ' +
  '"reorganised >= 1 on node 0 at the end" or "banned = 0 on all always" ' +
  "(height, peers, reorganised, refused, banned, running; tips and running without on)";

const PER_NODE = ["height", "peers", "reorganised", "refused", "banned"] as const;
const OF_NETWORK = ["tips", "running"] as const;

/** Of each node: its height, its peers, the most blocks taken off its chain at once, blocks it refused, peers it banned. */
export type NodeFigure = (typeof PER_NODE)[number];
/** Different tips among the nodes that run, and how many run. */
type NetworkFigure = (typeof OF_NETWORK)[number];

/** When it has to hold, in milliseconds after the nodes were ready. */
type When =
  /** At some moment from `from` on, until `until`. */
  | { readonly when: "within"; readonly from: number; readonly until: number }
  | { readonly when: "at"; readonly at: number }
  | { readonly when: "end" }
  | { readonly when: "always" };

/** One sentence, taken apart. */
export interface Expectation {
  readonly text: string;
  readonly figure: NodeFigure | NetworkFigure;
  readonly comparison: ">=" | "<=" | "=";
  readonly value: number;
  /** Undefined: a figure of the whole network. */
  readonly target: "all" | "any" | number | undefined;
  readonly when: When;
}

const SENTENCE =
  /^(\w+) (>=|<=|=|≥|≤) (\d+)(?: on (?:(all)|(any)|node (\d+)))? (?:(?:from (\S+ \S+) )?within (\S+ \S+)|at (\d\S* \S+)|(at the end)|(always))$/;

/** Takes a sentence apart; undefined if it is none. */
export function parseExpectation(text: string): Expectation | undefined {
  const match = SENTENCE.exec(text.trim());
  if (match === null) return undefined;
  const [, figure, sign, value, all, any, node] = match;
  const perNode = PER_NODE.some((name) => name === figure);
  const target = all !== undefined ? "all" : any !== undefined ? "any" : node && Number(node);
  const known = perNode
    ? target !== undefined
    : OF_NETWORK.some((name) => name === figure) && target === undefined;
  const when = parseWhen(match.slice(7));
  if (!known || when === undefined) return undefined;
  return {
    text,
    figure: figure as Expectation["figure"],
    comparison: sign === "≥" ? ">=" : sign === "≤" ? "<=" : (sign as Expectation["comparison"]),
    value: Number(value),
    target: target as Expectation["target"],
    when,
  };
}

function parseWhen([from, within, at, end]: readonly (string | undefined)[]): When | undefined {
  if (within !== undefined) {
    const begin = from === undefined ? 0 : parseTime(from);
    const length = parseTime(within);
    if (begin === undefined || length === undefined) return undefined;
    return { when: "within", from: begin, until: begin + length };
  }
  if (at !== undefined) {
    const moment = parseTime(at);
    return moment === undefined ? undefined : { when: "at", at: moment };
  }
  return { when: end === undefined ? "always" : "end" };
}

/** The figures of a moment. Nodes that do not run have none. */
export interface Figures {
  readonly nodes: ReadonlyMap<number, Readonly<Record<NodeFigure, number>>>;
  readonly network: Readonly<Record<NetworkFigure, number>>;
}

/** What became of an expectation. */
export interface Verdict {
  readonly expectation: Expectation;
  readonly outcome: "met" | "failed" | "waiting";
  /** When it was decided, milliseconds. */
  readonly at: number;
  /** The figures that decided, for people. */
  readonly seen: string;
}

/** Follows one expectation along a run. */
export class ExpectationWatch {
  #verdict: Verdict;

  constructor(expectation: Expectation) {
    this.#verdict = { expectation, outcome: "waiting", at: 0, seen: "" };
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  /** Shows it the figures at `now`; `ended`: there will be no others. */
  look(now: number, figures: Figures, ended: boolean): void {
    const { expectation, outcome } = this.#verdict;
    if (outcome !== "waiting") return;
    const { holds, seen } = judge(expectation, figures);
    const decide = (met: boolean) => {
      this.#verdict = { expectation, outcome: met ? "met" : "failed", at: now, seen };
    };
    const { when } = expectation;
    if (when.when === "within") {
      if (now >= when.from && holds) decide(true);
      else if (now >= when.until || ended) decide(false);
    } else if (when.when === "at") {
      if (now >= when.at) decide(holds);
      else if (ended) decide(false);
    } else if (when.when === "always" && !holds) decide(false);
    else if (ended) decide(holds);
  }
}

function judge(
  expectation: Expectation,
  figures: Figures,
): { readonly holds: boolean; readonly seen: string } {
  const { figure, target } = expectation;
  if (target === undefined) {
    const value = figures.network[figure as NetworkFigure];
    return { holds: compares(expectation, value), seen: `${figure} = ${value}` };
  }
  const wanted = typeof target === "number" ? [target] : [...figures.nodes.keys()];
  const values = wanted.map((node) => figures.nodes.get(node)?.[figure as NodeFigure]);
  const seen = wanted.map((node, i) => `node ${node}: ${values[i] ?? "does not run"}`).join(", ");
  const good = values.map((value) => value !== undefined && compares(expectation, value));
  const holds = good.length > 0 && (target === "any" ? good.includes(true) : !good.includes(false));
  return { holds, seen: `${figure} ${seen === "" ? "of no node: none runs" : seen}` };
}

function compares({ comparison, value }: Expectation, seen: number): boolean {
  if (comparison === ">=") return seen >= value;
  return comparison === "<=" ? seen <= value : seen === value;
}

/** "met after 12.0 s", "failed after 60.0 s: height node 0: 19, node 1: 20". */
export const describeVerdict = ({ outcome, at, seen }: Verdict): string =>
  `${outcome} after ${showTime(at)}${outcome === "met" ? "" : `: ${seen}`}`;
