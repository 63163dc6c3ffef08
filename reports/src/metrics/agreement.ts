import type { AgreementSamples, SpreadRecord } from "@fluxlab/sim";
import { parseDuration } from "@fluxlab/sim/scenario";

/** A time in which some nodes were on a branch of their own, for longer than a fork takes to be settled. */
export interface Split {
  /** Seconds: of the first and last sample in which they were. */
  readonly from: number;
  readonly to: number;
  /** Most nodes apart at a time, and most blocks on their branch. */
  readonly nodes: number;
  readonly depth: number;
  /** Still so at the end of the run. */
  readonly open: boolean;
}

/** First to last; what is over for a single sample and comes again is one. */
export function splits({ seconds, apart, depth }: AgreementSamples): Split[] {
  const found: Split[] = [];
  const last = seconds.length - 1;
  let open = false;
  for (let i = 0; i <= last; i++) {
    if (apart[i] === 0) {
      open &&= (apart[i + 1] ?? 0) > 0;
      continue;
    }
    const before = open ? found.pop() : undefined;
    open = true;
    found.push({
      from: before?.from ?? seconds[i]!,
      to: seconds[i]!,
      nodes: Math.max(before?.nodes ?? 0, apart[i]!),
      depth: Math.max(before?.depth ?? 0, depth[i]!),
      open: i === last,
    });
  }
  return found;
}

/** What the named nodes of a fault mined while it lasted, beside all. */
export interface Mining {
  readonly fault: string;
  readonly nodes: readonly number[];
  readonly mined: number;
  readonly minedByAll: number;
  /** On the chain that won. */
  readonly kept: number;
  readonly keptByAll: number;
}

/** Of faults that name their nodes one by one and change what miners do. */
export function minings({ scenario, blocks, seconds }: SpreadRecord): Mining[] {
  if (scenario.fidelity !== "network") return [];
  return (scenario.faults ?? []).flatMap((fault): Mining[] => {
    if (!MINING.has(fault.fault) || typeof fault.nodes === "string" || !("ids" in fault.nodes)) return [];
    const from = secondsOf(fault.at);
    const to = fault.for === undefined ? seconds : from + secondsOf(fault.for);
    const nodes = fault.nodes.ids;
    const counts = { mined: 0, minedByAll: 0, kept: 0, keptByAll: 0 };
    blocks.minedSeconds.forEach((time, i) => {
      if (time < from || time > to) return;
      const theirs = nodes.includes(blocks.miner[i]!);
      counts.minedByAll++;
      if (theirs) counts.mined++;
      if (blocks.onMainChain[i] === 0) return;
      counts.keptByAll++;
      if (theirs) counts.kept++;
    });
    return [{ fault: fault.fault, nodes, ...counts }];
  });
}

const MINING: ReadonlySet<string> = new Set(["selfish-mining", "withholding"]);

function secondsOf(text: string): number {
  const duration = parseDuration(text);
  return duration !== undefined && "seconds" in duration ? duration.seconds : 0;
}
