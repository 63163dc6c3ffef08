import { InputError, runCommand } from "@fluxlab/core/command-line";
import { summaryText } from "@fluxlab/reports";
import { scenarios } from "@fluxlab/scenarios";
import { parseSeed, recordRun } from "@fluxlab/sim/host";
import { Command } from "commander";
import { serveFolder } from "./serveFolder.ts";

// npm start: play the default scenario and show its report.

interface Options {
  readonly once?: true;
  readonly port: number;
  readonly seed?: number;
  readonly out?: string;
}

async function start(scenario: string, { once, port, ...request }: Options): Promise<void> {
  const { record, folder } = await recordRun({ scenario, signal: controller.signal, ...request });
  console.log(`${summaryText(record)}\nreport  ${folder}/report.html`);
  if (once === true) return;
  const server = await serveFolder(folder, "report.html", port);
  console.log(`open    ${server.address}\n(Ctrl-C ends it)`);
  await new Promise((resolve) => controller.signal.addEventListener("abort", resolve, { once: true }));
  await server.close();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InputError(`--port: expected 0 to 65535, got "${text}"`);
  return port;
}

const controller = new AbortController();
const program = new Command("npm start --")
  .description("Plays a scenario and serves its report on this machine.")
  .argument("[scenario]", "name of a scenario that comes with the lab, or a YAML file", scenarios[0]?.name)
  .option("--once", "leave the report and end, instead of serving it")
  .option("--port <number>", "first port to try", parsePort, 4400)
  .option("--seed <number>", "the run's seed, instead of the scenario's", parseSeed)
  .option("--out <folder>", "where to leave the report (default: runs/NAME-seedN)")
  .addHelpText(
    "after",
    "\nExamples:\n  npm start\n  npm start -- --once\n  npm start -- pon-decade --port 8080",
  )
  .showHelpAfterError("(npm start -- --help shows examples)")
  .action(start);
await runCommand(program, controller);
