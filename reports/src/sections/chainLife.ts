import { unreachable } from "@fluxlab/core";
import type { ChainEvent, RunRecord } from "@fluxlab/sim";
import { exactFlux, grouped, trimmedFlux } from "../format.ts";
import { note, paragraph, type Section, table } from "../html/components.ts";
import type { Content } from "../markup.ts";
import { type SubsidyChange, subsidyChanges } from "../metrics/subsidy.ts";
import { momentOf, secondsAtHeight } from "../metrics/timeline.ts";
import { FUND_NAME, SHOCK_NAME, TIER_NAME, UPGRADE_NAME } from "../names.ts";

export function chainLifeSection(record: RunRecord): Section {
  const { counts } = record;
  const rows: (readonly [string, number, string])[] = [
    ["STARTs", counts.starts, "A node announces its collateral"],
    ["Confirms", counts.confirms, "Its first confirm is mined: it joins its tier's queue"],
    ["Updates", counts.updates, "Later confirms that keep it there"],
    ["Missed STARTs", counts.startExpiries, "No confirm in time: the entry becomes DoS"],
    ["DoS released", counts.dosReleases, "The time-out is over: the node may START again"],
    ["Expiries", counts.expiries, "No update in time, or old collateral: it leaves the queue"],
    ["Collateral spent", counts.spent, "The operator sold it, or moved to the new amount"],
  ];
  return {
    id: "chain-life",
    title: "Chain life",
    body: [
      paragraph(`What the ${grouped(record.nodes.tier.length)} nodes of the run did on the chain.`),
      table({
        caption: "FluxNode transactions and list changes",
        head: ["What", "Times", "Meaning"],
        text: [2],
        rows: rows.map(([name, count, meaning]): Content[] => [name, grouped(count), meaning]),
      }),
      eventTable(record),
    ],
  };
}

function eventTable(record: RunRecord): Content {
  const rows = [
    ...subsidyChanges(record.events).map((change) => ({
      height: change.firstHeight,
      cells: subsidyCells(change),
    })),
    ...record.events.flatMap((event) =>
      event.type === "subsidy" ? [] : [{ height: event.height, cells: eventCells(event) }],
    ),
  ].sort((a, b) => a.height - b.height);
  if (rows.length === 0)
    return note("Nothing was due at any height of the run: no upgrade, no change of subsidy, no funding.");
  return table({
    caption: "What was due at which height",
    head: ["Height", "When", "Event", "Detail"],
    text: [1, 2, 3],
    rows: rows.map(({ height, cells }): Content[] => [
      grouped(height),
      momentOf(record.scenario.startDate, secondsAtHeight(record.samples, height)),
      ...cells,
    ]),
  });
}

function subsidyCells({ kind, firstHeight, lastHeight, from, to }: SubsidyChange): [string, string] {
  const amounts = `${trimmedFlux(from)} → ${trimmedFlux(to)} FLUX a block`;
  const names = {
    slowStart: "Slow start",
    halving: "Halving",
    reduction: "Subsidy reduction",
    other: "Subsidy",
  };
  const until = lastHeight === firstHeight ? "" : `, a step in every block up to ${grouped(lastHeight)}`;
  return [names[kind], `${amounts}${until}`];
}

function eventCells(event: Exclude<ChainEvent, { readonly type: "subsidy" }>): [string, string] {
  switch (event.type) {
    case "upgrade":
      return ["Network upgrade", UPGRADE_NAME[event.upgrade]];
    case "funding":
      return [FUND_NAME[event.fund], `${exactFlux(event.amount)} FLUX`];
    case "transitionEnd":
      return ["Collateral", `The old ${TIER_NAME[event.tier]} amount is refused from here on`];
    case "shock":
      return [SHOCK_NAME[event.kind], `${grouped(event.hit)} operators`];
    case "capPassed":
      return ["Supply cap passed", `${exactFlux(event.before)} → ${exactFlux(event.after)} FLUX`];
    default:
      return unreachable(event, "Event table");
  }
}
