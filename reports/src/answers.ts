import { TIERS } from "@fluxlab/core";
import type { AnyRecord, SpreadRecord } from "@fluxlab/sim";
import { grouped } from "./format.ts";
import { render } from "./markup.ts";
import { agreementSentences } from "./sections/agreement.ts";
import { answerSentences } from "./sections/opening.ts";
import { partSentences } from "./sections/parts.ts";
import { upgradeSentences } from "./sections/upgrade.ts";

/** What a run says about its question, a sentence each, as HTML that is escaped already. */
export const answers = (record: AnyRecord): string[] =>
  record.fidelity === "economy" ? answerSentences(record).map(render) : spreadAnswers(record).map(render);

const spreadAnswers = (record: SpreadRecord): string[] => [
  ...partSentences(record),
  ...upgradeSentences(record),
  ...agreementSentences(record),
  ...paymentSentences(record),
];

/** What blocks that did not stay mean for FluxNodes; an upgrade's own sentences say it of two sets of rules. */
function paymentSentences({ agreement, blocks, upgrade }: SpreadRecord): string[] {
  if (agreement === undefined || upgrade?.old !== undefined) return [];
  if (TIERS.every((tier) => agreement.queues[tier].every((count) => count === 0))) return [];
  const all = blocks.onMainChain.length;
  const lost = blocks.onMainChain.reduce((count, stayed) => count + (stayed === 1 ? 0 : 1), 0);
  if (lost === 0) return ["Every block stayed on the chain, so no payment was taken back."];
  return [
    `${grouped(lost)} of ${grouped(all)} blocks did not stay, and the payments in them are void: one to every tier that had a queue. The chain that stayed pays in its own turns, so a node loses its turn only if it dropped out of the queue.`,
  ];
}
