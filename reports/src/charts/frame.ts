import { type Attributes, type Content, element, type Markup } from "../markup.ts";

// What every chart shares: an <svg> that says what it shows, and text whose width can be told before a browser sees it.

/** The plot's rectangle within its drawing, pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What a reader who cannot see the chart is told. `id` is unique on the page. */
export interface ChartText {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Pixels of the labels' font; the style sheet sets the same. */
export const FONT_SIZE = 12;

/** Width of the drawings for wide pages and print, and for phones. */
export const WIDE = 860;
export const NARROW = 360;

/** Generous: system fonts differ, and a label must not run into the next on any of them. */
export const textWidth = (text: string): number => text.length * FONT_SIZE * 0.6;

/** The same for bold text: names and values. */
export const boldWidth = (text: string): number => text.length * FONT_SIZE * 0.68;

/** The drawing. It scales with its column; one pixel is one unit at its natural width. */
export function chart(
  text: ChartText,
  width: number,
  height: number,
  ...content: readonly Content[]
): Markup {
  const [title, description] = [`${text.id}-title`, `${text.id}-desc`];
  return element(
    "svg",
    {
      role: "img",
      viewBox: `0 0 ${width} ${Math.ceil(height)}`,
      "aria-labelledby": `${title} ${description}`,
    },
    element("title", { id: title }, text.title),
    element("desc", { id: description }, text.description),
    ...content,
  );
}

export const group = (attributes: Attributes, ...content: readonly Content[]): Markup =>
  element("g", attributes, ...content);

/** A straight line. */
export const rule = (className: string | undefined, x1: number, y1: number, x2: number, y2: number): Markup =>
  element("line", { class: className, x1, y1, x2, y2 });

export const label = (x: number, y: number, text: string, attributes: Attributes = {}): Markup =>
  element("text", { x, y, ...attributes }, text);
