import { type PerTier, perTier } from "@fluxlab/core";
import type { FaultBand } from "@fluxlab/sim";
import type { FaultInput, FaultTargets } from "@fluxlab/sim/scenario";

// Faults that a reader puts into a run by hand, in the words of scenarios.

/** Kinds in the order of the form, by family. */
export const FAULT_GROUPS = {
  links: [
    "partition",
    "eclipse",
    "delay",
    "jitter",
    "loss",
    "duplication",
    "reordering",
    "corruption",
    "bandwidth",
    "clog",
  ],
  hosts: ["kill", "pause", "slow-disk", "clock"],
  upgrade: ["late-upgrade", "never-upgrade"],
  nodes: [
    "invalid-blocks",
    "withholding",
    "selfish-mining",
    "equivocation",
    "timestamp-games",
    "header-spam",
    "tx-spam",
  ],
  money: ["hash-rate", "price", "benchmark-failure", "collateral-spend", "double-lock", "stale-relayer"],
} as const satisfies Record<string, readonly FaultInput["fault"][]>;

export type HandFault = (typeof FAULT_GROUPS)[keyof typeof FAULT_GROUPS][number];

/** What the form has besides the kind; of these each kind takes what it needs. */
export interface FaultForm {
  readonly from: number;
  readonly lasts: number;
  readonly nodes: FaultTargets;
  readonly milliseconds: number;
  readonly perMille: number;
  readonly kilobits: number;
  readonly direction: "both" | "in" | "out";
  readonly attackers: readonly number[];
  readonly disk: "whole" | "torn" | "wiped";
  /** That a torn disk lost. */
  readonly blocks: number;
  readonly driftPpm: number;
  /** Nobody sets the clock right at the end. */
  readonly stays: boolean;
  readonly stamp: "early" | "late";
  readonly times: number;
  /** US dollars: of one FLUX, and a month of a node. */
  readonly price: number;
  readonly monthlyCost: PerTier<number>;
}

export type FaultParameter = Exclude<keyof FaultForm, "from" | "lasts" | "nodes">;

const PARAMETERS: Partial<Record<HandFault, readonly FaultParameter[]>> = {
  partition: ["direction"],
  eclipse: ["attackers"],
  delay: ["milliseconds"],
  jitter: ["milliseconds"],
  "slow-disk": ["milliseconds"],
  loss: ["perMille"],
  duplication: ["perMille"],
  reordering: ["perMille"],
  corruption: ["perMille"],
  bandwidth: ["kilobits"],
  kill: ["disk", "blocks"],
  clock: ["milliseconds", "driftPpm", "stays"],
  "timestamp-games": ["stamp"],
  "hash-rate": ["times"],
  price: ["price", "monthlyCost"],
};

/** What a kind needs to be told besides whom it befalls and when. */
export const parametersOfFault = (fault: HandFault): readonly FaultParameter[] => PARAMETERS[fault] ?? [];

/** A sale has no end, and neither has an upgrade that comes late or never. */
const ENDLESS: ReadonlySet<HandFault> = new Set(["collateral-spend", "late-upgrade", "never-upgrade"]);
export const lastsAWhile = (fault: HandFault): boolean => !ENDLESS.has(fault);

/** Whether it happens in runs in which the rules change alone. */
export const needsUpgrade = (fault: HandFault): boolean =>
  FAULT_GROUPS.upgrade.some((each) => each === fault);

const usd = (dollars: number) => `${dollars} USD`;

/** What the form has under a name, as scenarios write it. */
function written(name: FaultParameter, form: FaultForm): unknown {
  if (name === "price") return usd(form.price);
  if (name === "monthlyCost") return perTier((tier) => usd(form.monthlyCost[tier]));
  return form[name];
}

/** The fault that a form describes, as a scenario has it. */
export function handFault(fault: HandFault, form: FaultForm): FaultInput {
  const told = Object.fromEntries(parametersOfFault(fault).map((name) => [name, written(name, form)]));
  const length = lastsAWhile(fault) ? { for: `${form.lasts} s` } : {};
  return { fault, at: `${form.from} s`, ...length, nodes: form.nodes, ...told } as FaultInput;
}

/**
 * Faults with their nodes by number, as a run has drawn them: who is in "one in three" is drawn by the fault's place in the list, and
 * must not change when another is taken out.
 */
export const withNodesNamed = (
  faults: readonly FaultInput[],
  bands: readonly FaultBand[],
): readonly FaultInput[] =>
  faults.map((fault, i) => ({ ...fault, nodes: { ids: [...(bands[i]?.nodes ?? [])] } }));

/** Faults for a page's address. */
export const faultsToAddress = (faults: readonly FaultInput[]): string => JSON.stringify(faults);

/** Faults of an address; undefined if it has none that can be read. What is wrong with them the run says. */
export function faultsFromAddress(text: string | undefined): readonly FaultInput[] | undefined {
  if (text === undefined) return undefined;
  try {
    const faults: unknown = JSON.parse(text);
    return Array.isArray(faults) ? (faults as FaultInput[]) : undefined;
  } catch {
    return undefined;
  }
}
