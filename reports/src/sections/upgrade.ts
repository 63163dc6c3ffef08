import { type PerTier, TIERS } from "@fluxlab/core";
import type { RulesChain, SpreadRecord, UpgradeRecord } from "@fluxlab/sim";
import { duration, grouped, percent, readableFlux } from "../format.ts";
import { paragraph, type Section, table } from "../html/components.ts";
import { type Content, element } from "../markup.ts";
import { missedPayments } from "../metrics/upgrade.ts";
import { TIER_NAME } from "../names.ts";

/** What became of an upgrade; undefined where there was none. */
export function upgradeSection(record: SpreadRecord): Section | undefined {
  const { upgrade } = record;
  if (upgrade === undefined) return undefined;
  const chains = chainsOf(upgrade);
  return {
    id: "upgrade",
    title: "The upgrade",
    body: [
      paragraph(
        "Blocks and payments are those of one chain that are not on the other; where there is one set of rules, all of the run.",
      ),
      table({
        caption: "Chains by rules",
        head: ["", ...chains.map(([name]) => name)],
        rows: rowsOf(chains.map(([, chain]) => chain)),
      }),
      ...missedTable(record),
    ],
  };
}

/** The same in words. */
export function upgradeSentences(record: SpreadRecord): string[] {
  const { upgrade } = record;
  if (upgrade === undefined) return [];
  const { height, seconds } = upgrade;
  if (seconds === undefined) return [`Nobody had a block ${grouped(height)}, with which new rules begin.`];
  return [
    ...splitSentences(upgrade),
    ...emergencySentences(upgrade),
    ...missedSentences(record),
    ...voidSentences(upgrade),
  ];
}

function splitSentences({ height, seconds, split, upgraded, old }: UpgradeRecord): string[] {
  const begin = `New rules begin with block ${grouped(height)}, ${duration(seconds!)} into the run`;
  if (split === undefined || old === undefined) return [`${begin}.`];
  const parts =
    split.height === height ? "where the chains part" : `and the chains part at ${grouped(split.height)}`;
  const left = old.nodesAtEnd === 0 ? "nobody is left" : `${nodes(old.nodesAtEnd)} are`;
  return [
    `${begin}, ${parts}: by the new rules ${nodes(upgraded.nodesAtEnd)} are on ${tipText(upgraded)} at the end; by the old ones ${left} on ${tipText(old)}.`,
  ];
}

const nodes = (count: number): string => `${grouped(count)} ${count === 1 ? "node" : "nodes"}`;

const tipText = ({ tip }: RulesChain): string =>
  tip === undefined ? "what it began with" : `block ${grouped(tip.height)} (${tip.hash.slice(-12)})`;

function emergencySentences({ upgraded }: UpgradeRecord): string[] {
  const { emergency, proofOfNode } = upgraded.blocks;
  if (emergency === 0) return [];
  return [`Keyholders made ${grouped(emergency)} emergency blocks, FluxNodes ${grouped(proofOfNode)}.`];
}

function missedSentences(record: SpreadRecord): string[] {
  const missed = missedPayments(record);
  if (missed === undefined) return [];
  const { due, made, tiers } = missed;
  if (TIERS.every((tier) => tiers[tier] === 0)) return [];
  const each = TIERS.filter((tier) => tiers[tier] > 0).map(
    (tier) => `${grouped(tiers[tier])} to ${TIER_NAME[tier]}`,
  );
  return [
    `From then on there were ${grouped(made)} of ${grouped(due)} blocks that the new rules aim at (${percent(made / due, 0)}), so FluxNodes miss payments: ${each.join(", ")}.`,
  ];
}

function voidSentences({ old }: UpgradeRecord): string[] {
  if (old === undefined) return [];
  const sums = TIERS.filter((tier) => old.payments[tier].count > 0).map((tier) => {
    const { count, amount } = old.payments[tier];
    return `${grouped(count)} to ${TIER_NAME[tier]} (${readableFlux(amount)} FLUX)`;
  });
  if (sums.length === 0) return [];
  return [
    `Payments that only the old rules' chain knows, void for everybody who upgrades: ${sums.join(", ")}.`,
  ];
}

const chainsOf = ({ upgraded, old }: UpgradeRecord): [string, RulesChain][] => [
  ["New rules", upgraded],
  ...(old === undefined ? [] : [["Old rules", old] as [string, RulesChain]]),
];

function rowsOf(chains: readonly RulesChain[]): Content[][] {
  const row = (name: string, cell: (chain: RulesChain) => Content): Content[] => [name, ...chains.map(cell)];
  return [
    row("Nodes at the start", ({ nodesAtStart }) => grouped(nodesAtStart)),
    row("Nodes at the end", ({ nodesAtEnd }) => grouped(nodesAtEnd)),
    row("Tip, height", ({ tip }) => (tip === undefined ? "–" : grouped(tip.height))),
    row("Tip, hash", ({ tip }) => (tip === undefined ? "–" : element("code", {}, tip.hash.slice(-16)))),
    row("Tip, time", ({ tip }) => (tip === undefined ? "–" : duration(tip.seconds))),
    row("Blocks of proof of work", ({ blocks }) => grouped(blocks.proofOfWork)),
    row("Blocks of FluxNodes", ({ blocks }) => grouped(blocks.proofOfNode)),
    row("Emergency blocks", ({ blocks }) => grouped(blocks.emergency)),
    ...TIERS.flatMap((tier) => [
      row(`Payments to ${TIER_NAME[tier]}`, ({ payments }) => grouped(payments[tier].count)),
      row(`FLUX to ${TIER_NAME[tier]}`, ({ payments }) => readableFlux(payments[tier].amount)),
    ]),
  ];
}

function missedTable(record: SpreadRecord): Content[] {
  const missed = missedPayments(record);
  if (missed === undefined) return [];
  const row = (name: string, counts: PerTier<number>): Content[] => [
    name,
    ...TIERS.map((tier) => grouped(counts[tier])),
  ];
  return [
    paragraph(
      `From the first block under the new rules to the end of the run ${grouped(missed.due)} blocks were due, one every ${record.upgrade!.ponSpacing} seconds, and ${grouped(missed.made)} were made.`,
    ),
    table({
      caption: "Payments that FluxNodes miss for want of blocks",
      head: ["", ...TIERS.map((tier) => TIER_NAME[tier])],
      rows: [row("Missed", missed.tiers)],
    }),
  ];
}
