import { unreachable } from "@fluxlab/core";
import type { ChainEvent } from "@fluxlab/sim";
import { group } from "d3-array";
import { compact, fluxNumber, shortFlux } from "../format.ts";
import { FUND_NAME, SHOCK_NAME, TIER_NAME, UPGRADE_NAME } from "../names.ts";
import { type SubsidyChange, subsidyChanges } from "./subsidy.ts";

// A chart has room for a handful of labels, a run may have thousands of events. What repeats is told once.

/** A height worth a mark on a time axis, and the later heights at which the same happens again. */
export interface Milestone {
  readonly height: number;
  readonly label: string;
  readonly repeats: readonly number[];
  /** The supply cap was passed. */
  readonly alarm: boolean;
}

/** From this many on, equal events share one label. */
const SERIES = 3;

interface Happening {
  readonly height: number;
  /** What makes two events the same. */
  readonly key: string;
  readonly label: string;
  /** Label for `count` of them, the last of which is `last`. */
  readonly series: (count: number, last: Happening) => string;
  readonly to?: string;
}

/** The run's marks by height. Events of one block share a label, and so do {@link SERIES} or more of a kind. */
export function milestones(events: readonly ChainEvent[]): Milestone[] {
  const happenings = [
    ...events.filter((event) => event.type !== "subsidy").map(ofEvent),
    ...subsidyChanges(events).map(ofSubsidy),
  ];
  const byKey = group(happenings, ({ key }) => key);
  const marks: Milestone[] = [];
  for (const same of byKey.values()) {
    const [first, last] = [same[0]!, same.at(-1)!];
    if (same.length >= SERIES) {
      const repeats = same.slice(1).map(({ height }) => height);
      marks.push({ height: first.height, label: first.series(same.length, last), repeats, alarm: false });
    } else {
      const alarm = first.key === "cap";
      marks.push(...same.map(({ height, label }) => ({ height, label, repeats: [], alarm })));
    }
  }
  return mergeByHeight(marks);
}

function mergeByHeight(marks: readonly Milestone[]): Milestone[] {
  const byHeight = group(marks, ({ height }) => height);
  return [...byHeight.values()]
    .map((together) => ({
      height: together[0]!.height,
      label: together.map(({ label }) => label).join(" · "),
      repeats: together.flatMap(({ repeats }) => repeats),
      alarm: together.some(({ alarm }) => alarm),
    }))
    .sort((a, b) => a.height - b.height);
}

function ofSubsidy(change: SubsidyChange): Happening {
  const to = shortFlux(change.to);
  const label = {
    slowStart: `Slow start to ${to}`,
    halving: `Halving to ${to}`,
    reduction: `Subsidy −10\u00a0% to ${to}`,
    other: `Subsidy ${shortFlux(change.from)} → ${to}`,
  }[change.kind];
  const what = change.kind === "reduction" ? "subsidy −10\u00a0%" : "change of subsidy";
  return {
    height: change.firstHeight,
    key: `subsidy ${change.kind}`,
    label,
    to,
    series: (count, last) => `${count} × ${what}, to ${last.to}`,
  };
}

function ofEvent(event: Exclude<ChainEvent, { readonly type: "subsidy" }>): Happening {
  const { height } = event;
  const once = (key: string, label: string): Happening => ({ height, key, label, series: () => label });
  switch (event.type) {
    case "upgrade":
      return once(`upgrade ${event.upgrade}`, upgradeLabel(event));
    case "funding": {
      const amount = compact(fluxNumber(event.amount));
      const label = `${FUND_NAME[event.fund]} +${amount}`;
      const series = (count: number) => `${count} × ${FUND_NAME[event.fund].toLowerCase()} +${amount}`;
      return { height, key: `funding ${event.fund}`, label, series };
    }
    case "transitionEnd":
      return once(`transition ${event.tier}`, `Old ${TIER_NAME[event.tier]} collateral ends`);
    case "shock":
      return once(`shock ${event.shock}`, SHOCK_NAME[event.kind]);
    case "capPassed":
      return once("cap", "Cap passed");
    default:
      return unreachable(event, "Milestone");
  }
}

const upgradeLabel = ({ upgrade }: Extract<ChainEvent, { readonly type: "upgrade" }>): string =>
  upgrade === "pon" ? UPGRADE_NAME.pon : `${UPGRADE_NAME[upgrade]} upgrade`;
