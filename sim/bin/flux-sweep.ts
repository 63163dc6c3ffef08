import { InputError, runCommand } from "@fluxlab/core/command-line";
import { plainSpaces, sweepSentences } from "@fluxlab/reports";
import { parseNodes, parseSeed, runSweep } from "@fluxlab/sim/host";
import { Command } from "commander";

// npm run sweep: play a scenario for every combination of values and many seeds, leave a report.

interface Options {
  readonly set?: string[];
  readonly seeds: number;
  readonly seed?: number;
  readonly until?: string;
  readonly nodes?: number;
  readonly out?: string;
  readonly threads?: number;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  npm run sweep -- block-interval --set "blockInterval=1 s,3 s,10 s,30 s,120 s" --seeds 10
  npm run sweep -- mass-exit --set "shocks.0.share=1 in 10,1 in 4,1 in 2" --set population.cumulus=4500,9000 --seeds 6
  npm run sweep -- payout-fairness --seeds 40

Ctrl-C keeps the runs that are done; the same command goes on. More seeds may be asked for later.

Exit codes: 0 done, 2 something to change (file, argument, folder), 130 interrupted.`;

async function sweep(scenario: string, options: Options): Promise<void> {
  const finished = await runSweep({ scenario, signal: controller.signal, ...options });
  const { folder, command, kept } = finished;
  const { axes, cells, seeds } = finished.sweep;
  if (options.json === true) {
    console.log(JSON.stringify({ axes, cells, seeds, folder, command, kept }));
    return;
  }
  const runs = cells.length * seeds.length;
  const before = kept === 0 ? "" : `, ${kept} of them from before`;
  console.log(`${runs} runs: ${cells.length} combinations, ${seeds.length} seeds each${before}\n`);
  for (const sentence of sweepSentences(finished.sweep)) console.log(plainSpaces(sentence));
  console.log(
    `\nreport  ${folder}/report.html\nruns    ${folder}/runs.parquet, runs.csv, cells.csv\nrepeat  ${command}`,
  );
}

/** @throws InputError */
function parseCount(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new InputError(`Expected a whole number from 1 to 99999, got "${text}"`);
  return Number(text);
}

const controller = new AbortController();
const program = new Command("npm run sweep --")
  .description(
    "Plays a scenario for every combination of values, with many seeds, and compares the outcomes.",
  )
  .argument("<scenario>", "name of a scenario that comes with the lab, or a YAML file")
  .option(
    "--set <path=a,b,c>",
    "values of a field of the scenario; given again, every combination is played",
    (setting, settings: string[] = []) => [...settings, setting],
  )
  .option("--seeds <number>", "runs of each combination, with the same seeds for all", parseCount, 6)
  .option("--seed <number>", "the first seed, instead of the scenario's", parseSeed)
  .option("--until <end>", "end here instead, as in npm run sim")
  .option("--nodes <number>", "so many nodes, in scenarios where messages travel", parseNodes)
  .option("--out <folder>", "where to leave the sweep (default: runs/NAME-sweep)")
  .option("--threads <number>", "runs at a time (default: one on each core)", parseCount)
  .option("--json", "print the runs as JSON")
  .addHelpText("after", EXAMPLES)
  .showHelpAfterError("(npm run sweep -- --help shows examples)")
  .action(sweep);
await runCommand(
  program,
  controller,
  "Interrupted: the runs that are done are kept; the same command goes on.",
);
