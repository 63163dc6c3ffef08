// Faults that a reader does to a testnet by hand, in the words of its scenarios.

export const HAND_KINDS = [
  "partition",
  "unplug",
  "links",
  "pause",
  "kill",
  "stop",
  "start",
  "wipe",
  "clock",
  "hashRate",
  "upgrade",
  "downgrade",
  "heal",
] as const;
export type HandKind = (typeof HAND_KINDS)[number];

/** What the form has; of these each kind takes what it needs. */
export interface TestnetFaultForm {
  readonly kind: HandKind;
  /** "0, 2-4" */
  readonly nodes: string;
  /** Seconds; empty: until it is put in order. */
  readonly lasts: string;
  readonly latencyMs: number;
  readonly lossPercent: number;
  readonly offsetSeconds: number;
  readonly weight: number;
}

/** Kinds that are over when they are done. */
const AT_ONCE: ReadonlySet<HandKind> = new Set<HandKind>(["start", "upgrade", "heal"]);
export const lastsAWhile = (kind: HandKind): boolean => !AT_ONCE.has(kind);
/** Kinds that befall nodes. */
export const befallsNodes = (kind: HandKind): boolean => kind !== "heal" && kind !== "links";

/** Numbers of "0, 2-4"; undefined: it says something else, or nothing. */
export function nodesOfText(text: string): readonly number[] | undefined {
  const nodes: number[] = [];
  for (const part of text.split(",")) {
    const range = /^\s*(\d{1,4})(?:\s*-\s*(\d{1,4}))?\s*$/.exec(part);
    if (range === null) return undefined;
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (last < first) return undefined;
    for (let node = first; node <= last; node++) nodes.push(node);
  }
  return [...new Set(nodes)].sort((a, b) => a - b);
}

/** The fault as a scenario has it, in one line of YAML; undefined: nodes are missing. */
export function faultText(form: TestnetFaultForm): string | undefined {
  const { kind, lasts } = form;
  const nodes = befallsNodes(kind) ? nodesOfText(form.nodes) : [];
  if (nodes === undefined) return undefined;
  const length = lastsAWhile(kind) && lasts.trim() !== "" ? `, for: ${lasts.trim()} s` : "";
  return `{ ${kind}: ${whatText(form, `[${nodes.join(", ")}]`)}${length} }`;
}

function whatText(form: TestnetFaultForm, nodes: string): string {
  switch (form.kind) {
    case "partition":
      return `[${nodes}]`;
    case "links":
      return `{ latency: ${form.latencyMs} ms, lossPerMillion: ${Math.round(form.lossPercent * 10_000)} }`;
    case "clock":
      return `{ nodes: ${nodes}, offset: ${form.offsetSeconds} s }`;
    case "hashRate":
      return `{ nodes: ${nodes}, weight: ${form.weight} }`;
    case "heal":
      return "links";
    default:
      return nodes;
  }
}

const OF_LINKS: ReadonlySet<string> = new Set(["partition", "unplug", "cut", "links", "packets"]);
const OF_PROCESSES: ReadonlySet<string> = new Set(["kill", "stop", "wipe"]);

/** What puts a fault in order that is in force, as a scenario has it; undefined: only its own end does. */
export function orderText(kind: string, nodes: readonly number[]): string | undefined {
  if (OF_LINKS.has(kind)) return "{ heal: links }";
  return OF_PROCESSES.has(kind) ? `{ start: [${nodes.join(", ")}] }` : undefined;
}
