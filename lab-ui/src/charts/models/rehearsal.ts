import type { Adoption, Judgement } from "@fluxlab/sim";
import { text } from "../../text/en.ts";
import type { TimeChart } from "../timeChart.ts";
import { tick, withUnit } from "./common.ts";

const words = text.rehearsals;

/** Heights of the chain of the new rules and of others beside it, with the verdicts along the way. */
export function chainsChart(adoption: Adoption, judgements: readonly Judgement[]): TimeChart {
  const { seconds: x, height, otherHeight } = adoption;
  return {
    id: "chains",
    title: words.chains.title,
    note: words.chains.note,
    lines: [
      { name: words.chains.own, color: "var(--accent)", x, y: height },
      {
        ...{ name: words.chains.other, color: "var(--nimbus)", dash: "7 3", x },
        y: otherHeight.map((each) => each ?? Number.NaN),
      },
    ],
    marks: judgements.map(({ at, verdict }) => ({
      ...{ seconds: at, label: words.verdicts[verdict], alarm: verdict !== "GO" },
    })),
    floor: Math.min(...height),
    format: withUnit(""),
    tick,
  };
}
