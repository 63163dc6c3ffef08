import { type Adoption, GO_CHECKS, type GoCheck, type Judgement, nodeRanges } from "@fluxlab/sim";
import { type Line, lineChart, lineRoom } from "../charts/lineChart.ts";
import { compact, grouped } from "../format.ts";
import { figure, type Section, table } from "../html/components.ts";
import type { Content } from "../markup.ts";
import { bothWidths } from "./context.ts";

// Of a rehearsal's report: what was asked before the verdict, and how the new rules spread.

const QUESTIONS: Readonly<Record<GoCheck, string>> = {
  chain: "Somebody keeps to the new rules",
  activation: "Their chain has come to the activation",
  growth: "It grows",
  rules: "Every node has the new rules",
  up: "Every node runs",
  together: "Whoever has the new rules is on their chain",
  checkers: "The checkers found nothing",
};

export const checklistSection = ({ reasons }: Judgement): Section => ({
  id: "checklist",
  title: "Go or no-go",
  body: [
    table({
      caption: "What decides",
      head: ["Question", "Answer", "Nodes"],
      rows: GO_CHECKS.map((id): Content[] => {
        const own = reasons.filter(({ check }) => check === id);
        const nodes = own.flatMap((reason) => reason.nodes);
        return [QUESTIONS[id], own.length === 0 ? "yes" : "no", nodes.length === 0 ? "–" : nodeRanges(nodes)];
      }),
      text: [1, 2],
    }),
  ],
});

/** Rows of a table that a person reads. */
const ROWS = 40;

export function adoptionSection(adoption: Adoption, nodes: number): Section | undefined {
  const { seconds, height, upgraded } = adoption;
  if (seconds.length < 2) return undefined;
  const samples = { seconds: Float64Array.from(seconds), height: Float64Array.from(height) };
  const lines: Line[] = [{ name: "new rules", className: "cumulus", values: upgraded }];
  const caption = "Nodes that keep to the new rules, by time and by the height of their chain";
  const step = Math.max(Math.floor(seconds.length / ROWS), 1);
  return {
    id: "adoption",
    title: "Adoption",
    body: [
      figure({
        caption,
        drawing: bothWidths("adoption-chart", (id, width) =>
          lineChart(
            {
              text: { id, title: caption, description: `${upgraded.at(-1)} of ${nodes} nodes at the end.` },
              ...{ width, plotHeight: 160, clock: { samples, startDate: undefined }, unit: "nodes" },
              ...{ domain: [0, nodes * 1.06], format: compact, marks: [], room: lineRoom(lines) },
            },
            lines,
          ),
        ),
        data: {
          caption,
          head: ["Height", "After, s", "Nodes under the new rules", "Highest block of other chains"],
          rows: height.flatMap((each, i): Content[][] =>
            i % step === 0
              ? [
                  [
                    grouped(each),
                    seconds[i]!.toFixed(1),
                    grouped(upgraded[i]!),
                    adoption.otherHeight[i] ?? "–",
                  ],
                ]
              : [],
          ),
        },
      }),
    ],
  };
}
