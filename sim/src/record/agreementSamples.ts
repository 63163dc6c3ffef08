import { type HeaderTree, type PerTier, perTier, TIERS } from "@fluxlab/core";
import type { NetworkWorld } from "../world/networkWorld.ts";

/** Samples in a run; lines on a chart need no more. */
const SAMPLES = 240;

/** Blocks that make a branch: a fork of one block is settled by the next. */
const DEEP = 2;

/** Which branches nodes are on, at equal distances of time. Columns have equal length. */
export interface AgreementSamples {
  readonly seconds: Float64Array;
  /** Nodes that run. */
  readonly up: Uint32Array;
  /** Of those, nodes on a branch of two blocks and more that is not the one most are on; who is only behind is not among them. */
  readonly apart: Uint32Array;
  /** Blocks on the longest of the other branches, since it left the one most are on. */
  readonly depth: Uint32Array;
  /** Of the tip that most nodes are on. */
  readonly height: Uint32Array;
  /** Confirmed FluxNodes after that tip. */
  readonly queues: PerTier<Uint32Array>;
}

/** Looks at a world's nodes from outside at set times; call {@link sample} when the world has been played to {@link next}. */
export class AgreementSampler {
  readonly #samples: AgreementSamples;
  readonly #world: NetworkWorld;
  readonly #distance: number;
  #taken = 0;

  constructor(world: NetworkWorld) {
    this.#world = world;
    this.#distance = Math.max(Math.floor(world.plan.duration / SAMPLES), 1);
    const length = Math.floor(world.plan.duration / this.#distance);
    const column = () => new Uint32Array(length);
    this.#samples = {
      seconds: new Float64Array(length),
      up: column(),
      apart: column(),
      depth: column(),
      height: column(),
      queues: perTier(column),
    };
  }

  /** What was taken so far. */
  get samples(): AgreementSamples {
    const { seconds, up, apart, depth, height, queues } = this.#samples;
    const taken = (column: Uint32Array) => column.slice(0, this.#taken);
    return {
      seconds: seconds.slice(0, this.#taken),
      up: taken(up),
      apart: taken(apart),
      depth: taken(depth),
      height: taken(height),
      queues: perTier((tier) => taken(queues[tier])),
    };
  }

  /** The world's time of the next sample, microseconds; Infinity after the last. */
  get next(): number {
    return this.#taken === this.#samples.up.length
      ? Number.POSITIVE_INFINITY
      : (this.#taken + 1) * this.#distance;
  }

  sample(): void {
    const { nodes, down, chain } = this.#world;
    const samples = this.#samples;
    const seconds = this.next / 1_000_000;
    const at = this.#taken++;
    const tips = countTips(this.#world);
    samples.seconds[at] = seconds;
    const main = mostCommon(tips);
    if (main === undefined) return; // nobody runs
    const { tree } = chain;
    for (const [tip, count] of tips) {
      samples.up[at]! += count;
      const depth = depthApart(tree, tip, main);
      if (depth < DEEP) continue;
      samples.apart[at]! += count;
      samples.depth[at] = Math.max(samples.depth[at]!, depth);
    }
    samples.height[at] = tree.height(main);
    const state = nodes[this.#world.tips.findIndex((tip, i) => down[i] === 0 && tip === main)]!.chain.state();
    for (const tier of TIERS) for (const _ of state.queue(tier)) samples.queues[tier][at]!++;
  }
}

/** Row of the tip that most nodes that run are on; undefined if none does. */
export const mostCommonTip = (world: NetworkWorld): number | undefined => mostCommon(countTips(world));

/** How many of the nodes that run are on each tip. */
function countTips({ tips, down }: NetworkWorld): Map<number, number> {
  const counts = new Map<number, number>();
  for (let node = 0; node < tips.length; node++)
    if (down[node] === 0) counts.set(tips[node]!, (counts.get(tips[node]!) ?? 0) + 1);
  return counts;
}

/** Of equally common tips that of the later row; undefined if there is none. */
export function mostCommon(tips: ReadonlyMap<number, number>): number | undefined {
  let found: number | undefined;
  for (const [tip, count] of tips) {
    const best = found === undefined ? 0 : tips.get(found)!;
    if (count > best || (count === best && tip > found!)) found = tip;
  }
  return found;
}

/** Blocks that a tip has beyond what it shares with the main tip; 0 for one that is only behind or ahead. */
function depthApart(tree: HeaderTree, tip: number, main: number): number {
  const common = tree.commonAncestor(tip, main);
  return common === main ? 0 : tree.height(tip) - tree.height(common);
}
