import type { CheckerFinding, SpreadRecord } from "@fluxlab/sim";
import { duration, grouped } from "../format.ts";
import { note, paragraph, type Section, table } from "../html/components.ts";

const SECOND = 1_000_000;

/** What checkers found, for a terminal: a line that says how much, then a line each. Nothing where none watched. */
export function findingLines({ findings }: SpreadRecord): string[] {
  if (findings === undefined) return [];
  if (findings.length === 0) return ["checks  nothing found"];
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  return [`checks  ${count}`, ...findings.map((finding) => `  ${place(finding)}  ${sentence(finding)}`)];
}

export function findingsSection({ findings }: SpreadRecord): Section | undefined {
  if (findings === undefined) return undefined;
  const rows = findings.map((finding) => [
    place(finding),
    finding.node === undefined ? "–" : `${finding.node}`,
    finding.height === undefined ? "–" : grouped(finding.height),
    finding.checker,
    finding.message,
  ]);
  return {
    id: "findings",
    title: "What checkers found",
    body:
      rows.length === 0
        ? [paragraph("Checkers watched every block and every tip, and found nothing.")]
        : [
            note("Of each checker the first finding at each node, twenty at most."),
            table({
              caption: "Findings",
              head: ["Time", "Node", "Height", "Checker", "Finding"],
              rows,
              text: [3, 4],
            }),
          ],
  };
}

const place = ({ time }: CheckerFinding): string => duration(Math.floor(time / SECOND));

function sentence({ checker, message, node, height }: CheckerFinding): string {
  const where = [
    ...(node === undefined ? [] : [`node ${node}`]),
    ...(height === undefined ? [] : [`height ${grouped(height)}`]),
  ];
  return `${checker}${where.length === 0 ? "" : ` (${where.join(", ")})`}: ${message}`;
}
