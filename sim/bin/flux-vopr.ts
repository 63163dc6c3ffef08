import { writeFileSync } from "node:fs";
import { EXIT, formatEta, InputError, runCommand } from "@fluxlab/core/command-line";
import type { CheckerFinding } from "@fluxlab/sim";
import { type HuntTotals, hunt, parseSeed, type SeedOutcome, shrinkSeed } from "@fluxlab/sim/host";
import { formatScenario } from "@fluxlab/sim/scenario";
import { Command } from "commander";

// npm run vopr: worlds and troubles drawn from seeds, until a checker finds something.

interface Options {
  readonly minutes?: number;
  readonly seed?: number;
  readonly seeds?: number;
  readonly jobs?: number;
  readonly keepGoing?: true;
  readonly shrink?: true;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  npm run vopr -- --minutes 5               seeds from the clock on, for five minutes, on all cores
  npm run vopr -- --seeds 200 --seed 1      seeds 1 to 200
  npm run vopr -- --seed 77                 seed 77 alone
  npm run vopr -- --seed 77 --shrink        and the smallest scenario in which the same goes wrong
  npm run vopr -- --minutes 30 --keep-going --json

Exit codes: 0 nothing found, 1 something found, 2 something to change (argument), 130 interrupted:
what was played until then is told.`;

async function run(options: Options): Promise<void> {
  const firstSeed = options.seed ?? Math.floor(Date.now() / 1_000);
  const alone = options.seed !== undefined && options.minutes === undefined;
  const seeds = options.seeds ?? (alone ? 1 : Number.POSITIVE_INFINITY);
  const minutes = options.minutes ?? (seeds === Number.POSITIVE_INFINITY ? 1 : Number.POSITIVE_INFINITY);
  const request = {
    firstSeed,
    seeds,
    milliseconds: minutes * 60_000,
    untilFound: options.keepGoing !== true,
    signal: controller.signal,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
  };
  // A long hunt tells what it finds at once; what is to be shrunk or read by a program comes at the end.
  const atOnce = options.json !== true && options.shrink !== true;
  let told = 0;
  const totals = await hunt(request, (now) => {
    for (; atOnce && told < now.failures.length; told++) {
      clearProgress();
      console.log(failureText(described(now.failures[told]!, options)));
    }
    showProgress(now, request);
  });
  clearProgress();
  const { aborted } = controller.signal;
  if (aborted) process.exitCode = EXIT.interrupted;
  else if (totals.failures.length > 0) process.exitCode = EXIT.failed;
  const found = atOnce ? [] : totals.failures.map((failure) => described(failure, aborted ? {} : options));
  if (options.json === true) {
    const { failures: _failures, ...sums } = totals;
    console.log(JSON.stringify({ firstSeed, ...sums, failures: found }));
    return;
  }
  for (const failure of found) console.log(failureText(failure));
  console.log(summary(firstSeed, totals));
}

interface Described {
  readonly seed: number;
  readonly findings: readonly CheckerFinding[];
  readonly repeat: string;
  /** Present after --shrink. */
  readonly shrunk?: {
    readonly file: string;
    readonly nodes: number;
    readonly faults: number;
    readonly repeat: string;
  };
}

function described(failure: SeedOutcome, { shrink, out }: Options): Described {
  const { seed, findings } = failure;
  const repeat = `npm run vopr -- --seed ${seed}`;
  if (shrink !== true) return { seed, findings, repeat };
  const best = shrinkSeed(failure, ({ tried, best: { scenario } }) => {
    status(
      `shrinking seed ${seed}: ${tried} cases played, ${scenario.nodes} nodes, ${count(scenario.faults)} faults`,
    );
  });
  clearProgress();
  const file = out ?? `swarm-${seed}.yaml`;
  writeFileSync(file, formatScenario({ ...best.scenario, seed: best.seed }));
  const shrunk = {
    file,
    nodes: best.scenario.nodes,
    faults: count(best.scenario.faults),
    repeat: `npm run sim -- ${file}`,
  };
  return { seed, findings, repeat, shrunk };
}

const count = (list: readonly unknown[] | undefined): number => list?.length ?? 0;

function failureText({ seed, findings, repeat, shrunk }: Described): string {
  const lines = findings.map((finding) => `  ${findingText(finding)}`);
  const smaller =
    shrunk === undefined
      ? `shrink  ${repeat} --shrink`
      : `shrunk  ${shrunk.nodes} nodes, ${shrunk.faults} faults: ${shrunk.repeat}`;
  return [`FAIL  seed ${seed}`, ...lines, `  repeat  ${repeat}`, `  ${smaller}`].join("\n");
}

/** Names the checker, the node, the height and the time. */
function findingText({ checker, message, node, height, time }: CheckerFinding): string {
  const place = [
    ...(node === undefined ? [] : [`node ${node}`]),
    ...(height === undefined ? [] : [`height ${height}`]),
    `${(time / 1e6).toFixed(1)} s`,
  ];
  return `${checker}: ${message} (${place.join(", ")})`;
}

function summary(
  firstSeed: number,
  { seeds, seconds, events, blocks, milliseconds, failures }: HuntTotals,
): string {
  const last = seeds === 1 ? "" : ` to ${firstSeed + seeds - 1}`;
  const rate = (seconds / milliseconds) * 1_000;
  return (
    `${failures.length === 0 ? "ok" : `${failures.length} failed`}  seeds ${firstSeed}${last}: ` +
    `${(seconds / 86_400).toFixed(1)} days of worlds, ${number(blocks)} blocks, ${number(events)} events ` +
    `in ${(milliseconds / 1_000).toFixed(1)} s (${number(rate)} times real time, ${((seeds / milliseconds) * 1_000).toFixed(1)} seeds/s)`
  );
}

const number = (value: number): string => Math.round(value).toLocaleString("en");

function showProgress(
  totals: HuntTotals,
  { seeds, milliseconds }: { seeds: number; milliseconds: number },
): void {
  const share = Math.max(totals.seeds / seeds, totals.milliseconds / milliseconds);
  const left = (totals.milliseconds / share - totals.milliseconds) / 1_000;
  const rate = ((totals.seeds / totals.milliseconds) * 1_000).toFixed(1);
  status(
    `${number(totals.seeds)} seeds  ${rate} seeds/s  ${totals.failures.length} failed  ${formatEta(left)} left`,
  );
}

/** A line on a terminal; elsewhere nothing. */
function status(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.slice(0, process.stderr.columns - 1)}\u001b[K`);
}

const clearProgress = (): void => status("");

function positive(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+(?:\.\d+)?$/.test(text) || value <= 0) {
      throw new InputError(`${option}: expected a number above 0, got "${text}"`);
    }
    return value;
  };
}

function wholeNumber(option: string) {
  return (text: string): number => {
    if (!/^[1-9]\d{0,14}$/.test(text)) {
      throw new InputError(`${option}: expected a whole number from 1 on, got "${text}"`);
    }
    return Number(text);
  };
}

const controller = new AbortController();
const program = new Command("npm run vopr --")
  .description(
    "Plays worlds of full nodes with whatever can go wrong, drawn from seeds, while checkers watch.",
  )
  .option(
    "--minutes <number>",
    "how long (default: 1, if neither --seed nor --seeds is given)",
    positive("--minutes"),
  )
  .option("--seed <number>", "the first seed, or the only one (default: the time of day)", parseSeed)
  .option("--seeds <number>", "how many seeds", wholeNumber("--seeds"))
  .option("--jobs <number>", "worker threads (default: one a core)", wholeNumber("--jobs"))
  .option("--keep-going", "go on after a seed has failed")
  .option("--shrink", "look for the smallest scenario in which the same goes wrong, and write it to a file")
  .option("--out <file>", "where to write it (default: swarm-SEED.yaml)")
  .option("--json", "print what came out as JSON")
  .addHelpText("after", EXAMPLES)
  .showHelpAfterError("(npm run vopr -- --help shows examples)")
  .action(run);
await runCommand(program, controller);
