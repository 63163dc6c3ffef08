import { Argument, Command, Option } from "commander";
import { checkFile, type FileResult } from "../host/check/checkFile.ts";
import type { Kind, Verdict } from "../host/check/kind.ts";
import { KINDS } from "../host/check/kinds.ts";
import { EXIT, InputError, runCommand } from "../host/commandLine.ts";
import { jsonText } from "../host/json.ts";

// npm run flux-check: hold the core against files of test vectors.

interface Options {
  readonly expect?: Verdict;
  readonly json?: true;
}

const AUTO = "auto";

const HELP = `
Kinds:
  ${AUTO.padEnd(12)} whatever a file looks like
${KINDS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join("\n")}

Files of script and tx hold cases that are all valid or all invalid: a file's name says which ("script_invalid.json"), or
--expect does. A file ending in .jsonl has one JSON value a line.

Examples:
  npm run flux-check -- script ../shared/vectors/script_valid.json ../shared/vectors/script_invalid.json
  npm run flux-check -- tx mine.json --expect invalid
  npm run flux-check -- block ../shared/vectors/labnet/chain-a.jsonl
  npm run --silent flux-check -- subsidy test/vectors/subsidy.json --json

Exit codes: 0 all passed, 1 something did not, 2 a file is missing, not of the format or has no case.`;

const RESULT_CHARACTERS = 400;

/** Long hex says no more than its beginning. */
const clip = (text: string): string =>
  text.length <= RESULT_CHARACTERS
    ? text
    : `${text.slice(0, RESULT_CHARACTERS)}… (${text.length} characters)`;

function printText({ file, kind, passed, failures }: FileResult): void {
  for (const failure of failures) {
    console.log(
      `FAIL ${kind} ${file} ${failure.case}: expected ${clip(failure.expected)}, got ${clip(failure.got)}`,
    );
  }
  console.log(`${file} (${kind}): ${passed} passed, ${failures.length} failed`);
}

function check(kindName: string, files: readonly string[], { expect, json }: Options): void {
  const kinds: readonly Kind[] = kindName === AUTO ? KINDS : KINDS.filter(({ name }) => name === kindName);
  const results: FileResult[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const checked = checkFile(file, kinds, expect);
      results.push(...checked);
      if (json !== true) checked.forEach(printText);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
      console.error(error.message);
    }
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, { failures }) => sum + failures.length, 0);
  if (json === true)
    console.log(jsonText({ passed, failed, files: results.map(resultJson), problems }, "  "));
  else console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = problems.length > 0 ? EXIT.badInput : failed > 0 ? EXIT.failed : EXIT.ok;
}

const resultJson = ({ file, kind, passed, failures }: FileResult) => ({
  file,
  kind,
  passed,
  failed: failures.length,
  failures: failures.map((failure) => ({ ...failure })),
});

const program = new Command("npm run flux-check --")
  .description("Checks files of test vectors: prints each mismatch with what was expected and what came out.")
  .addArgument(
    new Argument("<kind>", "format of the files").choices([AUTO, ...KINDS.map(({ name }) => name)]),
  )
  .argument("<files...>", "JSON files of that format")
  .addOption(
    new Option("--expect <verdict>", "what every case of the files is").choices(["valid", "invalid"]),
  )
  .option("--json", "print the outcome as JSON")
  .addHelpText("after", HELP)
  .showHelpAfterError("(npm run flux-check -- --help shows kinds and examples)")
  .action(check);
await runCommand(program);
