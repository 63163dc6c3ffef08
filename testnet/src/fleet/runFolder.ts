import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { wireHex } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { datRecord } from "@fluxlab/core/host";
import { reportFiles } from "@fluxlab/reports";
import { bestTip, type CheckerFinding, chainTo, testnetRecord } from "@fluxlab/sim";
import { commit, version } from "@fluxlab/sim/host";
import { describeVerdict } from "./expectation.ts";
import { type JUnitRun, junitXml } from "./junit.ts";
import { type Outcome, succeeded } from "./play.ts";
import type { TestnetScenario } from "./testnetSchema.ts";
import { showTime } from "./times.ts";

/** The file every run folder has; a folder without it is not ours to replace. */
const MARK = "run.json";

/** An empty folder for what is left of a run. @throws InputError if it holds something else than an earlier run */
export function emptyRunFolder(path: string): string {
  const folder = resolve(path);
  try {
    const entries = existsSync(folder) ? readdirSync(folder) : [];
    if (entries.length > 0 && !entries.includes(MARK))
      throw new InputError(
        `${folder}: holds files but no ${MARK}, so it is no run to replace; name another folder`,
      );
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // From now on it is known as a run's, should this process be killed.
    writeFileSync(join(folder, MARK), "{}\n");
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${folder}: cannot be written to: ${(error as Error).message}`, { cause: error });
  }
  return folder;
}

/**
 * Writes what became of a run beside its logs: outcome.json and junit.xml; and of a laboratory network the record, the report and the
 * chain, as the simulator leaves them.
 */
export function writeOutcome(folder: string, scenario: TestnetScenario, run: JUnitRun, repeat: string): void {
  const outcome = `${JSON.stringify(outcomeJson(scenario, run, repeat), undefined, 2)}\n`;
  writeFileSync(join(folder, "outcome.json"), outcome);
  writeFileSync(join(folder, "junit.xml"), junitXml([run]));
  if (run.lab !== undefined) writeRecord(folder, run.lab, repeat);
}

/** What reports and the lab read of a run, and its chain for later runs to begin with. */
function writeRecord(folder: string, { world, account }: NonNullable<Outcome["lab"]>, repeat: string): void {
  const about = { commit: commit(), version: version(), command: repeat };
  for (const [name, text] of reportFiles(testnetRecord(account, world), about))
    writeFileSync(join(folder, name), text);
  const tip = bestTip(account, account.params);
  if (tip === undefined) return;
  const messageStart = wireHex(account.params.messageStart);
  const blocks = chainTo(tip).slice(1);
  const chain = Buffer.concat(blocks.map(({ block }) => datRecord(block, messageStart)));
  writeFileSync(join(folder, "chain.dat"), chain);
}

/** What became of a run, for programs. */
export const outcomeJson = (scenario: TestnetScenario, run: JUnitRun, repeat: string) => ({
  ok: succeeded(run),
  seed: scenario.seed,
  lengthMs: Math.round(run.lengthMs),
  ...{ mining: run.mining, traffic: run.traffic },
  findings: run.findings ?? null,
  expectations: run.verdicts.map(({ expectation, outcome, at, seen }) => ({
    ...{ text: expectation.text, outcome, at: Math.round(at), seen },
  })),
  ...{ crashes: run.crashes, events: run.events, scenario, repeat },
});

/** The same for people, a line each. */
export function outcomeText(run: JUnitRun): string {
  const lines = run.verdicts.map(
    (verdict) =>
      `${verdict.outcome === "met" ? "ok  " : "FAIL"} ${verdict.expectation.text} (${describeVerdict(verdict)})`,
  );
  lines.push(...run.crashes.map((crash) => `FAIL ${crash}`));
  if (run.findings !== undefined) lines.push(...findingLines(run.findings));
  const { made, missed } = run.mining;
  const { sent, refused } = run.traffic;
  lines.push(
    `${succeeded(run) ? "ok  " : "FAIL"} ${run.name}: ${showTime(run.lengthMs)}, ${made} blocks made` +
      (missed > 0 ? `, ${missed} missed because their miner did not run` : "") +
      (sent + refused > 0 ? `, ${sent} transactions sent, ${refused} refused` : ""),
  );
  return lines.join("\n");
}

const findingLines = (findings: readonly CheckerFinding[]): string[] =>
  findings.length === 0
    ? ["ok   the checkers found nothing"]
    : findings.map((finding) => `FAIL ${describeFinding(finding)}`);

/** "convergence: 5 blocks behind (node 2, height 140, after 30.0 s)". */
export function describeFinding({ checker, message, node, height, time }: CheckerFinding): string {
  const at = [
    ...(node === undefined ? [] : [`node ${node}`]),
    ...(height === undefined ? [] : [`height ${height}`]),
    `after ${showTime(time / 1_000)}`,
  ];
  return `${checker}: ${message} (${at.join(", ")})`;
}
