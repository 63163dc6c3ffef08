import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT, formatEta } from "@fluxlab/core/command-line";
import { StatusLine } from "@fluxlab/core/host";
import { rehearsalFiles } from "@fluxlab/reports";
import { commit, parseSeed, version } from "@fluxlab/sim/host";
import {
  comparedCurves,
  emptyRunFolder,
  type JUnitRun,
  loadRehearsal,
  parseTime,
  rehearsalText,
  rehearseInSimulator,
  rehearseOnProcesses,
  showTime,
  simulate,
  type Testnet,
  type TestnetScenario,
  verification,
  verificationText,
  writeOutcome,
} from "@fluxlab/testnet/fleet";
import { type Command, Option } from "commander";
import { type Common, print, type Start, wholeNumber } from "./options.ts";

// The commands that set a testnet beside the simulator: verify and rehearse.

/** What these commands need of the others. */
export interface Laboratory {
  /** A new command with the options that all have. */
  command(usage: string, description: string): Command;
  /** Adds the options that start a testnet. */
  startOptions(made: Command): Command;
  load(file: string, options: Start): TestnetScenario;
  /** Plays a scenario on real nodes; `whole`: to its end, even if all that is expected has been decided. */
  playOnce(
    scenario: TestnetScenario,
    name: string,
    label: string,
    folder: string,
    options: Start,
    whole: boolean,
  ): Promise<JUnitRun>;
  readonly signal: AbortSignal;
}

interface VerifyOptions extends Start {
  readonly simulations: number;
  readonly strict?: true;
  readonly out?: string;
}

/** Plays a scenario on real nodes and in the simulator, and compares. */
async function verify(
  file: string,
  options: VerifyOptions,
  { load, playOnce, signal }: Laboratory,
): Promise<void> {
  const scenario = load(file, options);
  const name = options.name ?? scenario.name;
  const line = new StatusLine(process.stderr);
  const simulated = await simulate(scenario, options.simulations, signal, (done) =>
    line.update(() => `${name}  simulated ${done.toFixed(1)} of ${options.simulations} runs`),
  );
  line.clear();
  const folder = emptyRunFolder(options.out ?? `runs/verify-${name}-seed${scenario.seed}`);
  const outcome = await playOnce(scenario, name, name, folder, options, true);
  const repeat = `npm run testnet -- verify ${file} --seed ${scenario.seed}`;
  writeOutcome(folder, scenario, outcome, repeat);
  const result = verification(scenario, outcome, simulated);
  const data = { ...result, name, seed: scenario.seed, folder, repeat };
  const curves = outcome.lab && comparedCurves(scenario, outcome.lab.account, simulated);
  writeFileSync(join(folder, "verification.json"), `${JSON.stringify({ ...data, curves }, undefined, 2)}\n`);
  if (options.json === true) print(data);
  else console.log(`${verificationText(result, outcome)}\nfolder  ${folder}\nrepeat  ${repeat}`);
  const close = result.comparisons.every(({ agrees }) => agrees);
  if (!result.ok || (options.strict === true && !close)) process.exitCode = EXIT.failed;
}

interface RehearseOptions extends Common {
  readonly on: "simulator" | "process";
  readonly seed?: number;
  readonly out?: string;
}

/** Rehearses an upgrade and ends in GO or NO-GO. */
async function rehearse(file: string, options: RehearseOptions, signal: AbortSignal): Promise<void> {
  const { on, root, seed, out } = options;
  const rehearsal = loadRehearsal(file, seed);
  const { name, run: length, seed: used } = rehearsal.plan;
  const folder = emptyRunFolder(out ?? `runs/rehearsal-${name}-${on}-seed${used}`);
  const line = new StatusLine(process.stderr);
  const total = parseTime(length)!;
  const beganAt = performance.now();
  const progress = (ms: number) =>
    line.update(() => {
      const left = ((performance.now() - beganAt) * (total - ms)) / Math.max(1, ms);
      return `${name}  ${showTime(ms)} of ${length}  ${formatEta(left / 1_000)} left`;
    });
  const say = (text: string) => {
    line.clear();
    console.error(text);
  };
  const command = `npm run rehearse -- ${file} --on ${on} --seed ${used}`;
  const onProcesses = async () => {
    const options = { root, name, signal, say };
    const collect = (testnet: Testnet) => testnet.collect(folder, false);
    const { report, outcome } = await rehearseOnProcesses(rehearsal, options, progress, collect);
    writeOutcome(folder, rehearsal.scenario, outcome, command);
    return report;
  };
  const report =
    on === "process"
      ? await onProcesses()
      : await rehearseInSimulator(rehearsal, signal, (seconds) => progress(seconds * 1_000));
  line.clear();
  const about = { commit: commit(), version: version(), command };
  for (const [name, text] of rehearsalFiles(report, about)) writeFileSync(join(folder, name), text);
  if (options.json === true) print({ ...report, folder });
  else console.log(`${rehearsalText(report)}\nfolder  ${folder}\nrepeat  ${command}`);
  if (report.verdict !== "GO") process.exitCode = EXIT.failed;
}

/** Adds the commands. */
export function laboratoryCommands(laboratory: Laboratory): void {
  const { command, startOptions, signal } = laboratory;
  startOptions(
    command("verify <scenario>", "play a scenario on real nodes and in the simulator, and compare"),
  )
    .option("--simulations <number>", "with as many seeds", wholeNumber, 5)
    .option("--strict", "fail, too, where the model is off in what should be close")
    .option("--out <folder>", "for the real run and verification.json (default: runs/verify-NAME-seedN)")
    .action((file: string, options: VerifyOptions) => verify(file, options, laboratory));
  command("rehearse <plan>", "play an upgrade's roll-out: when who left which chain, and GO or NO-GO")
    .addOption(
      new Option("--on <where>", "thousands of simulated nodes, or real ones")
        .choices(["simulator", "process"])
        .default("simulator"),
    )
    .option("--seed <number>", "instead of the plan's", parseSeed)
    .option("--out <folder>", "for the report (default: runs/rehearsal-NAME-WHERE-seedN)")
    .action((file: string, options: RehearseOptions) => rehearse(file, options, signal));
}
