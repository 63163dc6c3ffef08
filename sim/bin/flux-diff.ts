import { runCommand } from "@fluxlab/core/command-line";
import { differences, partingOf, readRun } from "@fluxlab/sim/host";
import { Command } from "commander";

// npm run diff: where two recorded runs part.

const EXAMPLES = `
Examples:
  npm run sim -- mass-exit
  npm run sim -- mass-exit --at "9 days" --branch --set "shocks.0.share=1 in 4"
  npm run diff -- runs/mass-exit-seed1 runs/mass-exit-seed1-branch

Both runs are played again from their scenarios and seeds, side by side, to the first step that differs.

Exit codes: 0 the same run, 1 they part, 2 something to change.`;

function diff(first: string, second: string, { json }: { readonly json?: true }): void {
  const [a, b] = [readRun(first), readRun(second)];
  const scenario = differences(a.loaded.scenario, b.loaded.scenario);
  const fields = a.seed === b.seed ? scenario : [["seed", `${a.seed}`, `${b.seed}`] as const, ...scenario];
  const parting = partingOf(a, b);
  process.exitCode = parting === undefined ? 0 : 1;
  if (json === true) {
    console.log(JSON.stringify({ differences: fields, parting: parting ?? null }));
    return;
  }
  for (const [path, left, right] of fields) console.log(`${path.padEnd(28)} ${left}  |  ${right}`);
  if (parting === undefined) {
    console.log("The runs do not part, up to the end of the shorter.");
    return;
  }
  console.log(`\nThe runs are the same for ${parting.alike} steps, and differ after the next:`);
  const [left, right] = parting.looks;
  for (const what of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const mark = left[what] === right[what] ? " " : "*";
    console.log(`${mark} ${what.padEnd(26)} ${left[what]}  |  ${right[what]}`);
  }
}

const program = new Command("npm run diff --")
  .description("Shows where two recorded runs part, and what differs in their scenarios.")
  .argument("<run>", "folder of a run")
  .argument("<other>", "folder of another")
  .option("--json", "print it as JSON")
  .addHelpText("after", EXAMPLES)
  .showHelpAfterError("(npm run diff -- --help shows examples)")
  .action(diff);
await runCommand(program);
