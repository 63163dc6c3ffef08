import { type EcdsaBackend, nobleEcdsa, type Params } from "@fluxlab/core";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { checkRecordings, type Listener } from "../host/check/chain/checkRecordings.ts";
import { FORMATS } from "../host/check/chain/formats.ts";
import { checkFile, type Failure, type FileResult } from "../host/check/checkFile.ts";
import type { Kind, Verdict } from "../host/check/kind.ts";
import { KINDS } from "../host/check/kinds.ts";
import { EXIT, formatEta, InputError, runCommand } from "../host/commandLine.ts";
import { nodeEquihash } from "../host/equihash.ts";
import { jsonText } from "../host/json.ts";
import { StatusLine } from "../host/statusLine.ts";

// npm run flux-check: hold the core against files of test vectors.

interface Options {
  readonly expect?: Verdict;
  readonly params?: string;
  readonly limit: number;
  readonly json?: true;
}

/** Files of vectors are checked one by one; recordings of chains together, because they refer to each other. */
const CHAIN = "chain";
const AUTO = "auto";

const HELP = `
Kinds:
  ${AUTO.padEnd(12)} whatever a file looks like
${KINDS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join("\n")}
  ${CHAIN.padEnd(12)} recordings of chains and nodes, told apart by what is in them:
${FORMATS.map(({ name, about }) => `    ${name.padEnd(14)} ${about}`).join("\n")}

Files of script and tx hold cases that are all valid or all invalid: a file's name says which ("script_invalid.json"), or
--expect does. A file ending in .jsonl has one JSON value a line.

${CHAIN} needs --params: main, test, regtest, or a network file such as labnet's params.json. Files may come in any order; a chain
file that others refer to is looked for beside them if it is not given. What hangs on a shielded proof, which the lab does not
verify, neither passes nor fails: it is counted as "cannot tell".

Examples:
  npm run flux-check -- script ../shared/vectors/script_valid.json ../shared/vectors/script_invalid.json
  npm run flux-check -- tx mine.json --expect invalid
  npm run flux-check -- block ../shared/vectors/labnet/chain-a.jsonl
  npm run --silent flux-check -- subsidy test/vectors/subsidy.json --json
  npm run flux-check -- chain --params ../shared/vectors/labnet/params.json ../shared/vectors/labnet/chain-a.jsonl
  npm run flux-check -- chain --params my/params.json my/invalid-blocks.json my/reorg-*.json --limit 3

Exit codes: 0 all passed, 1 something did not or cannot be told, 2 a file is missing, not of the format or has no case.`;

const RESULT_CHARACTERS = 400;

/** Long hex says no more than its beginning. */
const clip = (text: string): string =>
  text.length <= RESULT_CHARACTERS
    ? text
    : `${text.slice(0, RESULT_CHARACTERS)}… (${text.length} characters)`;

function printText({ file, kind, passed, failures, undecided, neededBy }: FileResult, limit: number): void {
  printFailures("FAIL", kind, file, failures, limit);
  printFailures("CANNOT TELL", kind, file, undecided, limit);
  const why = neededBy === undefined ? "" : `, needed by ${neededBy}`;
  console.log(`${file} (${kind}${why}): ${countsText(passed, failures.length, undecided.length)}`);
}

function printFailures(
  what: string,
  kind: string,
  file: string,
  failures: readonly Failure[],
  limit: number,
): void {
  for (const failure of failures.slice(0, limit)) {
    console.log(
      `${what} ${kind} ${file} ${failure.case}: expected ${clip(failure.expected)}, got ${clip(failure.got)}`,
    );
  }
  const more = failures.length - limit;
  if (more > 0) console.log(`${what} ${kind} ${file}: ${more} more (--limit ${failures.length} shows them)`);
}

const countsText = (passed: number, failed: number, undecided: number): string =>
  `${passed} passed, ${failed} failed${undecided > 0 ? `, ${undecided} cannot tell` : ""}`;

async function check(kindName: string, files: readonly string[], options: Options): Promise<void> {
  const { json, limit } = options;
  const told = (result: FileResult): void => {
    if (json !== true) printText(result, limit);
  };
  const { results, problems } =
    kindName === CHAIN
      ? await checkChains(files, options, told)
      : checkVectors(kindName, files, options, told);
  const count = (of: (result: FileResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0);
  const passed = count((result) => result.passed);
  const failed = count(({ failures }) => failures.length);
  const undecided = count((result) => result.undecided.length);
  for (const problem of problems) console.error(problem);
  if (json === true) {
    const totals = { passed, failed, cannotTell: undecided };
    console.log(jsonText({ ...totals, files: results.map(resultJson), problems }, "  "));
  } else console.log(countsText(passed, failed, undecided));
  process.exitCode = problems.length > 0 ? EXIT.badInput : failed + undecided > 0 ? EXIT.failed : EXIT.ok;
}

interface Checked {
  readonly results: readonly FileResult[];
  readonly problems: readonly string[];
}

function checkVectors(
  kindName: string,
  files: readonly string[],
  { expect, params }: Options,
  told: (result: FileResult) => void,
): Checked {
  if (params !== undefined) throw new InputError(`--params goes with ${CHAIN}, not with ${kindName}`);
  const kinds: readonly Kind[] = kindName === AUTO ? KINDS : KINDS.filter(({ name }) => name === kindName);
  const results: FileResult[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const checked = checkFile(file, kinds, expect);
      results.push(...checked);
      checked.forEach(told);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  return { results, problems };
}

async function checkChains(
  files: readonly string[],
  { expect, params: network }: Options,
  told: (result: FileResult) => void,
): Promise<Checked> {
  if (expect !== undefined) throw new InputError(`--expect goes with script and tx, not with ${CHAIN}`);
  if (network === undefined) {
    throw new InputError(
      `${CHAIN} needs --params: main, test, regtest or a network file such as params.json`,
    );
  }
  const { params, ecdsa } = await loadJudging(network);
  const status = new StatusLine(process.stderr);
  let fileStartMs = performance.now();
  const listener: Listener = {
    progress: (file, done, total) =>
      status.update(() => {
        const secondsLeft = (((performance.now() - fileStartMs) / 1_000) * (total - done)) / done;
        return `${file}  ${done} of ${total}  ${formatEta(secondsLeft)} left`;
      }),
    finished(result) {
      status.clear();
      told(result);
      fileStartMs = performance.now();
    },
  };
  return checkRecordings(files, { params, ecdsa, equihash: nodeEquihash() }, listener);
}

/** Only chains need other packages: files of networks are the simulator's, the native curve is the live node's. */
async function loadJudging(network: string): Promise<{ params: Params; ecdsa: EcdsaBackend }> {
  const [{ loadNetwork }, { loadNativeEcdsa }] = await Promise.all([
    import("@fluxlab/sim/host"),
    import("@fluxlab/testnet/nativeSecp256k1"),
  ]);
  return { params: loadNetwork(network), ecdsa: loadNativeEcdsa() ?? nobleEcdsa };
}

const resultJson = ({ file, kind, passed, failures, undecided, neededBy }: FileResult) => ({
  file,
  kind,
  neededBy,
  passed,
  failed: failures.length,
  failures: failures.map((failure) => ({ ...failure })),
  cannotTell: undecided.map((each) => ({ ...each })),
});

function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("A whole number is expected.");
  return Number(text);
}

const program = new Command("npm run flux-check --")
  .description("Checks files of test vectors: prints each mismatch with what was expected and what came out.")
  .addArgument(
    new Argument("<kind>", "format of the files").choices([AUTO, ...KINDS.map(({ name }) => name), CHAIN]),
  )
  .argument("<files...>", "JSON files of that format")
  .addOption(
    new Option("--expect <verdict>", "what every case of the files is").choices(["valid", "invalid"]),
  )
  .option("--params <network>", `of ${CHAIN}: main, test, regtest or a network file`)
  .option("--limit <n>", "failures of a file that are printed", parseLimit, 20)
  .option("--json", "print the outcome as JSON")
  .addHelpText("after", HELP)
  .showHelpAfterError("(npm run flux-check -- --help shows kinds and examples)")
  .action(check);
await runCommand(program);
