import { TIERS } from "@fluxlab/core";
import { type Judgement, nodeRanges, type RehearsalReport } from "@fluxlab/sim";

/** A rehearsal for people, a line each; the verdict comes last. */
export function rehearsalText(report: RehearsalReport): string {
  const { activation, nodes, upgrades, restart, rollback, resources, judgements, broken } = report;
  const before = upgrades.filter((at) => at === 0).length;
  const never = upgrades.filter((at) => at === null).length;
  return [
    `${report.title} (${report.on}, seed ${report.seed})`,
    `${report.old} to ${report.new}: ${report.upgrade} at height ${activation}, ${nodes} nodes: ${before} upgraded before, ${nodes - before - never} during, ${never} not in the run`,
    ...upgradeLines(report),
    ...judgements.flatMap(judgementLines),
    ...missedLines(report),
    ...(report.pace === undefined ? [] : [paceLine(report.pace)]),
    ...report.states.map(stateLine),
    ...(broken === undefined ? [] : [`the chain of the new rules breaks ${broken.rule} at ${broken.height}`]),
    ...(restart === undefined ? [] : [restartLine(restart)]),
    ...(rollback === undefined ? [] : [rollbackLine(rollback)]),
    resourcesLine(resources),
    report.verdict,
  ].join("\n");
}

/** Of more nodes than this the report's page tells one by one. */
const NODES_SHOWN = 20;

/** When those upgraded that had not before. */
function upgradeLines({ planned, upgrades }: RehearsalReport): string[] {
  const during = upgrades.flatMap((at, node) => (at === null || at === 0 ? [] : [{ node, at }]));
  if (during.length > NODES_SHOWN) {
    const times = during.map(({ at }) => at);
    const [first, last] = [Math.min(...times).toFixed(0), Math.max(...times).toFixed(0)];
    return [`${during.length} nodes upgraded, the first after ${first} s and the last after ${last} s`];
  }
  return during.map(({ node, at }) => {
    const wanted = planned[node] ?? at;
    return `node ${node} upgraded after ${at.toFixed(1)} s${at === wanted ? "" : `, planned after ${wanted.toFixed(1)} s`}`;
  });
}

function resourcesLine({ wallSeconds, processes, ...most }: RehearsalReport["resources"]): string {
  const all = most.allMegabytes === undefined ? "" : `, ${most.allMegabytes} MB in all nodes`;
  const disk =
    most.diskMegabytes === undefined ? "" : `, ${most.diskMegabytes.toFixed(1)} MB on a node's disk`;
  return `needed ${wallSeconds.toFixed(1)} s, ${processes} processes, at most ${most.mostMegabytes ?? "?"} MB in one${all}${disk}`;
}

function judgementLines({ at, verdict, reasons, splits, best }: Judgement): string[] {
  return [
    `after ${at.toFixed(0)} s, at height ${best?.height ?? "-"}: ${verdict}`,
    ...reasons.map(({ what, nodes }) => `  ${reasonText(what, nodes)}`),
    ...splits.map(
      ({ height, nodes, tip, tipHeight }) =>
        `  left the chain after ${height}: ${countText(nodes)}, on ${tip.slice(0, 16)} at ${tipHeight}`,
    ),
  ];
}

const countText = (nodes: readonly number[]): string =>
  `${nodes.length === 1 ? "node" : `${nodes.length} nodes,`} ${nodeRanges(nodes)}`;

/** "3 nodes, 1, 4-5, run the old rules". */
const reasonText = (what: string, nodes: readonly number[]): string =>
  nodes.length === 0 ? what : `${countText(nodes)}: ${what}`;

const missedLines = ({ missed }: RehearsalReport): string[] =>
  missed === undefined
    ? []
    : TIERS.map((tier) => {
        const { missed: turns, losers, onDeadChains } = missed[tier];
        return `${tier}: ${turns} payments missed by ${losers.length} FluxNodes, ${onDeadChains} made on chains that died`;
      });

const paceLine = ({ due, made }: NonNullable<RehearsalReport["pace"]>): string =>
  `${made} blocks since the activation where the spacing asks for ${due}: ${Math.max(0, due - made)} payments less to each tier`;

function stateLine({ height, digest, agree, differ }: RehearsalReport["states"][number]): string {
  const nodes =
    agree === undefined || differ === undefined
      ? "by replay"
      : `on ${agree} nodes${differ.length === 0 ? "" : `; ANOTHER on nodes ${nodeRanges(differ)}`}`;
  return `state after ${height}: ${digest.slice(0, 16)} ${nodes}`;
}

const restartLine = ({
  node,
  height,
  nextBlockAfter,
  onChain,
}: NonNullable<RehearsalReport["restart"]>): string =>
  `node ${node}, restarted at ${height}: ` +
  (nextBlockAfter === undefined
    ? "got no other block"
    : `got its next block ${nextBlockAfter.toFixed(1)} s later`) +
  (onChain ? ", is on the chain" : ", is NOT on the chain");

const rollbackLine = ({
  node,
  backTo,
  tip,
  tipHeight,
  rejoined,
}: NonNullable<RehearsalReport["rollback"]>): string =>
  `node ${node}, put back to the old version: went back to ${backTo}, was on ${tip.slice(0, 16)} at ${tipHeight}; ` +
  (rejoined ? "upgraded again, it is on the chain" : "upgraded again, it is NOT on the chain");
