import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { runProgram, startProgram, temporaryFolder } from "../../support/program.ts";

const FLUX_SWEEP = "sim/bin/flux-sweep.ts";
const GRID = [
  "block-interval",
  ...["--set", "blockInterval=2 s,20 s", "--set", "miners=3,10"],
  ...["--nodes", "12", "--until", "4 min", "--seeds", "2"],
];

interface Printed {
  readonly axes: string[];
  readonly cells: { values: string[]; runs: { seed: number; digest: string; figures: object }[] }[];
  readonly kept: number;
}

async function sweep(out: string, ...args: string[]): Promise<Printed> {
  const { code, stdout, stderr } = await runProgram(FLUX_SWEEP, ...args, "--out", out, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as Printed;
}

describe("a sweep", () => {
  test("plays every combination with the same seeds, each as npm run sim plays it", async () => {
    const out = join(temporaryFolder(), "sweep");
    const { axes, cells } = await sweep(out, ...GRID);
    expect(axes).toEqual(["blockInterval", "miners"]);
    expect(cells.map(({ values }) => values)).toEqual([
      ["2 s", "3"],
      ["2 s", "10"],
      ["20 s", "3"],
      ["20 s", "10"],
    ]);
    for (const { runs } of cells) expect(runs.map(({ seed }) => seed)).toEqual([1, 2]);
    const args = ["--set", "blockInterval=20 s", "--set", "miners=10", "--nodes", "12", "--until", "4 min"];
    const single = await runProgram(
      "sim/bin/flux-sim.ts",
      "block-interval",
      ...args,
      ...["--seed", "2", "--json", "--out", join(temporaryFolder(), "run")],
    );
    expect((JSON.parse(single.stdout) as { digest: string }).digest).toBe(cells[3]!.runs[1]!.digest);
  });

  test("leaves the same runs as Parquet and as CSV", async () => {
    const out = join(temporaryFolder(), "sweep");
    const { cells } = await sweep(out, ...GRID);
    const bytes = readFileSync(join(out, "runs.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file: file as ArrayBuffer });
    const played = cells.flatMap(({ values: [blockInterval, miners], runs }) =>
      runs.map(({ seed, digest, figures }) => ({ blockInterval, miners, seed, digest, ...figures })),
    );
    // A table has every column in every row: a figure that a run does not have is null there.
    const figures = rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
    );
    expect(figures).toEqual(played);
    const lines = readFileSync(join(out, "runs.csv"), "utf8").trimEnd().split("\r\n");
    expect(lines).toHaveLength(1 + played.length);
    expect(lines[1]).toContain(played[0]!.digest);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("stalePercent by miners");
  });

  test("goes on after Ctrl-C, a crash in the middle of a line, and a wish for more seeds", async () => {
    const out = join(temporaryFolder(), "sweep");
    const file = join(out, "sweep.jsonl");
    const running = startProgram(FLUX_SWEEP, [...GRID, "--seeds", "12", "--threads", "1", "--out", out]);
    while (!existsSync(file) || readFileSync(file, "utf8").split("\n").length < 4) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("the runs that are done are kept");
    const whole = readFileSync(file, "utf8");
    const done = whole.trimEnd().split("\n").length - 1;
    expect(done).toBeLessThan(48);
    appendFileSync(file, '{"cell":3,"seed":2,"dig');
    const resumed = await sweep(out, ...GRID, "--seeds", "12");
    expect(resumed.kept).toBe(done);
    const fresh = await sweep(join(temporaryFolder(), "other"), ...GRID, "--seeds", "12");
    expect(resumed.cells).toEqual(fresh.cells);
  }, 120_000);

  test("does not mix with another sweep, or with other files", async () => {
    const out = join(temporaryFolder(), "sweep");
    await sweep(out, ...GRID);
    const other = await runProgram(FLUX_SWEEP, ...GRID, "--nodes", "13", "--out", out);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("holds a sweep of other values");
    const folder = temporaryFolder();
    writeFileSync(join(folder, "mine.txt"), "");
    const foreign = await runProgram(FLUX_SWEEP, ...GRID, "--out", folder);
    expect(foreign.code).toBe(2);
    expect(foreign.stderr).toContain("it is no sweep");
  });

  test.each([
    [["--set", "blockInterval"], "path=value"],
    [["--set", "blockInterval=1 s,,2 s"], "path=value"],
    [["--set", "blockIntervals=1 s,2 s"], "known here"],
    [["--set", "blockInterval=1 s,2 parsecs"], "blockInterval"],
    [["--seeds", "0"], "whole number"],
  ])("%s is refused, and nothing written", async (args, why) => {
    const out = join(temporaryFolder(), "sweep");
    const { code, stderr } = await runProgram(FLUX_SWEEP, "block-interval", ...args, "--out", out);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(existsSync(out)).toBe(false);
  });
});
