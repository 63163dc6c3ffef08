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

/** Room above the drawing for its title, pixels. */
const TITLE = 34;

/** The drawing with its title, on the page's background. */
export function standaloneSvg(drawing: SVGSVGElement, title: string): string {
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
  for (const passing of copy.querySelectorAll("[data-passing]")) passing.remove();
  const { width, height } = drawing.viewBox.baseVal;
  const style = getComputedStyle(drawing);
  const root = document.createElementNS(SVG, "svg");
  root.setAttribute("xmlns", SVG);
  root.setAttribute("viewBox", `0 0 ${width} ${height + TITLE}`);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height + TITLE));
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
    x: "12",
    y: "22",
    fill: style.color,
    "font-family": style.fontFamily,
    "font-size": "14",
    "font-weight": "600",
  };
  for (const [name, value] of Object.entries(look)) heading.setAttribute(name, value);
  heading.textContent = title;
  const body = document.createElementNS(SVG, "g");
  body.setAttribute("transform", `translate(0 ${TITLE})`);
  body.append(...copy.childNodes);
  root.append(back, heading, body);
  return new XMLSerializer().serializeToString(root);
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
