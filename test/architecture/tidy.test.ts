import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ROOT, readRepositoryFile, repositoryFiles, typeScriptFiles } from "../support/repository.ts";
import { TIDY_RULES, type TidyRule } from "./tidyRules.ts";

// Reads the sources with the compiler and asks the house rules of every node; and the same of snippets, which must break them.

const SOURCES = ["core", "sim", "scenarios", "reports", "testnet", "lab-ui", "test"].flatMap(typeScriptFiles);

/** A longer file does more than one thing. */
const MOST_LINES = 500;

/** Snippets as files beside the sources, by path from the root. */
const SNIPPETS = new Map<string, string>(
  TIDY_RULES.flatMap(({ broken, fine }, rule) =>
    [fine, ...broken].map((text, i) => [`test/snippet-${rule}-${i}.ts`, `${text}\nexport {};\n`] as const),
  ),
);

function parse(): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts"],
    types: ["node"],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
  };
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists } = host;
  const snippetAt = (path: string) => SNIPPETS.get(path.slice(ROOT.length + 1));
  host.fileExists = (path) => snippetAt(path) !== undefined || fileExists(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = snippetAt(path);
    if (text === undefined) return getSourceFile(path, languageVersion, ...rest);
    return ts.createSourceFile(path, text, languageVersion, true);
  };
  return ts.createProgram(
    [...SOURCES, ...SNIPPETS.keys()].map((path) => join(ROOT, path)),
    options,
    host,
  );
}

const program = parse();
const checker = program.getTypeChecker();

/** Where a file breaks a rule, as "path:line". */
function breaches(rule: TidyRule, path: string): string[] {
  const file = program.getSourceFile(join(ROOT, path));
  if (file === undefined) throw new Error(`${path} was not parsed`);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (rule.breaks(node, checker)) {
      found.add(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`);
    }
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return [...found];
}

describe.each(TIDY_RULES.map((rule, index) => [rule.name, rule, index] as const))("%s", (_, rule, index) => {
  test("the tree obeys", () => {
    const files = SOURCES.filter((path) => rule.files.test(path));
    expect(files).not.toEqual([]);
    expect(files.flatMap((path) => breaches(rule, path))).toEqual([]);
  });

  test("what looks alike is allowed", () => {
    expect(breaches(rule, `test/snippet-${index}-0.ts`)).toEqual([]);
  });

  test.each(rule.broken.map((text, i) => [text, i + 1] as const))("%j breaks it", (_text, i) => {
    expect(breaches(rule, `test/snippet-${index}-${i}.ts`)).not.toEqual([]);
  });
});

test(`no file is longer than ${MOST_LINES} lines`, () => {
  const lines = (path: string) => readRepositoryFile(path).split("\n").length - 1;
  const components = repositoryFiles("lab-ui/src", ".vue");
  expect(components).not.toEqual([]);
  const long = [...SOURCES, ...components]
    .map((path) => ({ path, lines: lines(path) }))
    .filter((file) => file.lines > MOST_LINES);
  expect(long).toEqual([]);
});
