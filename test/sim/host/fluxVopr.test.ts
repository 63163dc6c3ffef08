import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hunt } from "@fluxlab/sim/host";
import { parseScenario } from "@fluxlab/sim/scenario";
import { describe, expect, onTestFinished, test } from "vitest";
import { PLANTED_BUGS } from "../../support/plantedBugs.ts";
import { runProgram, temporaryFolder } from "../../support/program.ts";
import { ROOT } from "../../support/repository.ts";

const VOPR = "sim/bin/flux-vopr.ts";

describe("npm run vopr", () => {
  test("plays the seeds asked for and says what it played; a seed's run is the same again", async () => {
    const args = ["--seed", "7", "--seeds", "2", "--json"];
    const [first, again] = await Promise.all([
      runProgram(VOPR, ...args),
      runProgram(VOPR, ...args, "--jobs", "1"),
    ]);
    expect(first.code).toBe(0);
    const { milliseconds: _, ...outcome } = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(outcome).toMatchObject({ firstSeed: 7, seeds: 2, failures: [] });
    const { milliseconds: _again, ...same } = JSON.parse(again.stdout) as Record<string, unknown>;
    expect(same).toEqual(outcome);
  }, 120_000);

  test("told to stop, it says what it has played", async () => {
    const controller = new AbortController();
    const request = { firstSeed: 7, seeds: 500, milliseconds: 1e9, untilFound: true, jobs: 1 };
    const totals = await hunt({ ...request, signal: controller.signal }, () => controller.abort());
    expect(totals).toMatchObject({ seeds: 1, failures: [] });
  }, 60_000);

  test("says what is wrong with an argument", async () => {
    const { code, stderr } = await runProgram(VOPR, "--minutes", "soon");
    expect(code).toBe(2);
    expect(stderr).toContain('--minutes: expected a number above 0, got "soon"');
  });
});

/** The program with a bug in one of its sources. */
function runPlanted(bug: string, ...args: string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, ["--import", "./test/support/plantBug.ts", VOPR, ...args], {
    cwd: ROOT,
    env: { ...process.env, FLUX_LAB_PLANTED_BUG: bug },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout })));
}

const LONG = process.env["FLUX_LAB_LONG"] === "1";

describe("a planted bug is found within 200 seeds", () => {
  test.each(PLANTED_BUGS.map(({ name }) => name))("%s", async (bug) => {
    const file = join(temporaryFolder(), "small.yaml");
    const shrink = LONG ? ["--shrink", "--out", file] : [];
    const { code, stdout } = await runPlanted(bug, "--seed", "1", "--seeds", "200", "--json", ...shrink);
    expect(code).toBe(1);
    const { seeds, failures } = JSON.parse(stdout) as {
      seeds: number;
      failures: { shrunk?: { nodes: number } }[];
    };
    expect(seeds).toBeLessThanOrEqual(200);
    expect(failures.length).toBeGreaterThan(0);
    if (!LONG) return;
    expect(failures[0]!.shrunk!.nodes).toBeLessThanOrEqual(10);
    expect(parseScenario(readFileSync(file, "utf8"))).toMatchObject({ fidelity: "network", check: true });
  }, 600_000);
});
