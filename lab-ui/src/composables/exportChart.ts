// A drawing of the page as a file of its own: SVG that needs no style sheet, and a picture of it.

/** What the style sheet decides, and a file must bring along. */
const PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
  "font-variant-numeric",
];

const SVG = "http://www.w3.org/2000/svg";

/** Room above the drawing for its title, and for each line of its legend, pixels. */
const TITLE = 34;
const LEGEND = 20;
/** Of the legend: its letters, a sign with its gap, and what is between two entries. */
const LETTER = 6.6;
const SIGN = 22;
const GAP = 18;
const EDGE = 12;

/** What a line or a surface is called, and the sign that says so. */
export interface LegendEntry {
  readonly sign: SVGSVGElement;
  readonly name: string;
}

/** A copy that looks the same without the page's styles. */
function styledCopy(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const sources = drawing.querySelectorAll<SVGElement>("*");
  const copies = copy.querySelectorAll<SVGElement>("*");
  for (const [i, source] of sources.entries()) {
    const style = getComputedStyle(source);
    const target = copies[i]!;
    for (const name of PROPERTIES) target.setAttribute(name, style.getPropertyValue(name));
    target.removeAttribute("class");
    target.removeAttribute("style");
  }
  return copy;
}

/** Entries from left to right, on as many lines as they need; `lines` of them. */
function placeLegend(entries: readonly LegendEntry[], width: number) {
  let [x, lines] = [EDGE, entries.length === 0 ? 0 : 1];
  const placed = entries.map((entry) => {
    const length = SIGN + entry.name.length * LETTER;
    if (x > EDGE && x + length > width - EDGE) [x, lines] = [EDGE, lines + 1];
    const at = { ...entry, x, line: lines - 1 };
    x += length + GAP;
    return at;
  });
  return { placed, lines };
}

/** The drawing with its title and its legend, on the page's background. */
export function standaloneSvg(
  drawing: SVGSVGElement,
  title: string,
  entries: readonly LegendEntry[] = [],
): string {
  const copy = styledCopy(drawing);
  for (const passing of copy.querySelectorAll("[data-passing]")) passing.remove();
  const { width, height } = drawing.viewBox.baseVal;
  const style = getComputedStyle(drawing);
  const root = document.createElementNS(SVG, "svg");
  root.setAttribute("xmlns", SVG);
  const { placed, lines } = placeLegend(entries, width);
  const above = TITLE + lines * LEGEND;
  root.setAttribute("viewBox", `0 0 ${width} ${height + above}`);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height + above));
  const back = document.createElementNS(SVG, "rect");
  const page = getComputedStyle(document.body).backgroundColor;
  for (const [name, value] of [
    ["width", "100%"],
    ["height", "100%"],
    ["fill", page],
  ] as const)
    back.setAttribute(name, value);
  const heading = document.createElementNS(SVG, "text");
  const look = {
    fill: style.color,
    "font-family": style.fontFamily,
  };
  const ofHeading = { ...look, x: `${EDGE}`, y: "22", "font-size": "14", "font-weight": "600" };
  for (const [name, value] of Object.entries(ofHeading)) heading.setAttribute(name, value);
  heading.textContent = title;
  const body = document.createElementNS(SVG, "g");
  body.setAttribute("transform", `translate(0 ${above})`);
  body.append(...copy.childNodes);
  root.append(back, heading, ...placed.map((entry) => legendEntry(entry, look)), body);
  return new XMLSerializer().serializeToString(root);
}

function legendEntry(
  { sign, name, x, line }: LegendEntry & { readonly x: number; readonly line: number },
  look: Readonly<Record<string, string>>,
): SVGGElement {
  const entry = document.createElementNS(SVG, "g");
  entry.setAttribute("transform", `translate(${x} ${TITLE + line * LEGEND})`);
  const words = document.createElementNS(SVG, "text");
  for (const [key, value] of Object.entries({ ...look, x: `${SIGN}`, y: "9", "font-size": "12" }))
    words.setAttribute(key, value);
  words.textContent = name;
  entry.append(...styledCopy(sign).childNodes, words);
  return entry;
}

/** The SVG as a picture, two pixels for one. */
export async function picture(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth * 2, image.naturalHeight * 2);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}
