import { type PerTier, toDisplayHex, wireHex } from "@fluxlab/core";
import { commonHeight } from "../checkers/agreement.ts";
import type { WitnessedBlock } from "../checkers/checker.ts";
import { bestTip, firstSight, type NetworkAccount } from "../witness/account.ts";
import { type ChainLedger, chainLedger } from "../witness/chainLedger.ts";
import { type Adoption, adoptionOf } from "./adoption.ts";
import { type Judgement, otherTips } from "./judge.ts";
import { type MissedPayments, missedPayments } from "./missedPayments.ts";

/** A node that went back to the old version for a while. Heights and tips are those at the end of that while. */
export interface Rollback {
  readonly node: number;
  /** Of the last block that it shared with the chain of the new rules. */
  readonly backTo: number;
  readonly tip: string;
  readonly tipHeight: number;
  /** Whether it was on the chain of the new rules at the end of the run. */
  readonly rejoined: boolean;
}

/** A node that was restarted when the block of the activation had come to it. */
export interface Restart {
  readonly node: number;
  readonly height: number;
  /** Seconds from that block to its next; undefined: none came. */
  readonly nextBlockAfter: number | undefined;
  readonly onChain: boolean;
}

/** The state after a block. */
export interface StateAt {
  readonly height: number;
  readonly block: string;
  /** As the chain's replay has it. */
  readonly digest: string;
  /** Nodes that computed another one by themselves; undefined: they were not asked. */
  readonly differ: readonly number[] | undefined;
  readonly agree: number | undefined;
}

/** How fast proof of node went on: FluxNodes that do not produce leave slots empty, and every empty slot is a payment less. */
export interface Pace {
  /** Blocks that the spacing asks for between the first one and the end of the run, and those made. */
  readonly due: number;
  readonly made: number;
}

/** What a rehearsal needed. */
export interface RehearsalResources {
  readonly wallSeconds: number;
  readonly simulatedSeconds: number;
  /** Memory of the largest process at its peak; undefined: the system does not tell. */
  readonly mostMegabytes: number | undefined;
  readonly processes: number;
  /** Memory of all nodes at their peaks; undefined: they are no processes, or the system does not tell. */
  readonly allMegabytes?: number | undefined;
  /** The largest data folder; undefined: nodes have none. */
  readonly diskMegabytes?: number | undefined;
}

/** What came of a rehearsal. Times are seconds since the run began. */
export interface RehearsalReport {
  readonly name: string;
  readonly title: string;
  readonly on: "simulator" | "process";
  readonly seed: number;
  readonly old: string;
  readonly new: string;
  readonly upgrade: string;
  readonly nodes: number;
  readonly activation: number;
  /** When each node was to get the new version; null: not in this run. */
  readonly planned: readonly (number | null)[];
  /** When each node ran the new version; null: not in this run. */
  readonly upgrades: readonly (number | null)[];
  /** Undefined: nobody kept to the new rules. */
  readonly adoption: Adoption | undefined;
  /** Before the roll-out went on after the activation, and at the end, which decides. */
  readonly judgements: readonly Judgement[];
  readonly verdict: Judgement["verdict"];
  readonly missed: PerTier<MissedPayments> | undefined;
  /** Undefined: the upgrade is none to proof of node, or did not come. */
  readonly pace: Pace | undefined;
  /** The last block of the old rules and the first of the new, on the chain of the new. */
  readonly states: readonly StateAt[];
  /** The rule that the chain of the new rules breaks; undefined: none. */
  readonly broken: ChainLedger["broken"];
  readonly restart: Restart | undefined;
  readonly rollback: Rollback | undefined;
  readonly resources: RehearsalResources;
}

/** What a report takes from elsewhere than the nodes' account. */
export interface RehearsalFacts
  extends Omit<
    RehearsalReport,
    "nodes" | "verdict" | "adoption" | "missed" | "pace" | "states" | "broken" | "restart" | "rollback"
  > {
  readonly restartNode: number;
  /** What was seen of it at the end of its while. */
  readonly rollback: Omit<Rollback, "rejoined"> | undefined;
  /** Chains that others followed at moments of the run, besides those at its end: tips and their nodes' rules. */
  readonly deadTips: ReturnType<typeof otherTips>;
  /** Digests that nodes computed of the state after a block, and which nodes each; undefined: they were not asked. */
  readonly statesAfter: ((block: string) => ReadonlyMap<string, readonly number[]>) | undefined;
}

/** The report of a rehearsal that has ended. */
export function rehearsalReport(account: NetworkAccount, facts: RehearsalFacts): RehearsalReport {
  const { restartNode, rollback, deadTips, statesAfter, ...told } = facts;
  const { activation, judgements } = told;
  const best = bestTip(account, account.params);
  const chain = best && chainLedger(best, account.params, [activation - 1, activation]);
  const others = [...deadTips, ...otherTips(account)];
  const dead = best === undefined ? [] : deadChains(best, others);
  const onBest = (node: number): boolean => {
    const tip = account.witness.tips[node];
    return tip !== undefined && best !== undefined && commonHeight(tip, best) >= activation;
  };
  return {
    ...told,
    nodes: account.nodes,
    verdict: judgements.at(-1)?.verdict ?? "NO-GO",
    adoption:
      best &&
      adoptionOf(
        account,
        best,
        others.map(([tip]) => tip),
      ),
    missed: chain && missedPayments(chain, activation, dead),
    pace: best && paceOf(account, best, activation),
    states: chain === undefined ? [] : statesOf(chain, [activation - 1, activation], statesAfter),
    broken: chain?.broken,
    restart: best && restartOf(account, best, restartNode, activation, onBest(restartNode)),
    rollback: rollback && { ...rollback, rejoined: onBest(rollback.node) },
  };
}

function paceOf(
  { witness, params, duration }: NetworkAccount,
  best: WitnessedBlock,
  activation: number,
): Pace | undefined {
  const first = ancestorAt(best, activation);
  const seen = first && witness.blocks.get(first.hash);
  if (params.upgrades.pon.height !== activation || seen === undefined) return undefined;
  const seconds = (duration - firstSight(seen)) / 1_000_000;
  return { due: 1 + Math.floor(seconds / params.pon.targetSpacing), made: best.height - activation + 1 };
}

/** The block of a chain at a height; undefined: the chain is not so high. */
function ancestorAt(tip: WitnessedBlock, height: number): WitnessedBlock | undefined {
  let at: WitnessedBlock | undefined = tip;
  while (at !== undefined && at.height > height) at = at.parent;
  return at?.height === height ? at : undefined;
}

/** One ledger a chain that is not the best one, of several that share their end the longest. */
function deadChains(best: WitnessedBlock, tips: ReturnType<typeof otherTips>) {
  const seen = new Set<string>();
  return [...tips]
    .sort(([a], [b]) => b.height - a.height)
    .flatMap(([tip, params]) => {
      const from = commonHeight(tip, best);
      if (from === tip.height || seen.has(tip.hash)) return [];
      for (let at: WitnessedBlock | undefined = tip; at !== undefined && at.height > from; at = at.parent)
        seen.add(at.hash);
      return [{ ledger: chainLedger(tip, params), from }];
    });
}

function statesOf(
  chain: ChainLedger,
  heights: readonly number[],
  statesAfter: RehearsalFacts["statesAfter"],
): StateAt[] {
  return heights.flatMap((height) => {
    const row = chain.rows.find((each) => each.height === height);
    const digest = chain.moments.get(height)?.digest;
    if (row === undefined || digest === undefined) return [];
    const said = statesAfter?.(row.hash);
    const differ = said && [...said].flatMap(([other, nodes]) => (other === digest ? [] : nodes));
    return [{ height, block: row.hash, digest, differ, agree: said?.get(digest)?.length }];
  });
}

function restartOf(
  { witness }: NetworkAccount,
  best: WitnessedBlock,
  node: number,
  height: number,
  onChain: boolean,
): Restart | undefined {
  const arrival = (wanted: number): number | undefined => {
    const block = ancestorAt(best, wanted);
    const time = block && witness.blocks.get(block.hash)?.arrivals[node];
    return time === undefined || Number.isNaN(time) ? undefined : time / 1_000_000;
  };
  const [came, next] = [arrival(height), arrival(height + 1)];
  if (came === undefined) return undefined;
  return { node, height, nextBlockAfter: next === undefined ? undefined : next - came, onChain };
}

/** Where a node is that went back: to be asked while it is there. */
export function rollbackSeen(account: NetworkAccount, node: number): Omit<Rollback, "rejoined"> | undefined {
  const [tip, best] = [account.witness.tips[node], bestTip(account, account.params)];
  if (tip === undefined || best === undefined) return undefined;
  const hash = toDisplayHex(wireHex(tip.hash));
  return { node, backTo: commonHeight(tip, best), tip: hash, tipHeight: tip.height };
}
