import type { FaultBand, SpreadScene } from "@fluxlab/sim";
import { type BlockTree, laneColor } from "./blockTree.ts";
import { mixed } from "./nodeRaster.ts";
import { faultsAt, faultyNodes } from "./spreadHistory.ts";
import type { TipsAtMoment } from "./tipHistory.ts";

// What colour a node has, by what the reader wants to see.

export const COLORINGS = ["tip", "tier", "version", "fault"] as const;
export type Coloring = (typeof COLORINGS)[number];

/** Colours of the page, as pixels have them. */
export interface NodePalette {
  /** Of branches; see {@link laneColor}. */
  readonly lanes: readonly number[];
  /** No FluxNode, cumulus, nimbus, stratus. */
  readonly tiers: readonly number[];
  readonly ground: number;
  readonly plain: number;
  readonly old: number;
  readonly fault: number;
}

/** Blocks behind the best of its branch by which a node has faded, and by how much a block. */
const MOST_BEHIND = 3;
const FADE = 0.22;

export interface Colored {
  readonly scene: SpreadScene;
  readonly tree: BlockTree;
  readonly moment: TipsAtMoment;
  readonly seconds: number;
  readonly palette: NodePalette;
}

/** Colours of all nodes at a moment. */
export function nodeColors(coloring: Coloring, about: Colored, into: Uint32Array): void {
  if (coloring === "tip") tipColors(about, into);
  else if (coloring === "tier") {
    const { scene, palette } = about;
    for (let node = 0; node < into.length; node++) into[node] = palette.tiers[scene.tier[node]!]!;
  } else if (coloring === "version") {
    const old = oldNodes(about.scene.faults, about.seconds, into.length);
    const { old: late, plain } = about.palette;
    for (let node = 0; node < into.length; node++) into[node] = old[node] === 0 ? plain : late;
  } else {
    const { scene, seconds, palette } = about;
    const faulty = faultyNodes(faultsAt(scene.faults, seconds), into.length);
    const fine = mixed(palette.plain, palette.ground, 0.45);
    for (let node = 0; node < into.length; node++) into[node] = faulty[node] === 0 ? fine : palette.fault;
  }
}

/** Nodes that keep to the rules of before an upgrade they have not installed yet. */
const oldNodes = (faults: readonly FaultBand[], seconds: number, nodes: number): Uint8Array =>
  faultyNodes(
    faults.filter(({ fault, from }) => fault === "late-upgrade" && seconds < from),
    nodes,
  );

/** The colour of a branch; who is behind on it fades. */
function tipColors({ tree, moment: { tips }, palette }: Colored, into: Uint32Array): void {
  const best = new Map<number, number>();
  const colors = new Map<number, number>();
  for (const block of new Set(tips)) {
    const lane = tree.lane[block]!;
    best.set(lane, Math.max(best.get(lane) ?? 0, tree.height[block]!));
    colors.set(block, 0);
  }
  for (const block of colors.keys()) {
    const lane = tree.lane[block]!;
    const behind = Math.min(best.get(lane)! - tree.height[block]!, MOST_BEHIND);
    colors.set(block, mixed(palette.lanes[laneColor(lane)]!, palette.ground, behind * FADE));
  }
  for (let node = 0; node < into.length; node++) into[node] = colors.get(tips[node]!)!;
}
