import { type Params, toDisplayHex, wireHex } from "@fluxlab/core";
import { commonHeight } from "../checkers/agreement.ts";
import type { WitnessedBlock } from "../checkers/checker.ts";
import { linkedGroups } from "../checkers/linkedGroups.ts";
import { bestTip, firstSight, type NetworkAccount } from "../witness/account.ts";

/** Nodes that left the chain of the new rules together. */
export interface Split {
  /** Of the last block that both chains have. */
  readonly height: number;
  readonly nodes: readonly number[];
  /** Where they are: display hex. */
  readonly tip: string;
  readonly tipHeight: number;
}

/** What is asked before an upgrade may go ahead, in the order in which people ask it. */
export const GO_CHECKS = ["chain", "activation", "growth", "rules", "up", "together", "checkers"] as const;
export type GoCheck = (typeof GO_CHECKS)[number];

/** Something that speaks against going ahead. */
export interface Reason {
  /** The question that it answers with no. */
  readonly check: GoCheck;
  readonly what: string;
  /** Whom it is about; empty: the network. */
  readonly nodes: readonly number[];
}

/** Whether an upgrade may go ahead, as things are at a moment. */
export interface Judgement {
  /** Seconds since the run began. */
  readonly at: number;
  readonly verdict: "GO" | "NO-GO";
  readonly reasons: readonly Reason[];
  readonly splits: readonly Split[];
  /** The chain of the new rules; undefined: nobody keeps to them. */
  readonly best: { readonly hash: string; readonly height: number } | undefined;
}

/** What is asked of a network. */
export interface Question {
  /** Height of the first block by the new rules. */
  readonly activation: number;
  /** Seconds without a block that nobody would wait for. */
  readonly patience: number;
  isUp(node: number): boolean;
  /** Nodes that somebody does something to at this moment: nobody asks where they are. */
  readonly away: readonly number[];
}

/** Blocks that may still be on their way to a node. */
const ON_THE_WAY = 3;

/** Whether the upgrade may go ahead: everybody is on the chain of the new rules, which has begun and grows. */
export function judge(account: NetworkAccount, question: Question): Judgement {
  const { witness, params, duration, findings } = account;
  const best = bestTip(account, params);
  const asked = [...witness.tips.keys()].filter((node) => !question.away.includes(node));
  const late = asked.filter((node) => witness.rulesAt(node) !== params);
  const down = asked.filter((node) => !question.isUp(node));
  const splits = best === undefined ? [] : splitsFrom(best, late, witness.tips);
  const reasons: Reason[] = [
    ...chainReasons(account, best, question),
    ...(late.length === 0 ? [] : [{ check: "rules" as const, what: "run the old rules", nodes: late }]),
    ...(down.length === 0 ? [] : [{ check: "up" as const, what: "do not run", nodes: down }]),
    ...(best === undefined ? [] : lostReasons(best, asked, account)),
    ...findings.map(({ checker, message, node }) => ({
      check: "checkers" as const,
      what: `${checker}: ${message}`,
      nodes: node === undefined ? [] : [node],
    })),
  ];
  return {
    at: duration / 1_000_000,
    verdict: reasons.length === 0 ? "GO" : "NO-GO",
    reasons,
    splits,
    best: best && { hash: displayed(best), height: best.height },
  };
}

const displayed = ({ hash }: WitnessedBlock): string => toDisplayHex(wireHex(hash));

function chainReasons(
  { witness, duration }: NetworkAccount,
  best: WitnessedBlock | undefined,
  { activation, patience }: Question,
): Reason[] {
  if (best === undefined) return [{ check: "chain", what: "nobody keeps to the new rules", nodes: [] }];
  if (best.height < activation) {
    return [
      {
        check: "activation",
        what: `the chain is at height ${best.height}, and the activation at ${activation} has not come`,
        nodes: [],
      },
    ];
  }
  const seen = witness.blocks.get(best.hash);
  const quiet = seen === undefined ? 0 : (duration - firstSight(seen)) / 1_000_000;
  return quiet > patience
    ? [
        {
          check: "growth",
          what: `no block for ${Math.round(quiet)} s: the chain stands still at height ${best.height}`,
          nodes: [],
        },
      ]
    : [];
}

/**
 * Upgraded nodes that are not where the others are. Those whose neighbours all keep to other rules, or are cut off with them, hear
 * nothing of the chain: they have to be linked with others, which fluxd's own choice of peers does in time and fixed links do not.
 */
function lostReasons(
  best: WitnessedBlock,
  asked: readonly number[],
  { witness, params, linksOf }: NetworkAccount,
): Reason[] {
  const upgraded = asked.filter((node) => witness.rulesAt(node) === params);
  const follows = (node: number): boolean => {
    const tip = witness.tips[node];
    return tip !== undefined && best.height - commonHeight(tip, best) <= ON_THE_WAY;
  };
  const groups = linkedGroups(upgraded, { rulesOf: (node) => witness.rulesAt(node), linksOf });
  const lost = (what: string, cutOff: boolean): Reason => ({
    check: "together",
    what,
    nodes: groups
      .filter((group) => group.some(follows) !== cutOff)
      .flatMap((group) => group.filter((node) => !follows(node)))
      .sort((a, b) => a - b),
  });
  return [
    lost("have the new rules and are not on their chain", false),
    lost("have the new rules and are linked with their chain only through nodes of the old ones", true),
  ].filter(({ nodes }) => nodes.length > 0);
}

/** Nodes on other chains than this one; those that are only behind are on it. */
function splitsFrom(
  best: WitnessedBlock,
  nodes: readonly number[],
  tips: readonly (WitnessedBlock | undefined)[],
): Split[] {
  const byTip = new Map<string, { tip: WitnessedBlock; nodes: number[] }>();
  for (const node of nodes) {
    const tip = tips[node];
    if (tip === undefined) continue;
    const group = byTip.get(tip.hash) ?? { tip, nodes: [] };
    group.nodes.push(node);
    byTip.set(tip.hash, group);
  }
  return [...byTip.values()].flatMap(({ tip, nodes: there }) => {
    const height = commonHeight(tip, best);
    if (height === tip.height && height >= best.height - ON_THE_WAY) return [];
    return [{ height, nodes: there, tip: displayed(tip), tipHeight: tip.height }];
  });
}

/** Node numbers as people write them: "4, 17-19". */
export function nodeRanges(nodes: readonly number[]): string {
  const sorted = [...new Set(nodes)].sort((a, b) => a - b);
  const ranges: [first: number, last: number][] = [];
  for (const node of sorted) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === node - 1) range[1] = node;
    else ranges.push([node, node]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}

/** The chains that nodes under other rules follow, the highest of each set of rules. */
export function otherTips(account: NetworkAccount): (readonly [WitnessedBlock, Params])[] {
  const rules = new Set(account.witness.tips.map((_, node) => account.witness.rulesAt(node)));
  return [...rules].flatMap((params) => {
    if (params === undefined || params === account.params) return [];
    const tip = bestTip(account, params);
    return tip === undefined ? [] : [[tip, params] as const];
  });
}
