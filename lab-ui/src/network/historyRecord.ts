import { perTier } from "@fluxlab/core";
import type { AgreementSamples, CheckerFinding, MinedBlocks, SpreadRecord } from "@fluxlab/sim";
import type { SpreadScenario } from "@fluxlab/sim/scenario";
import { tipShares } from "./blockTree.ts";
import { nodesDown, type SpreadHistory } from "./spreadHistory.ts";

// The record of a network that no simulator played, from what its nodes were seen to do: the same figures and charts show both.

/** Samples of agreement, and blocks that make a branch: as the simulator's (sim/src/record/agreementSamples.ts). */
const SAMPLES = 240;
const DEEP = 2;
/** Changes of tips that are looked at; the newest. */
const MOST_CHANGES = 1_000_000;

export function historyRecord(
  history: SpreadHistory,
  scenario: SpreadScenario,
  findings: readonly CheckerFinding[],
): SpreadRecord {
  const { scene, seconds } = history;
  const depths = new Map<number, number>();
  for (let i = 0; i < history.log.length; i++) {
    const { kind, depth } = history.log.row(i);
    if (kind === "reorganised") depths.set(depth, (depths.get(depth) ?? 0) + 1);
  }
  return {
    ...{ format: 1, fidelity: "network", scenario, scenarioHash: "", rulesId: undefined },
    ...{ seed: `${scenario.seed}`, digest: "", nodes: scene.nodes, seconds, events: history.log.length },
    ...{ blocks: minedBlocks(history), messages: [], findings },
    ...{ agreement: agreementOf(history), upgrade: undefined },
    reorganisations: [...depths].sort(([a], [b]) => a - b),
  };
}

/** Every block, and how long it took to so many nodes. */
function minedBlocks({ tree, tips, scene, seconds }: SpreadHistory): MinedBlocks {
  const { nodes } = scene;
  const rows = tree.length - 1;
  const has = new Uint8Array(tree.length * nodes);
  const count = new Uint32Array(tree.length);
  const column = () => new Float64Array(rows).fill(Number.NaN);
  const reached = ([50, 90, 99, 100] as const).map((percent) => ({
    wanted: Math.max(1, Math.ceil((nodes * percent) / 100)),
    seconds: column(),
  }));
  for (const { seconds: at, node, block: tip } of tips.between(-1, seconds, MOST_CHANGES)) {
    // With a tip come the blocks below it that the node had not.
    for (let block = tip; block > 0 && has[block * nodes + node] === 0; block = tree.parent[block]!) {
      has[block * nodes + node] = 1;
      const nodesNow = ++count[block]!;
      for (const part of reached)
        if (part.wanted === nodesNow) part.seconds[block - 1] = Math.max(at - tree.seconds[block]!, 0);
    }
  }
  const main = tree.chainTo(tipShares(tips.newest)[0]?.block ?? 0);
  const [p50, p90, p99, all] = reached.map((part) => part.seconds);
  return {
    height: Uint32Array.from(tree.height.slice(1)),
    miner: Uint32Array.from(tree.miner.slice(1)),
    minedSeconds: Float64Array.from(tree.seconds.slice(1)),
    onMainChain: main.slice(1),
    ...{ p50: p50!, p90: p90!, p99: p99!, all: all! },
  };
}

/** Who was on which branch, at even distances; queues are not observed. */
function agreementOf({ tree, tips, scene, seconds }: SpreadHistory): AgreementSamples {
  const moments = Float64Array.from({ length: SAMPLES }, (_, i) => (seconds * (i + 1)) / SAMPLES);
  const column = () => new Uint32Array(SAMPLES);
  const samples = { up: column(), apart: column(), depth: column(), height: column() };
  moments.forEach((at, i) => {
    const down = nodesDown(scene.faults, at, scene.nodes);
    const there = tips.read(at).tips.filter((_, node) => down[node] === 0);
    const shares = tipShares(there);
    const main = shares[0]?.block ?? 0;
    samples.up[i] = there.length;
    samples.height[i] = scene.baseHeight + tree.height[main]!;
    for (const { block, nodes } of shares) {
      const common = tree.commonAncestor(block, main);
      const depth = common === main ? 0 : tree.height[block]! - tree.height[common]!;
      if (depth < DEEP) continue;
      samples.apart[i]! += nodes;
      samples.depth[i] = Math.max(samples.depth[i]!, depth);
    }
  });
  return { seconds: moments, ...samples, queues: perTier(column) };
}
