import type { FaultBand, SpreadScene, TraceRows } from "@fluxlab/sim";
import { BlockTree, tipShares } from "./blockTree.ts";
import { EventLog } from "./eventLog.ts";
import { TipHistory } from "./tipHistory.ts";

/** All that a page keeps of a run in which messages travel, to show any moment of it. */
export class SpreadHistory {
  readonly scene: SpreadScene;
  readonly tips: TipHistory;
  readonly tree: BlockTree;
  readonly log: EventLog;
  /** Delivered since the run began, at moments. */
  readonly traffic: { readonly [Column in "seconds" | "messages" | "bytes"]: number[] };
  /** Everything up to here is known, seconds. */
  seconds: number;

  /** `known`: of the same nodes with other faults or links, taken over. */
  constructor(scene: SpreadScene, known?: SpreadHistory) {
    this.scene = scene;
    this.tips = known?.tips ?? new TipHistory(scene.nodes);
    this.tree = known?.tree ?? new BlockTree();
    this.log = known?.log ?? new EventLog();
    this.traffic = known?.traffic ?? { seconds: [0], messages: [0], bytes: [0] };
    this.seconds = known?.seconds ?? 0;
  }

  append(rows: TraceRows, seconds: number): void {
    this.tree.append(rows.blocks);
    this.tips.append(rows.tips);
    this.log.append(rows.log, rows.reasons);
    this.tree.drawLanes(tipShares(this.tips.newest)[0]?.block ?? 0);
    for (const column of ["seconds", "messages", "bytes"] as const) {
      for (const value of rows.traffic[column]) this.traffic[column].push(value);
    }
    this.seconds = seconds;
  }
}

/** Faults that are in force at a moment; those without an end, an upgrade or a sale, never are. */
export const faultsAt = (faults: readonly FaultBand[], seconds: number): FaultBand[] =>
  faults.filter(({ from, to }) => from <= seconds && seconds < to);

/** Of each node, in how many of these faults it is. */
export function faultyNodes(faults: readonly FaultBand[], nodes: number): Uint8Array {
  const counts = new Uint8Array(nodes);
  for (const fault of faults) for (const node of fault.nodes) counts[node]!++;
  return counts;
}

/** Faults by which a node does not run: the simulator's, and those of testnets. */
const DOWN: ReadonlySet<string> = new Set(["kill", "stop", "wipe"]);
export const isDownBy = ({ fault }: Pick<FaultBand, "fault">): boolean => DOWN.has(fault);

/** Nodes that do not run at a moment. */
export const nodesDown = (faults: readonly FaultBand[], seconds: number, nodes: number): Uint8Array =>
  faultyNodes(faultsAt(faults, seconds).filter(isDownBy), nodes);

/** Whether faults keep messages from one node from reaching another. */
export function isCut(sides: readonly CutSides[], from: number, to: number): boolean {
  return sides.some(({ inside, spared, direction }) => {
    if (inside[from] === inside[to]) return false;
    if (spared[from] === 1 || spared[to] === 1) return false;
    return direction === "both" || (direction === "out") === (inside[from] === 1);
  });
}

/** A cut with its nodes as bits. */
export interface CutSides {
  readonly inside: Uint8Array;
  readonly spared: Uint8Array;
  readonly direction: "both" | "in" | "out";
}

export function cutSides(faults: readonly FaultBand[], nodes: number): CutSides[] {
  return faults.flatMap(({ cut, nodes: members, except }) => {
    if (cut === undefined) return [];
    const [inside, spared] = [new Uint8Array(nodes), new Uint8Array(nodes)];
    for (const node of members) inside[node] = 1;
    for (const node of except) spared[node] = 1;
    return [{ inside, spared, direction: cut }];
  });
}
