import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError, runCommand } from "@fluxlab/core/command-line";
import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import { summaryText } from "@fluxlab/reports";
import { scenarios } from "@fluxlab/scenarios";
import { parseSeed, recordRun } from "@fluxlab/sim/host";
import { Command } from "commander";

// npm start: the lab on this machine.

interface Options {
  readonly once?: true;
  readonly port: number;
  readonly seed?: number;
  readonly out?: string;
}

/** Where `npm run sim` leaves runs. */
const RUNS = "runs";

async function start(scenario: string | undefined, options: Options): Promise<void> {
  const { once, port, ...request } = options;
  if (once === true) {
    const { record, folder } = await recordRun({
      scenario: scenario ?? scenarios[0]!.name,
      signal: controller.signal,
      ...request,
    });
    builtPage(console.error);
    console.log(`${summaryText(record)}\nreport  ${folder}/report.html`);
    console.log(`open    http://127.0.0.1:${port}/ after: npm start`);
    return;
  }
  const view = scenario === undefined ? "" : await viewOf(scenario, options);
  const server = await serveLab(builtPage(console.error), RUNS, port);
  console.log(`open    ${server.address}?token=${server.token}${view}\n(Ctrl-C ends it)`);
  if (!controller.signal.aborted) {
    await new Promise((resolve) => controller.signal.addEventListener("abort", resolve, { once: true }));
  }
  await server.close();
}

/** The view of one scenario: those of the library are played in the page, a file is played here and shown as recorded. */
async function viewOf(scenario: string, { seed, out }: Options): Promise<string> {
  if (scenarios.some(({ name }) => name === scenario) && !existsSync(scenario) && out === undefined)
    return `#/run/${scenario}${seed === undefined ? "" : `?seed=${seed}`}`;
  const { folder } = await recordRun({
    scenario,
    signal: controller.signal,
    ...(seed === undefined ? {} : { seed }),
    ...(out === undefined ? {} : { out: join(RUNS, checkedName(out)) }),
  });
  return `#/recorded/${encodeURIComponent(basename(folder))}`;
}

function checkedName(out: string): string {
  if (basename(out) === out || join(RUNS, basename(out)) === join(out)) return basename(out);
  throw new InputError(
    `--out: the lab shows runs in ${RUNS}/ alone; give a name such as "mine", or use --once`,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InputError(`--port: expected 0 to 65535, got "${text}"`);
  return port;
}

const controller = new AbortController();
const program = new Command("npm start --")
  .description(
    "Opens the lab on this machine: scenarios to play in the page, and the runs recorded in runs/.",
  )
  .argument(
    "[scenario]",
    "show this one: a scenario that comes with the lab, or a YAML file, which is played first",
  )
  .option("--once", "play a scenario, leave its report and end, instead of serving the lab")
  .option("--port <number>", "first port to try", parsePort, 4400)
  .option("--seed <number>", "the run's seed, instead of the scenario's", parseSeed)
  .option("--out <folder>", "where to leave the report (default: runs/NAME-seedN)")
  .addHelpText(
    "after",
    "\nExamples:\n  npm start\n  npm start -- pon-decade --port 8080\n  npm start -- my-scenario.yaml --seed 7\n  npm start -- --once",
  )
  .showHelpAfterError("(npm start -- --help shows examples)")
  .action(start);
await runCommand(program, controller);
