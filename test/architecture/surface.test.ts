import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT, readRepositoryFile } from "../support/repository.ts";

// The names that packages export, kept in surface/*.txt so that a change of them shows in review. A change that is meant:
// npx vitest run test/architecture/surface.test.ts -u

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
}

const manifest = (folder: string) => JSON.parse(readRepositoryFile(`${folder}package.json`)) as Manifest;

/** Every name another package can import from, with its file's absolute path. */
const ENTRIES = (manifest("").workspaces ?? []).flatMap((folder) => {
  const { name, exports = {} } = manifest(`${folder}/`);
  return Object.entries(exports).map(
    ([path, file]) => [`${name}${path.slice(1)}`, join(ROOT, folder, file)] as const,
  );
});

const program = ts.createProgram(
  ENTRIES.map(([, file]) => file),
  {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ["node"],
  },
);

const KINDS = [
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Value, "const"],
] as const;

/** One line an export: what it is and its name. */
function surface(file: string): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is no module`);
  const lines = checker.getExportsOfModule(module).map((symbol) => {
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const { flags } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    const kind = KINDS.find(([flag]) => (flags & flag) !== 0)?.[1] ?? "type";
    return `${kind} ${symbol.name}\n`;
  });
  return lines.sort().join("");
}

test.each(ENTRIES)("%s exports what it is known to export", async (name, file) => {
  const known = `surface/${name.replace("@fluxlab/", "").replaceAll("/", "-")}.txt`;
  await expect(surface(file)).toMatchFileSnapshot(known);
});
