// HTML and SVG as values. Text becomes markup only through `element`, which escapes it: no string of a scenario, a node or
// a network can open a tag.

/** A finished piece of HTML or SVG. */
export interface Markup {
  readonly markup: string;
}

/** What an element may hold: markup as it is, text and numbers escaped, lists in order, undefined as nothing. */
export type Content = Markup | string | number | undefined | readonly Content[];

/** Attribute values; numbers are rounded to a tenth (a pixel's tenth is invisible), true is a bare attribute. */
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

/** Elements that HTML forbids to close. */
const VOID_ELEMENTS = new Set(["meta", "br", "link", "col", "hr"]);

/** One element. Names of elements and attributes come from our own code and are not escaped. */
export function element(name: string, attributes: Attributes = {}, ...content: readonly Content[]): Markup {
  const opening = `<${name}${Object.entries(attributes).map(attribute).join("")}>`;
  if (VOID_ELEMENTS.has(name)) return { markup: opening };
  return { markup: `${opening}${render(content)}</${name}>` };
}

/** The text of some content: what goes between two tags. */
export function render(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string") return escapeText(content);
  if (typeof content === "number") return escapeText(String(content));
  return isMarkup(content) ? content.markup : content.map(render).join("");
}

/** Rounded to a tenth, as attributes print it. */
const tenth = (value: number): string => String(Math.round(value * 10) / 10);

const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITY[sign]!);

const isMarkup = (content: Markup | readonly Content[]): content is Markup => "markup" in content;

function attribute([name, value]: readonly [string, Attributes[string]]): string {
  if (value === undefined) return "";
  if (value === true) return ` ${name}`;
  return ` ${name}="${typeof value === "number" ? tenth(value) : escapeText(value)}"`;
}
