import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allScenarios } from "@fluxlab/scenarios";
import { partingOfRuns, playable } from "@fluxlab/sim";
import { loadScenario } from "@fluxlab/sim/host";
import { formatScenario } from "@fluxlab/sim/scenario";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram, temporaryFolder } from "../../support/program.ts";

const sim = (...args: string[]) => runProgram("sim/bin/flux-sim.ts", ...args);
const diff = (...args: string[]) => runProgram("sim/bin/flux-diff.ts", ...args);
const SMALL = ["population={cumulus: 90, nimbus: 40, stratus: 20}", "operators={}"];
/** A file: what --set changes beside --branch is the branch's own. */
const FOLDER = mkdtempSync(join(tmpdir(), "flux-lab-test-"));
const FILE = join(FOLDER, "small.yaml");
afterAll(() => rmSync(FOLDER, { recursive: true }));
writeFileSync(FILE, formatScenario(loadScenario("mass-exit", { set: SMALL }).scenario));
const SHORT = [FILE, "--until", "12 days"];

const json = <T>(stdout: string): T => JSON.parse(stdout) as T;

describe("a moment of a run", () => {
  test("is the same however the run gets there, and is the end's at the end", async () => {
    const { stdout } = await sim(...SHORT, "--at", "12 days", "--json");
    const full = await sim(...SHORT, "--json", "--out", join(temporaryFolder(), "run"));
    expect(json<{ digest: string }>(stdout).digest).toBe(json<{ digest: string }>(full.stdout).digest);
    const { scenario, params } = loadScenario("mass-exit", { until: "12 days", set: SMALL });
    const run = playable(scenario, params, 1);
    for (const steps of [1, 1_000, 18_999]) run.advance(steps);
    const at = await sim(...SHORT, "--at", `${2_100_000 + 20_000 - 1}`, "--json");
    expect(json(at.stdout)).toMatchObject({ steps: 20_000, digest: run.digest(), ...run.look() });
  });

  test.each(["13 days", "2099998", "never"])("there is none at %s", async (at) => {
    const { code, stderr } = await sim(...SHORT, "--at", at);
    expect(code).toBe(2);
    expect(stderr).toContain("--at: expected a time within the run");
  });
});

describe("a branch", () => {
  const changed = ["--set", "shocks.0.share=1 in 4"];

  test("is the run that it leaves up to its time, and diff finds where they part", async () => {
    const [a, b] = [join(temporaryFolder(), "a"), join(temporaryFolder(), "b")];
    expect((await sim(...SHORT, "--out", a)).code).toBe(0);
    expect((await sim(...SHORT, ...changed, "--branch", "--at", "9 days", "--out", b)).code).toBe(0);
    const { code, stdout } = await diff(a, b, "--json");
    expect(code).toBe(1);
    const { differences, parting } = json<{
      differences: string[][];
      parting: { alike: number; looks: { height: number }[] };
    }>(stdout);
    expect(differences).toEqual([["shocks.0.share", '"1 in 2"', '"1 in 4"']]);
    // The shock strikes in block 2,128,800, number 28,801 of the run; who left is missed when its turn comes, within a round.
    expect(parting.alike).toBeGreaterThanOrEqual(28_801);
    expect(parting.alike).toBeLessThan(28_801 + 90);
    const height = 2_100_000 + parting.alike;
    expect(parting.looks.map((look) => look.height)).toEqual([height, height]);
    const same = await diff(a, a, "--json");
    expect([same.code, json<{ parting: unknown }>(same.stdout).parting]).toEqual([0, null]);
  });

  test("is refused where it would change the past", async () => {
    const { code, stderr } = await sim(...SHORT, ...changed, "--branch", "--at", "11 days");
    expect(code).toBe(2);
    expect(stderr).toMatch(/acts before 11 days, after 288\d\d blocks/);
  });
});

test("two runs part where a step-by-step comparison says", () => {
  const { scenario, params } = loadScenario("block-interval", { nodes: 6, until: "2 min" });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 119 }), (odd) => {
      const make = (change: number) => () => {
        const run = playable(scenario, params, 1);
        return {
          stepsTotal: run.stepsTotal,
          advance: (steps: number) => run.advance(steps),
          look: () => run.look(),
          digest: () => (run.stepsDone > change ? "other" : run.digest()),
        };
      };
      expect(partingOfRuns([make(Number.POSITIVE_INFINITY), make(odd)])?.alike).toBe(odd);
    }),
    { numRuns: 8 },
  );
});

test("every scenario of the lab can be looked at in the middle", () => {
  for (const { name } of allScenarios.filter((each) => !("fidelity" in each))) {
    const { scenario, params } = loadScenario(name, { until: "10 blocks" });
    const run = playable(scenario, params, 1);
    run.advance(5);
    expect(run.look()).toMatchObject({ height: (scenario as { from: number }).from + 4 });
  }
});
