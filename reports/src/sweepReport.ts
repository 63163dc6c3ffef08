import type { AnyScenario } from "@fluxlab/sim/scenario";
import { formatScenario } from "@fluxlab/sim/scenario";
import type { RunAbout } from "./about.ts";
import { sweepChart } from "./charts/sweepChart.ts";
import { type Cell, csv } from "./csv.ts";
import { compact, grouped, listed } from "./format.ts";
import { code, details, figure, note, pairs, paragraph, type Section, table } from "./html/components.ts";
import { page } from "./html/page.ts";
import { type Content, element } from "./markup.ts";
import type { RunFigures } from "./metrics/figures.ts";
import { type MedianBand, medianBand } from "./metrics/medianBand.ts";
import { bothWidths } from "./sections/context.ts";

/** One combination of values and the runs of all seeds on it. */
interface SweptCell {
  /** Texts of the values, in the order of the axes. */
  readonly values: readonly string[];
  readonly runs: readonly { readonly seed: number; readonly digest: string; readonly figures: RunFigures }[];
}

/** A finished sweep. */
export interface Sweep {
  /** With the first values of the axes. */
  readonly scenario: AnyScenario;
  readonly axes: readonly string[];
  readonly cells: readonly SweptCell[];
  readonly seeds: readonly number[];
}

/** Charts in a report; the table has every figure. */
const MOST_CHARTS = 8;
/** Lines that a reader tells apart. */
const MOST_LINES = 4;

/** What a sweep leaves on disk, but for its runs as Parquet: file name to text. Same runs and about, same bytes. */
export const sweepFiles = (sweep: Sweep, about: RunAbout): ReadonlyMap<string, string> =>
  new Map([
    ["report.html", sweepHtml(sweep, about)],
    ["runs.csv", runsCsv(sweep)],
    ["cells.csv", cellsCsv(sweep)],
  ]);

/** Names of the figures, in order. */
const figureNames = ({ cells }: Sweep): readonly string[] => Object.keys(cells[0]?.runs[0]?.figures ?? {});

const bandOf = ({ runs }: SweptCell, name: string): MedianBand | undefined =>
  medianBand(runs.flatMap(({ figures }) => figures[name] ?? []));

/** Every run, one row each. */
function runsCsv(sweep: Sweep): string {
  const names = figureNames(sweep);
  const rows = sweep.cells.flatMap(({ values, runs }) =>
    runs.map(({ seed, digest, figures }): Cell[] => [
      ...values,
      seed,
      digest,
      ...names.map((name) => figures[name]),
    ]),
  );
  return csv([...sweep.axes, "seed", "digest", ...names], rows);
}

/** Every combination and figure, one row each: median, its 95 % interval, extremes. */
function cellsCsv(sweep: Sweep): string {
  const rows = sweep.cells.flatMap((cell) =>
    figureNames(sweep).map((name): Cell[] => {
      const band = bandOf(cell, name);
      const { runs, median, low, high, least, most } = band ?? {};
      return [...cell.values, name, runs ?? 0, median, low, high, least, most];
    }),
  );
  return csv([...sweep.axes, "figure", "runs", "median", "median_low", "median_high", "least", "most"], rows);
}

/** Each figure that differs between combinations, in a sentence: where its median is least and most. */
export function sweepSentences(sweep: Sweep): string[] {
  return varyingFigures(sweep).map((name) => {
    const found = sweep.cells.flatMap((cell) => {
      const band = bandOf(cell, name);
      return band === undefined ? [] : [{ cell, band }];
    });
    const rising = found.toSorted((a, b) => a.band.median - b.band.median);
    const [least, most] = [rising[0]!, rising.at(-1)!];
    return `${name}: from ${bandText(least.band)} with ${valuesText(sweep, least.cell)} to ${bandText(most.band)} with ${valuesText(sweep, most.cell)}.`;
  });
}

function varyingFigures(sweep: Sweep): string[] {
  return figureNames(sweep).filter((name) => {
    const medians = new Set(sweep.cells.map((cell) => bandOf(cell, name)?.median));
    medians.delete(undefined);
    return medians.size > 1;
  });
}

const valuesText = ({ axes }: Sweep, { values }: SweptCell): string =>
  listed(axes.map((axis, i) => `${axis} = ${values[i]}`));

/** "12.5 (11.9 to 13.2)". */
function bandText({ median, low, high }: MedianBand): string {
  return low === undefined || high === undefined
    ? compact(median)
    : `${compact(median)} (${compact(low)} to ${compact(high)})`;
}

function sweepHtml(sweep: Sweep, about: RunAbout): string {
  const { scenario, axes, cells, seeds } = sweep;
  const runs = grouped(cells.length * seeds.length);
  const varied = axes.length === 0 ? "seeds alone" : listed(axes);
  const opening = [
    element("p", { class: "eyebrow" }, `Flux Lab · sweep · ${runs} runs`),
    element("h1", {}, scenario.title),
    element("p", { class: "question" }, `How does it depend on ${varied}?`),
    element(
      "div",
      { class: "answer" },
      axes.length === 0
        ? paragraph("Nothing but the seed was varied: the table has each figure's median over the seeds.")
        : sweepSentences(sweep)
            .slice(0, MOST_CHARTS)
            .map((sentence) => paragraph(sentence)),
    ),
  ];
  return page(scenario.title, opening, [
    chartsSection(sweep),
    tableSection(sweep),
    repeatSection(sweep, about),
  ]);
}

function chartsSection(sweep: Sweep): Section {
  const names = varyingFigures(sweep).slice(0, MOST_CHARTS);
  const lines = linesOf(sweep);
  const drawable = sweep.axes.length > 0 && lines.length <= MOST_LINES && names.length > 0;
  const x = sweep.axes.at(-1) ?? "";
  return {
    id: "charts",
    title: "Charts",
    body: [
      paragraph(
        "Lines are medians over the seeds; bands hold the median of all seeds with 95 % confidence (from six seeds on). Every combination was played with the same seeds.",
      ),
      drawable
        ? names.map((name, i) =>
            figure({
              caption: `${name} by ${x}`,
              drawing: bothWidths(`sweep-${i}`, (id, width) =>
                sweepChart(
                  { id, title: `${name} by ${x}`, description: `${sweep.cells.length} combinations.` },
                  width,
                  lines[0]!.cells.map(({ values }) => values.at(-1)!),
                  lines.map((line) => ({
                    name: line.name,
                    bands: line.cells.map((cell) => bandOf(cell, name)),
                  })),
                ),
              ),
              data: figureTable(sweep, name),
            }),
          )
        : note(
            sweep.axes.length === 0
              ? "Nothing was varied."
              : `No figure can be drawn: none differs, or there are more than ${MOST_LINES} lines.`,
          ),
    ],
  };
}

/** Cells that differ in the last axis alone make a line. */
function linesOf({ axes, cells }: Sweep): { readonly name: string; readonly cells: SweptCell[] }[] {
  const lines = new Map<string, SweptCell[]>();
  for (const cell of cells) {
    const name = cell.values
      .slice(0, -1)
      .map((value, i) => `${axes[i]} = ${value}`)
      .join(", ");
    const line = lines.get(name);
    if (line === undefined) lines.set(name, [cell]);
    else line.push(cell);
  }
  return Array.from(lines, ([name, line]) => ({ name, cells: line }));
}

const figureTable = (sweep: Sweep, name: string) => ({
  caption: name,
  head: [
    ...(sweep.axes.length === 0 ? [""] : sweep.axes),
    "Runs",
    "Median",
    "95 % from",
    "to",
    "Least",
    "Most",
  ],
  text: sweep.axes.map((_, i) => i),
  rows: sweep.cells.map((cell): Content[] => {
    const band = bandOf(cell, name);
    const numbers = [band?.median, band?.low, band?.high, band?.least, band?.most];
    const cells = numbers.map((value) => (value === undefined ? "–" : compact(value, 5)));
    const head = sweep.axes.length === 0 ? ["all"] : cell.values;
    return [...head, grouped(band?.runs ?? 0), ...cells];
  }),
});

const tableSection = (sweep: Sweep): Section => ({
  id: "figures",
  title: "Every figure",
  body: figureNames(sweep).map((name) => details(name, table(figureTable(sweep, name)))),
});

function repeatSection({ scenario, seeds }: Sweep, { command, commit, version }: RunAbout): Section {
  return {
    id: "repeat",
    title: "Repeat this sweep",
    body: [
      element("pre", {}, code(command)),
      pairs([
        ["Seeds", `${seeds[0]} to ${seeds.at(-1)}`],
        ["Commit", commit],
        ["Version", version],
      ]),
      details("The scenario, with the first values", element("pre", {}, formatScenario(scenario))),
    ],
  };
}

/** A column as a writer of Parquet files takes it. */
export interface ParquetColumn {
  readonly name: string;
  readonly data: (string | number | undefined)[];
  readonly type: "STRING" | "DOUBLE";
  readonly nullable?: boolean;
}

/** {@link runsCsv} as columns: what was set is text, seeds and figures are doubles. */
export function sweepParquetColumns(sweep: Sweep): ParquetColumn[] {
  const runs = sweep.cells.flatMap(({ values, runs: of }) => of.map((run) => ({ values, ...run })));
  return [
    ...sweep.axes.map(
      (name, i): ParquetColumn => ({
        name,
        data: runs.map(({ values }) => values[i]!),
        type: "STRING",
      }),
    ),
    { name: "seed", data: runs.map(({ seed }) => seed), type: "DOUBLE" },
    { name: "digest", data: runs.map(({ digest }) => digest), type: "STRING" },
    ...figureNames(sweep).map(
      (name): ParquetColumn => ({
        name,
        data: runs.map(({ figures }) => figures[name]),
        type: "DOUBLE",
        nullable: true,
      }),
    ),
  ];
}
