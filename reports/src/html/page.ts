import { type Content, element, type Markup } from "../markup.ts";
import type { Section } from "./components.ts";
import { STYLE } from "./style.ts";

/** Nothing may be loaded from anywhere, and nothing runs: the file is the report. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole page: what comes before the sections, links to them, the sections numbered from 1. */
export function page(title: string, opening: readonly Content[], sections: readonly Section[]): string {
  const head = element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light dark" }),
    element("title", {}, `${title} · Flux Lab`),
    // Our own constant, which holds no "<": escaping would break its quotes.
    element("style", {}, { markup: STYLE }),
  );
  const body = element(
    "body",
    {},
    element("main", {}, element("header", {}, opening), contents(sections), sections.map(numbered)),
  );
  return `<!DOCTYPE html>\n${element("html", { lang: "en" }, head, "\n", body).markup}\n`;
}

const contents = (sections: readonly Section[]): Markup =>
  element(
    "nav",
    { "aria-label": "Sections" },
    element(
      "ol",
      {},
      sections.map(({ id, title }) => element("li", {}, element("a", { href: `#${id}` }, title))),
    ),
  );

const numbered = ({ id, title, body }: Section, index: number): Content => [
  "\n",
  element(
    "section",
    { id, "aria-labelledby": `${id}-heading` },
    element("h2", { id: `${id}-heading` }, element("span", { class: "number" }, index + 1), title),
    body,
  ),
];
