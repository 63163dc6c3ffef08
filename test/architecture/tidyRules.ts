import ts from "typescript";

// House rules that the compiler and the linter do not know, each a question asked of every node of a syntax tree.

/** A rule of the house, and a snippet that breaks it: a rule that lets its own snippet pass is no rule. */
export interface TidyRule {
  readonly name: string;
  /** Files it is for, by path from the root. */
  readonly files: RegExp;
  readonly breaks: (node: ts.Node, checker: ts.TypeChecker) => boolean;
  /** Each breaks the rule. */
  readonly broken: readonly string[];
  /** Looks alike and is allowed. */
  readonly fine: string;
}

/** What must come out the same in every engine on every day. */
const DETERMINISTIC = /^(core|sim)\/src\//;
const HOST_FREE = /^((core|sim|reports)\/src|scenarios)\//;
const EVERYWHERE = /./;

const HOST_NAMES = new Set([
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "performance", "process", "console"],
  ...["fetch", "Intl", "Buffer", "TextEncoder", "TextDecoder", "globalThis", "require", "WeakRef"],
  ...["FinalizationRegistry", "SharedArrayBuffer", "Atomics"],
]);

/** What IEEE 754 or the language fixes to the bit. Math.exp, log, pow, sin and their kin differ between engines. */
const EXACT_MATH = new Set([
  ...["abs", "ceil", "clz32", "floor", "fround", "imul", "max", "min", "round", "sign", "sqrt", "trunc"],
]);

/** An amount of money: the word that says so ends the name, so `subsidyHalvingInterval` is not one. */
const MONEY = /(?:^|[a-z_])(?:satoshi|amount|supply|subsidy|balance)s?$/i;
const SUPPRESSION = /@ts-(?:ignore|nocheck|expect-error)|(?:biome|knip)-ignore|eslint-disable/;
const LOCAL_TIME = /^(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)$/;

export const TIDY_RULES: readonly TidyRule[] = [
  {
    name: "no host: no timers, process, console, locale objects, weak references",
    files: HOST_FREE,
    breaks: (node) => isReferenceTo(node, HOST_NAMES),
    broken: ["setTimeout(() => {}, 1);", "console.log(1);", "const f = process;", "globalThis.fetch;"],
    fine: "interface Steps { process(): void } declare const s: Steps; s.process();",
  },
  {
    name: "no clock in the core and the simulator",
    files: DETERMINISTIC,
    breaks: (node) => isReferenceTo(node, new Set(["Date"])),
    broken: ["Date.now();", "new Date(0);", "let d: Date | undefined;"],
    fine: "const startDate = 1; const o = { Date: startDate }; o.Date;",
  },
  {
    name: "no clock and no time zone in reports",
    files: /^(reports\/src|scenarios)\//,
    breaks: readsClockOrZone,
    broken: [
      "Date.now();",
      "new Date();",
      "Date();",
      "new Date(0).getHours();",
      "const now = Date.now;",
      `Date.parse("2022-04-22T00:00");`,
    ],
    fine: `new Date(Date.UTC(2022, 3, 22)).getUTCDate(); Date.parse("2022-04-22T00:00:00Z");`,
  },
  {
    name: "no chance but the seeded streams",
    files: HOST_FREE,
    breaks: (node) => isMathMember(node) && node.name.text === "random",
    broken: ["Math.random();", "const dice = Math.random;"],
    fine: "Math.floor(1.5);",
  },
  {
    name: "only the mathematics that is exact on every engine",
    files: DETERMINISTIC,
    breaks: (node) => usesInexactMath(node),
    broken: [
      ...["Math.exp(1);", "Math.log(2);", "Math.pow(2, 0.5);", "Math.sin(1);", "Math.hypot(3, 4);"],
      ...["const { cos } = Math;", `Math["tan"](1);`, "2 ** 0.5;", "let x = 2; x **= 3;"],
    ],
    fine: "Math.sqrt(Math.trunc(2.5)); 10n ** 8n;",
  },
  {
    name: "no async: what waits is a host",
    files: HOST_FREE,
    breaks: (node) => node.kind === ts.SyntaxKind.AsyncKeyword || isReferenceTo(node, new Set(["Promise"])),
    broken: ["async () => 1;", "class A { async b() {} }", "let p: Promise<number>;", "Promise.resolve(1);"],
    fine: "const asynchronous = 1;",
  },
  {
    name: "no await",
    files: HOST_FREE,
    breaks: (node) => node.kind === ts.SyntaxKind.AwaitKeyword || ts.isAwaitExpression(node),
    broken: ["await 1;", "for await (const a of [1]) a;"],
    fine: "const awaited = 1;",
  },
  {
    name: "no locale",
    files: HOST_FREE,
    breaks: (node) => ts.isIdentifier(node) && /^(?:localeCompare|toLocale[A-Z]\w*)$/.test(node.text),
    broken: [`"a".localeCompare("b");`, "(1).toLocaleString();", `"a".toLocaleUpperCase();`],
    fine: `"a".toUpperCase();`,
  },
  {
    name: "no for...in: its order and its keys surprise",
    files: EVERYWHERE,
    breaks: ts.isForInStatement,
    broken: ["for (const key in { a: 1 }) key;"],
    fine: "for (const key of [1]) key;",
  },
  {
    name: "money is bigint",
    files: DETERMINISTIC,
    breaks: isMoneyAsNumber,
    broken: [
      ...[
        "let amount: number;",
        "const f = (subsidy: number) => subsidy;",
        "interface A { supply?: number }",
      ],
      ...["const totalSupply = Number(1n);", "function blockSubsidy(height: number) { return height; }"],
      ...["let amounts: readonly number[];", "class A { readonly balances = new Float64Array(3); }"],
      ...["const { balance } = { balance: 3 };", "const maxSubsidy = (height: number) => height * 2;"],
    ],
    fine: "let supply: bigint; let subsidyHalvingInterval: number; let amounts: BigUint64Array;",
  },
  {
    name: "no any",
    files: EVERYWHERE,
    breaks: (node) => node.kind === ts.SyntaxKind.AnyKeyword,
    broken: ["(1 as any);", "let a: any[];", "const f = (a: Record<string, any>) => a;"],
    fine: "let any: unknown;",
  },
  {
    name: "nothing the compiler or the linter says is suppressed",
    files: EVERYWHERE,
    breaks: (node) => commentsAround(node).some((comment) => SUPPRESSION.test(comment)),
    broken: [
      "// @ts-ignore\nlet a = 1;",
      "/* @ts-expect-error */ let a = 1;",
      "let a = 1; // biome-ignore lint: no",
    ],
    fine: `const text = "@ts-ignore";`,
  },
  {
    name: "no test is skipped for good or run alone",
    files: /^test\//,
    breaks: (node) =>
      ts.isPropertyAccessExpression(node) &&
      /^(?:skip|todo|only|fails)$/.test(node.name.text) &&
      /^(?:describe|test|it|suite)\b/.test(node.expression.getText()),
    broken: ["test.skip('a');", "describe.only('a');", "test.each([1]).todo('a');"],
    fine: "test.skipIf(true)('a');",
  },
  {
    name: "every exported function, class and constant of the core says what it is",
    files: /^core\/src\/(?!index\.ts)(?!.*\.d\.ts$)/,
    breaks: isUndocumentedExport,
    broken: [
      "export function f(): void {}",
      "export class A {}",
      "export const A = 1;",
      "// no\nexport const f = () => 1;",
      "/** A. */\nexport const A = 1;\n\nexport const B = 1;",
    ],
    fine: "/** A. */\nexport const A = 1;\nexport const A2 = 1;\n\nconst B = 2;\nexport type C = 1;",
  },
];

/** A name used as a value or a type; not a member, a key or a declaration that happens to be called so. */
function isReferenceTo(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (!ts.isIdentifier(node) || !names.has(node.text)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  const named = parent as ts.Node & { readonly name?: ts.Node };
  return named.name !== node || ts.isShorthandPropertyAssignment(parent);
}

const isMath = (node: ts.Node): boolean => isReferenceTo(node, new Set(["Math"]));

const isMathMember = (node: ts.Node): node is ts.PropertyAccessExpression & { name: ts.Identifier } =>
  ts.isPropertyAccessExpression(node) && isMath(node.expression);

/** Math other than by an exact member's name, so no alias gets past; and the power operator on numbers. */
function usesInexactMath(node: ts.Node): boolean {
  if (isMath(node)) return !isMathMember(node.parent) || !EXACT_MATH.has(node.parent.name.text);
  if (!ts.isBinaryExpression(node)) return false;
  const power = [ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken];
  return power.includes(node.operatorToken.kind) && ![node.left, node.right].some(ts.isBigIntLiteral);
}

/** Date.UTC, new Date(milliseconds) and Date.parse of a text that ends in Z are arithmetic; the rest asks the machine. */
function readsClockOrZone(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) && LOCAL_TIME.test(node.name.text)) return true;
  if (!isReferenceTo(node, new Set(["Date"]))) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.name.text !== "UTC" && !(parent.name.text === "parse" && isCalledWithUtcText(parent));
  }
  if (ts.isNewExpression(parent)) return parent.arguments?.length !== 1;
  return !ts.isTypeNode(parent);
}

const isCalledWithUtcText = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && /Z["`]$/.test(parent.arguments[0]?.getText() ?? "");

function isMoneyAsNumber(node: ts.Node, checker: ts.TypeChecker): boolean {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isGetAccessorDeclaration(node);
  if (!declares || node.name === undefined || !MONEY.test(node.name.getText())) return false;
  return holdsNumber(checker.getTypeAtLocation(node), checker);
}

/** A number, perhaps a number, rows of them, or a function that returns one. */
function holdsNumber(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isUnion()) return type.types.some((member) => holdsNumber(member, checker));
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return true;
  if (type.getCallSignatures().some((call) => holdsNumber(call.getReturnType(), checker))) return true;
  const element = (type.flags & ts.TypeFlags.Object) === 0 ? undefined : type.getNumberIndexType();
  return element !== undefined && holdsNumber(element, checker);
}

function isUndocumentedExport(node: ts.Node): boolean {
  if (!ts.isFunctionDeclaration(node) && !ts.isClassDeclaration(node) && !ts.isVariableStatement(node))
    return false;
  const exported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  return exported && !isDocumented(node);
}

/** By a comment of its own, or, for a constant, by that of the constants right above it. */
function isDocumented(node: ts.Statement): boolean {
  if (ts.getJSDocCommentsAndTags(node).length > 0) return true;
  const { statements, text } = node.getSourceFile();
  const above = statements[statements.indexOf(node) - 1];
  if (above === undefined || !ts.isVariableStatement(above) || !ts.isVariableStatement(node)) return false;
  const between = text.slice(above.end, node.getStart());
  return !/\n\s*\n/.test(between) && isDocumented(above);
}

/** The comments before and behind a token. */
function commentsAround(node: ts.Node): string[] {
  if (node.getChildCount() > 0) return [];
  const { text } = node.getSourceFile();
  const leading = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const trailing = ts.getTrailingCommentRanges(text, node.end) ?? [];
  return [...leading, ...trailing].map(({ pos, end }) => text.slice(pos, end));
}
