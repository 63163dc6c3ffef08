import { runCommand } from "@fluxlab/core/command-line";
import { spreadFigures, summaryText } from "@fluxlab/reports";
import { allScenarios } from "@fluxlab/scenarios";
import type { AnyRecord } from "@fluxlab/sim";
import { loadScenario, parseNodes, parseSeed, recordRun } from "@fluxlab/sim/host";
import { formatScenario } from "@fluxlab/sim/scenario";
import { Command } from "commander";

// npm run sim: play a scenario, leave a report.

interface Options {
  readonly seed?: number;
  readonly until?: string;
  readonly nodes?: number;
  readonly out?: string;
  readonly json?: true;
  readonly worker?: true;
  readonly yaml?: true;
}

const EXAMPLES = `
Scenarios that come with the lab:
${allScenarios.map(({ name, title }) => `  ${name.padEnd(24)} ${title}`).join("\n")}

Examples:
  npm run sim -- reward-cycle
  npm run sim -- halving-2.5-years --seed 7 --out /tmp/halving
  npm run sim -- pon-decade --until "2 years" --json
  npm run sim -- simblock-bitcoin-2019 --nodes 600 --until 100
  npm run --silent sim -- reward-cycle --yaml > mine.yaml
  npm run sim -- mine.yaml

Exit codes: 0 done, 2 something to change (file, argument, folder), 130 interrupted.`;

async function run(name: string, options: Options): Promise<void> {
  if (options.yaml === true) {
    process.stdout.write(formatScenario(loadScenario(name, options).scenario));
    return;
  }
  const { record, folder, command } = await recordRun({
    scenario: name,
    signal: controller.signal,
    ...options,
  });
  if (options.json === true) {
    const printed = { ...outcomeOf(record), folder, command };
    console.log(JSON.stringify(printed, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
    return;
  }
  console.log(`${summaryText(record)}\nreport  ${folder}/report.html\nrepeat  ${command}`);
}

/** What programs ask of a run. */
function outcomeOf(record: AnyRecord) {
  const { digest, scenarioHash, rulesId, seed, scenario } = record;
  const about = { scenario: scenario.name, seed };
  const repeat = { digest, scenarioHash, rulesId };
  if (record.fidelity !== "economy") {
    const { nodes, seconds, events, reorganisations } = record;
    return { ...about, ...repeat, nodes, seconds, events, ...spreadFigures(record), reorganisations };
  }
  const { firstHeight, lastHeight, supply } = record;
  return { ...about, firstHeight, lastHeight, ...repeat, supply };
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
  .option("--out <folder>", "where to leave the report (default: runs/NAME-seedN)")
  .option("--json", "print the outcome as JSON")
  .option("--worker", "play in a worker thread; the digest is the same")
  .option("--yaml", "print the scenario as YAML and do nothing else")
  .addHelpText("after", EXAMPLES)
  .showHelpAfterError("(npm run sim -- --help shows examples)")
  .action(run);
await runCommand(program, controller);
