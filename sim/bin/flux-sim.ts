import { EXIT, InputError, runCommand } from "@fluxlab/core/command-line";
import { spreadFigures, summaryText } from "@fluxlab/reports";
import { allScenarios } from "@fluxlab/scenarios";
import type { AnyRecord } from "@fluxlab/sim";
import {
  checkBranch,
  loadScenario,
  momentOf,
  parseHeight,
  parseNodes,
  parseSeed,
  recordRun,
} from "@fluxlab/sim/host";
import { formatScenario } from "@fluxlab/sim/scenario";
import { Command } from "commander";

// npm run sim: play a scenario, leave a report.

interface Options {
  readonly seed?: number;
  readonly until?: string;
  readonly nodes?: number;
  readonly set?: string[];
  readonly out?: string;
  readonly json?: true;
  readonly worker?: true;
  readonly yaml?: true;
  readonly at?: string;
  readonly branch?: true;
  readonly from?: string;
  readonly fromHeight?: number;
}

const EXAMPLES = `
Scenarios that come with the lab:
${allScenarios.map(({ name, title }) => `  ${name.padEnd(24)} ${title}`).join("\n")}

Examples:
  npm run sim -- reward-cycle
  npm run sim -- halving-2.5-years --seed 7 --out /tmp/halving
  npm run sim -- pon-decade --until "2 years" --json
  npm run sim -- mass-exit --set "shocks.0.share=1 in 4" --set population.cumulus=9000
  npm run sim -- simblock-bitcoin-2019 --nodes 600 --until 100
  npm run sim -- partition-heals --at "29 min"
  npm run sim -- mass-exit --at "9 days" --branch --set "shocks.0.share=1 in 4"
  npm run --silent sim -- reward-cycle --yaml > mine.yaml
  npm run sim -- mine.yaml
  npm run sim -- rehearsal.yaml --from testnet/node0 --from-height 900

Exit codes: 0 done, 1 done and checkers found something, 2 something to change (file, argument, folder), 130 interrupted.`;

async function run(name: string, options: Options): Promise<void> {
  if (options.yaml === true) {
    process.stdout.write(formatScenario(loadScenario(name, options).scenario));
    return;
  }
  if (options.at !== undefined && options.branch !== true) return showMoment(name, options, options.at);
  const { record, folder, command } = await recordRun({
    scenario: name,
    signal: controller.signal,
    ...options,
    ...(options.branch === true ? branchOf(name, options) : {}),
  });
  if (record.fidelity !== "economy" && (record.findings?.length ?? 0) > 0) process.exitCode = EXIT.failed;
  if (options.json === true) {
    const printed = { ...outcomeOf(record), folder, command };
    console.log(JSON.stringify(printed, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
    return;
  }
  console.log(`${summaryText(record)}\nreport  ${folder}/report.html\nrepeat  ${command}`);
}

/** How the world stands at a time of the run. */
function showMoment(name: string, options: Options, at: string): void {
  const loaded = loadScenario(name, options);
  const seed = options.seed ?? loaded.scenario.seed;
  const { steps, unit, digest, look } = momentOf(loaded, seed, at);
  if (options.json === true) {
    console.log(JSON.stringify({ scenario: name, seed, steps, unit, digest, ...look }));
    return;
  }
  console.log(`${name}, seed ${seed}, after ${steps} ${unit}\ndigest  ${digest}`);
  for (const [what, value] of Object.entries(look)) console.log(`${what.padEnd(22)} ${value}`);
}

/** Where a branch is left, once it is sure to be one. */
function branchOf(name: string, options: Options): { readonly out: string } {
  if (options.at === undefined) throw new InputError("--branch: say with --at from when on the run differs");
  const { scenario } = loadScenario(name, options);
  const seed = options.seed ?? scenario.seed;
  checkBranch(name, options, seed, options.at);
  return { out: options.out ?? `runs/${scenario.name}-seed${seed}-branch` };
}

/** What programs ask of a run. */
function outcomeOf(record: AnyRecord) {
  const { digest, scenarioHash, rulesId, seed, scenario } = record;
  const about = { scenario: scenario.name, seed };
  const repeat = { digest, scenarioHash, rulesId };
  if (record.fidelity !== "economy") {
    const { nodes, seconds, events, reorganisations, findings, start, economy } = record;
    const played = { nodes, seconds, events, ...spreadFigures(record), reorganisations };
    return { ...about, ...repeat, ...played, findings: findings ?? null, start, economy };
  }
  const { firstHeight, lastHeight, supply, start } = record;
  return { ...about, firstHeight, lastHeight, ...repeat, supply, start };
}

const controller = new AbortController();
const program = new Command("npm run sim --")
  .description("Plays a scenario block by block and leaves a report: HTML, CSV and JSON.")
  .argument("<scenario>", "name of a scenario that comes with the lab, or a YAML file")
  .option("--seed <number>", "the run's seed, instead of the scenario's", parseSeed)
  .option(
    "--until <end>",
    'end here instead: a height, or a duration such as "30 days"; in the relay model a number of blocks',
  )
  .option("--nodes <number>", "so many nodes, in scenarios where messages travel", parseNodes)
  .option(
    "--set <path=value>",
    'a field of the scenario, such as "operators.lifetime=30 days"; may be given again',
    (setting, settings: string[] = []) => [...settings, setting],
  )
  .option("--out <folder>", "where to leave the report (default: runs/NAME-seedN)")
  .option("--at <time>", 'say how the world stands at this time of the run, such as "20 min" or a height')
  .option("--branch", "play on from --at with what --set changes; refused if it acts earlier")
  .option(
    "--from <chain>",
    "go on from this chain: a recorded one, a file of blocks, or a node's data folder; operators of the laboratory run its FluxNodes",
  )
  .option("--from-height <height>", "its last block (default: where its best chain ends)", parseHeight)
  .option("--json", "print the outcome as JSON")
  .option("--worker", "play in a worker thread; the digest is the same")
  .option("--yaml", "print the scenario as YAML and do nothing else")
  .addHelpText("after", EXAMPLES)
  .showHelpAfterError("(npm run sim -- --help shows examples)")
  .action(run);
await runCommand(program, controller);
