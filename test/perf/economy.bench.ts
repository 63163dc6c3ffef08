import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { mainnet } from "@fluxlab/core";
import { scenarios } from "@fluxlab/scenarios";
import { runScenario } from "@fluxlab/sim";
import { blocks } from "@fluxlab/sim/scenario";
import { compileEconomy } from "../../sim/src/scenario/compile.ts";
import { Economy } from "../../sim/src/world/economy.ts";
import { NaiveEconomy, Trace } from "../support/naiveEconomy.ts";

const halving = scenarios.find(({ name }) => name === "halving-2.5-years")!;
const NAIVE_BLOCKS = 200;

/** Whole thousands, "1,234k". */
const k = (perSecond: number): string => `${Math.round(perSecond / 1_000).toLocaleString("en")}k`;

/** Prints speed and memory of the economy fidelity at its normal size, and of the obvious implementation beside it. */
export function benchEconomy(): void {
  console.log("\neconomy: halving-2.5-years, 655,350 blocks, 15,000 nodes");
  const naive = naiveSeconds();
  const runs = [1, 2, 3].map(() => seconds(() => runScenario(halving, mainnet, 1)));
  const median = runs.sort((a, b) => a - b)[1]!;
  const { tiers, counts } = runScenario(halving, mainnet, 1);
  const payments = Object.values(tiers).reduce((sum, tier) => sum + tier.payments, 0);
  console.log(
    `  whole interval           ${median.toFixed(2)} s (${runs.map((s) => s.toFixed(2)).join(", ")})`,
  );
  console.log(`  blocks/s                 ${k(655_350 / median)}`);
  console.log(`  node payments/s          ${k(payments / median)}`);
  console.log(`  confirm updates/s        ${k(counts.updates / median)} (solved, not played)`);
  const ratio = naive / NAIVE_BLOCKS / (median / 655_350);
  console.log(
    `  block-by-block model     ${(NAIVE_BLOCKS / naive).toFixed(0)} blocks/s: ours is ${Math.round(ratio)} times as fast`,
  );
  benchMemory();
}

function naiveSeconds(): number {
  const plan = compileEconomy({ ...halving, run: blocks(NAIVE_BLOCKS) }, mainnet, 1);
  const trace = new Trace();
  const economy = new Economy(plan, trace);
  const naive = new NaiveEconomy(economy);
  let inNaive = 0;
  for (let height = plan.firstHeight; height <= plan.lastHeight; height++) {
    const before = trace.events.length;
    economy.advance(height);
    inNaive += seconds(() => naive.play(height, trace.events.slice(before), economy));
  }
  return inNaive;
}

/** Memory of whole processes that play the same population for ever longer: what they hold should not grow. */
function benchMemory(): void {
  const script = fileURLToPath(new URL("./economyMemory.ts", import.meta.url));
  for (const length of [65_535, 655_350, 6_553_500]) {
    const printed = execFileSync(process.execPath, ["--expose-gc", script, `${length}`], {
      encoding: "utf8",
    });
    const { heldKiB, peakKiB } = JSON.parse(printed) as { heldKiB: number; peakKiB: number };
    const held = (heldKiB / 1_024).toFixed(1);
    const peak = Math.round(peakKiB / 1_024);
    console.log(
      `  memory                   ${held} MiB held, peak of the process ${peak} MiB, for ${length.toLocaleString("en")} blocks`,
    );
  }
}

function seconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1_000;
}
