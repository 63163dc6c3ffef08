import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allScenarios } from "@fluxlab/scenarios";
import { loadScenario } from "@fluxlab/sim/host";
import { expect, test } from "vitest";

const docs = (path: string) => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url));
const index = readFileSync(docs("scenarios.md"), "utf8");
const paged = allScenarios.filter(({ name }) => existsSync(docs(`scenarios/${name}.md`)));

/** Words of a command line, quotes taken off. */
const words = (line: string): string[] =>
  Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!);

test("the library has its pages", () => {
  const linked = Array.from(index.matchAll(/\]\(scenarios\/([a-z0-9.-]+)\.md\)/g), ([, name]) => name!);
  expect(linked.toSorted()).toEqual(paged.map(({ name }) => name).toSorted());
  expect(paged.length).toBeGreaterThanOrEqual(10);
});

test.each(
  paged.map(({ name, question }) => [name, question] as const),
)("the page of %s asks its question, and its commands can be played", (name, question) => {
  const page = readFileSync(docs(`scenarios/${name}.md`), "utf8");
  for (const part of ["*Question.*", "*Set-up.*", "*Result.*", "*Vary it.*"]) expect(page).toContain(part);
  expect(page.replaceAll(/\s+/g, " ")).toContain(question);
  const commands = Array.from(page.matchAll(/^npm run (?:sim|sweep) -- (.*)$/gm), ([, line]) => words(line!));
  expect(commands[0]).toEqual([name]);
  expect(commands.length).toBeGreaterThan(1);
  for (const [scenario, ...args] of commands) {
    const set = args.flatMap((word, i) => (args[i - 1] === "--set" ? firstValue(word) : []));
    expect(() => loadScenario(scenario!, { set })).not.toThrow();
  }
});

/** Of a list of values to sweep; a map in braces has commas of its own. */
const firstValue = (setting: string): string => (setting.includes("{") ? setting : setting.split(",")[0]!);
