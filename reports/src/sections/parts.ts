import { TIERS } from "@fluxlab/core";
import type { SpreadRecord } from "@fluxlab/sim";
import { exactFlux, grouped } from "../format.ts";
import { paragraph, type Section } from "../html/components.ts";
import { TIER_NAME } from "../names.ts";

type Part = NonNullable<SpreadRecord["economy"]>["before"];

/** What came before and after the full nodes, a sentence each; none where the run is theirs alone. */
export function partSentences({ economy, start }: SpreadRecord): string[] {
  const { before, after } = economy ?? {};
  return [
    ...(start === undefined
      ? []
      : [
          `All nodes began with a recorded chain up to height ${grouped(start.height)}, block ${start.blockHash}.`,
        ]),
    ...(before === undefined ? [] : [`Before the full nodes ${played(before)}`]),
    ...(after === undefined ? [] : [`After them ${played(after)}`]),
  ];
}

function played({ firstHeight, lastHeight, supply, queues, payments }: Part): string {
  const tiers = TIERS.map(
    (tier) => `${TIER_NAME[tier]} ${grouped(queues[tier])} (${grouped(payments[tier])} payments)`,
  );
  return (
    `an economy played heights ${grouped(firstHeight)} to ${grouped(lastHeight)}: ` +
    `supply ${exactFlux(supply.before)} to ${exactFlux(supply.after)} FLUX, confirmed at its end ${tiers.join(", ")}.`
  );
}

export function partsSection(record: SpreadRecord): Section | undefined {
  const sentences = partSentences(record);
  if (sentences.length === 0) return undefined;
  return {
    id: "parts",
    title: "The chain around the full nodes",
    body: sentences.map((each) => paragraph(each)),
  };
}
