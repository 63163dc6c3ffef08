import type { RunRecord } from "@fluxlab/sim";
import { extent, max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { lineChart, lineRoom } from "../charts/lineChart.ts";
import { supplyChart, supplyRoom } from "../charts/supplyChart.ts";
import { compact, exactFlux, fluxNumber, grouped, percent } from "../format.ts";
import { figure, note, paragraph, type Section } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { issuanceSteps } from "../metrics/issuance.ts";
import { milestones } from "../metrics/milestones.ts";
import { secondsAtHeight } from "../metrics/timeline.ts";
import { capStatement } from "./capStatement.ts";
import { bothWidths, clockOf, hasLength, NO_LENGTH, tableSamples, timeCells } from "./context.ts";

export function supplySection(record: RunRecord): Section {
  const { before, after } = record.supply;
  return {
    id: "supply",
    title: "Supply against the cap",
    body: [
      paragraph(
        `Coinbases had created ${exactFlux(before)} FLUX before the first block of the run and ${exactFlux(after)} FLUX after the last. `,
        capStatement(record),
      ),
      hasLength(record) ? [supplyFigure(record), issuanceFigure(record)] : note(NO_LENGTH),
    ],
  };
}

function supplyFigure(record: RunRecord): Markup {
  const { samples, events } = record;
  const supply = Array.from(samples.supply, fluxNumber);
  const cap = fluxNumber(record.supply.cap);
  const [low = 0, high = 0] = extent([...supply, cap]);
  const domain = scaleLinear([low - (high - low) * 0.04, high + (high - low) * 0.04], [0, 1])
    .nice(6)
    .domain();
  const floor = Math.max(domain[0]!, 0);
  const passed = events.find((event) => event.type === "capPassed");
  const line = {
    supply,
    cap,
    capName: `${compact(cap)} cap`,
    endName: compact(supply.at(-1)!),
    passedAtSeconds: passed === undefined ? undefined : secondsAtHeight(samples, passed.height),
  };
  const title = "Supply over time against the cap";
  const description = `Supply goes from ${compact(supply[0]!)} to ${line.endName} FLUX; the cap is at ${compact(cap)}. ${capStatement(record)}`;
  return figure({
    caption: `Everything coinbases have created, against the ${compact(cap)} cap.${floor > 0 ? ` The axis begins at ${compact(floor)}.` : ""}`,
    drawing: bothWidths("supply-chart", (id, width) =>
      supplyChart(
        {
          text: { id, title, description },
          width,
          plotHeight: 300,
          clock: clockOf(record),
          unit: "FLUX",
          domain: [floor, domain[1]!],
          format: compact,
          marks: milestones(events),
          room: supplyRoom(line),
        },
        line,
      ),
    ),
    data: {
      caption: title,
      head: ["Height", "When", "Supply, FLUX", "Part of the cap"],
      text: [1],
      rows: tableSamples(record).map((at): Content[] => {
        const amount = samples.supply[at]!;
        const part = percent(Number(amount) / Number(record.supply.cap), 2);
        return [...timeCells(record, at), exactFlux(amount), part];
      }),
    },
  });
}

function issuanceFigure(record: RunRecord): Markup {
  const steps = issuanceSteps(record.samples);
  const inflation = steps.map((step) => step.inflation);
  const last = inflation.at(-1);
  // After the premine it falls from hundreds of percent within weeks, which would leave nothing to see of the years that follow.
  const most = last !== undefined && last > 1 ? Number.POSITIVE_INFINITY : 1;
  const drawn = inflation.map((value) => (value === undefined || value > most ? undefined : value));
  const top = max(drawn, (value) => value ?? 0) || 0.01;
  const name = last === undefined ? "" : percent(last, 2);
  const lines = [{ name, className: "other", values: drawn, stepped: true }];
  const title = "Inflation over time";
  const clipped = drawn.some((value, i) => value !== inflation[i])
    ? " Drawn from where it falls below 100 %."
    : "";
  return figure({
    caption: `Inflation: block rewards at each moment's pace, as a yearly part of the supply. Special funds are left out.${clipped}`,
    drawing: bothWidths("inflation-chart", (id, width) =>
      lineChart(
        {
          text: { id, title, description: `Yearly inflation; at the end ${name || "not defined"}.` },
          width,
          plotHeight: 150,
          clock: clockOf(record),
          unit: "% a year",
          domain: [0, top * 1.08],
          format: (value) => percent(value, top < 0.05 ? 1 : 0),
          marks: [],
          room: lineRoom(lines),
        },
        lines,
      ),
    ),
    data: {
      caption: title,
      head: ["Height", "When", "Block rewards, FLUX a day", "Inflation a year"],
      text: [1],
      rows: tableSamples(record)
        .filter((at) => at > 0)
        .map((at): Content[] => {
          const step = steps[at - 1]!;
          const rate = step.inflation === undefined ? "–" : percent(step.inflation, 3);
          return [...timeCells(record, at), grouped(Math.round(step.perDay)), rate];
        }),
    },
  });
}
