import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hunt } from "@fluxlab/sim/host";
import { parseScenario } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "../../support/plantedBugs.ts";
import { type Running, runProgram, startCommand, temporaryFolder } from "../../support/program.ts";

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
  });

  test("says what is wrong with an argument", async () => {
    const { code, stderr } = await runProgram(VOPR, "--minutes", "soon");
    expect(code).toBe(2);
    expect(stderr).toContain('--minutes: expected a number above 0, got "soon"');
  });
});

/** The program with a bug in one of its sources. */
const startPlanted = (bug: string, ...args: string[]): Running =>
  startCommand([
    ...["env", `FLUX_LAB_PLANTED_BUG=${bug}`, process.execPath],
    ...["--import", "./test/support/plantBug.ts", VOPR, ...args],
  ]);

test("a hunt that goes on tells at once what it found, and how to repeat it", async () => {
  const hunting = startPlanted("wrong tie break", "--seed", "1", "--seeds", "5000", "--keep-going");
  expect(await hunting.says(/repeat/)).toMatch(
    /^FAIL {2}seed [12]\n {2}payouts: .*\n(.*\n)* {2}repeat {2}npm run vopr -- --seed [12]\n/,
  );
  hunting.child.kill("SIGINT");
  const { code, stdout } = await hunting.ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/\n\d+ failed {2}seeds 1( to \d+)?: .* days of worlds/);
}, 120_000);

const LONG = process.env["FLUX_LAB_LONG"] === "1";

describe("a planted bug is found within 200 seeds", () => {
  test.each(PLANTED_BUGS.map(({ name }) => name))("%s", async (bug) => {
    const file = join(temporaryFolder(), "small.yaml");
    const shrink = LONG ? ["--shrink", "--out", file] : [];
    const { code, stdout } = await startPlanted(bug, "--seed", "1", "--seeds", "200", "--json", ...shrink)
      .ended;
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
