import { type Content, element, type Markup } from "../markup.ts";

// The parts a report is made of: paragraphs, tables, figures.

/** A numbered part of the report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: readonly Content[];
}

export const paragraph = (...content: readonly Content[]): Markup => element("p", {}, ...content);

export const note = (...content: readonly Content[]): Markup => element("p", { class: "note" }, ...content);

export const strong = (text: string): Markup => element("strong", {}, text);

export const code = (text: string): Markup => element("code", {}, text);

/** A table whose first column names the row; cells after it are figures and stand at the right, but those in `text`. */
export interface TableData {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Content[])[];
  /** Columns, from 0, that hold words. */
  readonly text?: readonly number[];
}

/** Scrolls sideways by itself where the page is too narrow for it. */
export function table({ caption, head, rows, text = [] }: TableData): Markup {
  const words = new Set([0, ...text]);
  const className = (column: number) => (words.has(column) ? undefined : "figure");
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          head.map((name, column) => element("th", { scope: "col", class: className(column) }, name)),
        ),
      ),
      element(
        "tbody",
        {},
        rows.map(([name, ...cells]) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, name),
            cells.map((cell, i) => element("td", { class: className(i + 1) }, cell)),
          ),
        ),
      ),
    ),
  );
}

/** A chart with what it shows in words, and its data in a table: one that opens on demand, or, if `shown`, a plain one. */
export interface FigureData {
  readonly caption: string;
  /** The same chart for wide pages and print, and for phones; or panels that flow. */
  readonly drawing:
    | { readonly wide: Markup; readonly narrow: Markup }
    | { readonly panels: readonly Markup[] };
  readonly data: TableData;
  readonly shown?: boolean;
}

export function figure({ caption, drawing, data, shown = false }: FigureData): Markup {
  const drawn =
    "panels" in drawing
      ? element("div", { class: "panels" }, drawing.panels)
      : [
          element("div", { class: "wide" }, drawing.wide),
          element("div", { class: "narrow" }, drawing.narrow),
        ];
  return element(
    "figure",
    {},
    element("figcaption", {}, caption),
    drawn,
    shown ? table(data) : details("Data", table(data)),
  );
}

/** What most readers skip. */
export const details = (summary: string, ...content: readonly Content[]): Markup =>
  element("details", {}, element("summary", {}, summary), ...content);

/** A name over a value: the parts of a tile, or a line of the colophon. */
export const pairs = (rows: readonly (readonly [name: string, value: Content])[]): Markup =>
  element(
    "dl",
    {},
    rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
