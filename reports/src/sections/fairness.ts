import type { RunRecord } from "@fluxlab/sim";
import { duration, grouped, percent } from "../format.ts";
import { note, paragraph, type Section, table } from "../html/components.ts";
import type { Content } from "../markup.ts";
import { type Fairness, fairness, LONG_STAY } from "../metrics/fairness.ts";
import { TIER_NAME } from "../names.ts";

export function fairnessSection(record: RunRecord): Section {
  const found = fairness(record);
  const body: Content =
    found.length === 0
      ? note(
          `There is nothing to compare: in no tier did nodes stay for ${LONG_STAY} turns while the queue kept its length within a quarter.`,
        )
      : [
          paragraph(
            `A turn is the tier's median wait; whoever is in the queue for n turns is due n payments. Rates are payments per time in the queue, as parts of the whole tier's.`,
          ),
          found.map((each) => paragraph(fairnessSentence(each))),
          table({
            caption: `How equally nodes are paid that stay for at least ${LONG_STAY} turns`,
            head: ["Tier", "Nodes", "5 %", "95 %", "Jain's index", "Gini's coefficient"],
            rows: found.map(({ tier, stayed, p5, p95, jain, gini }): Content[] => [
              TIER_NAME[tier],
              grouped(stayed),
              percent(p5, 2),
              percent(p95, 2),
              jain.toFixed(6),
              gini.toFixed(6),
            ]),
          }),
          table({
            caption: "Rate of payment by how long nodes stay, all their stays together",
            head: ["Turns in the queue", ...found.flatMap(({ tier }) => [TIER_NAME[tier], "nodes"])],
            rows: found[0]!.groups.map(({ from, to }, i): Content[] => [
              to === Number.POSITIVE_INFINITY ? `${from} and more` : `${from} to ${to}`,
              ...found.flatMap(({ groups }): Content[] => {
                const { rate, nodes } = groups[i]!;
                return [rate === undefined ? "–" : percent(rate), grouped(nodes)];
              }),
            ]),
          }),
        ];
  return { id: "fairness", title: "Fairness", body: [body] };
}

/** What a tier's queue does to those who stay and to those who do not. */
export function fairnessSentence({ tier, turn, p5, p95, jain, groups }: Fairness): string {
  const spread = Math.max(1 - p5, p95 - 1);
  const short = groups[0]!;
  const name = TIER_NAME[tier];
  const stay = `${name} nodes that stay for ${LONG_STAY} turns of ${duration(turn)} or more are paid alike: nine in ten within ${percent(spread, 2)} of the tier's rate (Jain's index ${jain.toFixed(4)})`;
  return short.rate === undefined
    ? `${stay}.`
    : `${stay}; those that leave before a turn is over get ${percent(short.rate)} of it.`;
}
