import { mainnet } from "@fluxlab/core";
import { reportFiles, summaryText } from "@fluxlab/reports";
import { scenarios } from "@fluxlab/scenarios";
import { runScenario } from "@fluxlab/sim";
import { describe, expect, test } from "vitest";
import { element, render } from "../../reports/src/markup.ts";
import { ABOUT, BRIDGE, edges, FUSION, smallRun } from "./support.ts";

const html = (record: Parameters<typeof reportFiles>[0]): string =>
  reportFiles(record, ABOUT).get("report.html")!;

const shipped = scenarios.filter(({ name }) => name !== "pon-decade"); // plays for seconds; "the cap passed" covers what it shows
const pages = [
  ...edges(),
  ...shipped.map((scenario) => [scenario.name, runScenario(scenario, mainnet, 1)] as const),
].map(([what, record]) => [what, html(record)] as const);

const VOID = new Set(["meta", "br", "link", "col", "hr"]);

/** Every tag closes the one opened last, attributes are quoted, and no bare "<" or "&" is left in the text. */
function checkWellFormed(page: string): void {
  const open: string[] = [];
  const body = page.replace(/^<!DOCTYPE html>\n/, "").replace(/<style>[^<]*<\/style>/, "");
  const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*(?:="[^"<]*")?)*)>/y;
  for (let at = 0; at < body.length; ) {
    tag.lastIndex = at;
    const match = tag.exec(body);
    if (match === null) {
      const next = body.indexOf("<", at + 1);
      const text = body.slice(at, next === -1 ? undefined : next);
      expect(text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/);
      at += text.length;
      continue;
    }
    at = tag.lastIndex;
    const [, closing, name = ""] = match;
    if (closing === "/") expect(open.pop()).toBe(name);
    else if (!VOID.has(name)) open.push(name);
  }
  expect(open).toEqual([]);
}

describe.each(pages)("the page of %s", (_, page) => {
  test("is well formed", () => checkWellFormed(page));

  test("needs nothing from outside and runs nothing", () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|<script|<link|<img|<iframe| src=| on[a-z]+=/i);
  });

  test("has no id twice, and every link and label finds its own", () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].flatMap(([, names = ""]) =>
      names.split(" "),
    );
    for (const id of wanted) expect(ids).toContain(id);
  });

  test("says in words what every chart shows", () => {
    const charts = [...page.matchAll(/<svg [^>]*>.*?<\/svg>/gs)].map(([chart]) => chart);
    for (const chart of charts) {
      expect(chart).toMatch(
        /^<svg role="img" viewBox="0 0 \d+ \d+" aria-labelledby="[^"]+"><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/,
      );
      expect(chart).not.toMatch(/NaN|Infinity|undefined/);
    }
    for (const [figure] of page.matchAll(/<figure>.*?<\/figure>/gs)) {
      expect(figure).toContain("<figcaption>");
      expect(figure).toContain("<table>");
    }
  });

  test("states the cap", () => {
    expect(page).toMatch(/(below|above) the cap of|passes the cap of/);
  });
});

test("nothing but the record and what is said about it enters the files", () => {
  const [first, second] = [smallRun(), smallRun()].map((record) => [...reportFiles(record, ABOUT)]);
  expect(first).toEqual(second);
  expect(first!.map(([name]) => name)).toEqual([
    "report.html",
    "run.json",
    "samples.csv",
    "spread.csv",
    "waits.csv",
    "nodes.csv",
    "events.csv",
    "tiers.csv",
  ]);
});

test("text from a scenario or a command line cannot open a tag", () => {
  const attack = `</title><script>alert("1")</script>&'`;
  const record = smallRun({ title: attack, question: attack });
  const page = reportFiles(record, { commit: attack, command: attack, version: attack }).get("report.html")!;
  expect(page).not.toContain("<script");
  expect(page).toContain("&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
  checkWellFormed(page);
});

test("markup escapes text and attributes, and nothing twice", () => {
  const inner = element("b", { title: `"<&>'` }, "a < b & c");
  expect(render(element("p", {}, inner, [1, undefined, "é"]))).toBe(
    '<p><b title="&quot;&lt;&amp;&gt;&#39;">a &lt; b &amp; c</b>1é</p>',
  );
});

test("the cap line is drawn and named even if it is never reached", () => {
  expect(html(smallRun())).toContain(">440M cap</text>");
  expect(html(smallRun({ supplyCap: "560000000 FLUX" }))).toContain(">560M cap</text>");
});

test("a page names the whitepaper's misprints", () => {
  const page = html(smallRun()).replaceAll("\u00a0", " ");
  for (const figure of ["37.15 %", "37.14 %", "62.85 %", "62.86 %", "90.909 %", "91 %"])
    expect(page).toContain(figure);
});

test("the answer tells what the halving did", () => {
  const page = html(smallRun());
  expect(page).toContain(
    "The halving at height 1,313,200 (2023-02-07) takes the subsidy from <strong>75 to 37.5 FLUX</strong>",
  );
});

test("984 Cumulus nodes wait 32.8 hours, as the whitepaper says", () => {
  const scenario = scenarios.find(({ name }) => name === "whitepaper-984-cumulus")!;
  const summary = summaryText(runScenario(scenario, mainnet, 1));
  expect(summary).toMatch(/Cumulus +21,600 +32.8 hours/);
  expect(summary).toContain("schedule passes it at height 3,730,283, after the run.");
});

test.each(edges())("%s: the summary fits a terminal", (_, record) => {
  const summary = summaryText(record);
  expect(summary).toContain(record.digest);
  for (const line of summary.split("\n")) expect(line.length).toBeLessThanOrEqual(160);
  expect(summary).not.toMatch(/NaN|undefined|\u00a0/);
});

/** The text of a table's rows, cell by cell. */
function tableRows(page: string, caption: string): string[][] {
  const [, body = ""] =
    new RegExp(`<caption>${caption}[^<]*</caption>.*?<tbody>(.*?)</tbody>`, "s").exec(page) ?? [];
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell.replace(/<[^>]+>/g, "")),
  );
}

test("a bridge comes first: a cell for every pair, its colour and its text saying the same", () => {
  const record = smallRun({ bridge: BRIDGE });
  const page = html(record);
  expect(page.indexOf('<section id="bridge"')).toBeLessThan(page.indexOf('<section id="supply"'));
  expect(tableRows(page, "FLUX without backing")).toEqual([
    ["N = 2", "0", "2,000", "8,000"],
    ["N = 6", "0", "0", "0"],
  ]);
  const cells = [...page.matchAll(/<td[^>]*><span class="cell (holds|breaks)">([^<]*)<\/span>/g)];
  expect(cells.map(([, colour, text]) => `${colour} ${text}`)).toEqual([
    ...["holds 0", "breaks 2,000", "breaks 8,000"],
    ...["holds 0", "holds 0", "holds 0"],
  ]);
  expect(page).toContain("against every depth tried 6 confirmations hold");
  const summary = summaryText(record);
  expect(summary).toMatch(/N=2 confirmations +0 +2k +8k\n/);
});

test("swaps come first: a row for every chain, drawn over time, and told in a sentence", () => {
  const record = smallRun({ fusion: FUSION });
  const page = html(record);
  expect(page.indexOf('<section id="fusion"')).toBeLessThan(page.indexOf('<section id="supply"'));
  const rows = tableRows(page, "Each chain as the target of swaps");
  expect(rows.map(([symbol, float]) => [symbol, float])).toEqual([
    ["FLUX", "30,000"],
    ["ETH", "3,000"],
    ["BSC", "30,000"],
  ]);
  const [native, eth] = record.fusion!.chains;
  expect(eth!.refills.amount.length).toBeGreaterThan(0);
  expect(eth!.waited).toBeGreaterThan(native!.waited);
  expect(rows[1]![6]).toBe(String(eth!.waited));
  expect(page).toContain("FLUX at hand over time");
  expect(page).toContain("ETH runs dry first, after");
  expect(page).toContain("no other does");
  expect(page).toContain("none was broken");
  expect(summaryText(record)).toMatch(/swaps to +float .*\nFLUX +30k .*\nETH +3k /);
});

test("neither bridge nor swaps, no section", () => {
  expect(html(smallRun())).not.toMatch(/id="(bridge|fusion)"/);
});
