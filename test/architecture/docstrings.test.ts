import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

// Whoever imports the core reads its docstrings, in an editor or in `npm run docs`: nothing public is without one.

const index = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url));

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Names that a statement declares. */
function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.Statement & { readonly name?: ts.Node };
  return name === undefined ? [] : [name.getText()];
}

/** A block comment that opens with two stars, right before the statement. */
function hasDocstring(statement: ts.Statement, { text }: ts.SourceFile): boolean {
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const last = comments.at(-1);
  return last !== undefined && text.startsWith("/**", last.pos);
}

/** Exports of a file that have no docstring; `only` those of these names, if given. */
function undocumented(file: ts.SourceFile, only?: ReadonlySet<string>): string[] {
  return file.statements
    .filter((statement) => isExported(statement) && !hasDocstring(statement, file))
    .flatMap(namesOf)
    .filter((name) => only === undefined || only.has(name));
}

test("everything that @fluxlab/core exports has a docstring", () => {
  const lines = parse(index).statements.filter(ts.isExportDeclaration);
  expect(lines.length).toBeGreaterThan(50);
  const missing = lines.flatMap(({ moduleSpecifier, exportClause }) => {
    const path = (moduleSpecifier as ts.StringLiteral).text;
    const named = exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause : undefined;
    const only = named && new Set(named.elements.map(({ name }) => name.text));
    return undocumented(parse(resolve(dirname(index), path)), only).map((name) => `${path}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test("an export without a docstring is found", () => {
  const text =
    "/** Said. */\nexport const a = 1;\n// Not said.\nexport function b() {}\nconst c = 1;\nexport type D = 1;";
  const file = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  expect(undocumented(file)).toEqual(["b", "D"]);
  expect(undocumented(file, new Set(["D"]))).toEqual(["D"]);
});
