import type { Observation } from "@fluxlab/core";

// What the nodes of a testnet say about themselves: lines of JSON, as `flux-node --observations` writes them.

const KINDS: ReadonlySet<string> = new Set<Observation["kind"] | "block">([
  ...(["tip", "fork", "blockRefused", "transaction", "produced", "score", "banned", "peer"] as const),
  "block",
]);

/** An observation as it stands in a log, or a block that observations are about: hashes are display hex. */
export type LoggedObservation = {
  readonly kind: Observation["kind"] | "block";
  /** Of which node. */
  readonly node: number;
  /** By that machine's clock, milliseconds. */
  readonly time: number;
} & Readonly<Record<string, unknown>>;

/** Whether a line of what a node says is for programs rather than for people. */
export const isObservation = (line: string): boolean =>
  line.startsWith('{"time":') && line.includes('"kind":');

/** Reads one line of a testnet's file of observations, in which the Observer keeps those of all nodes. */
export const keptObservation = (line: string): LoggedObservation => JSON.parse(line);

/** Reads one line of what a node says; undefined if it is about something else. */
export function parseObservation(line: string, node: number): LoggedObservation | undefined {
  if (!isObservation(line)) return undefined; // a crash does not speak JSON
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(line);
  } catch {
    return undefined; // a node that was killed while it wrote
  }
  const { time, kind, ...fields } = said;
  if (typeof kind !== "string" || !KINDS.has(kind) || typeof time !== "number") return undefined;
  return { ...fields, kind: kind as LoggedObservation["kind"], node, time };
}
