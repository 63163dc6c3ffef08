import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readVectorText } from "../../support/committedVectors.ts";
import { runProgram, startProgram, temporaryFolder } from "../../support/program.ts";

const FLUX_SIM = "sim/bin/flux-sim.ts";
const sim = (...args: string[]) => runProgram(FLUX_SIM, ...args);

const SHORT = ["whitepaper-984-cumulus", "--until", "1 day"];

async function outcome(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await sim(...args, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("a run", () => {
  test("leaves a report and its data, and prints the line that repeats it", async () => {
    const out = join(temporaryFolder(), "deep", "run");
    const { code, stdout } = await sim(...SHORT, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toContain("npm run sim -- whitepaper-984-cumulus --seed 1 --until '1 day'");
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(["report.html", "run.json", "nodes.csv", "samples.csv"]),
    );
    const digest = (JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as { digest: string }).digest;
    expect(stdout).toContain(digest);
  });

  test("halving-2.5-years gives one digest for one seed, here and in a worker thread, and another for another", async () => {
    const folder = temporaryFolder();
    const args = (seed: number, out: string) => [
      "halving-2.5-years",
      "--seed",
      `${seed}`,
      "--out",
      join(folder, out),
    ];
    const first = await outcome(...args(1, "a"));
    const again = await outcome(...args(1, "b"));
    const inWorker = await outcome(...args(1, "c"), "--worker");
    const other = await outcome(...args(2, "d"));
    expect(again["digest"]).toBe(first["digest"]);
    expect(inWorker["digest"]).toBe(first["digest"]);
    expect(other["digest"]).not.toBe(first["digest"]);
    expect(other["scenarioHash"]).toBe(first["scenarioHash"]);
  }, 240_000); // four whole halving intervals

  test("of bridge-reorg ends in a table of confirmations against reorganisations", async () => {
    const out = join(temporaryFolder(), "run");
    const { code, stdout } = await sim("bridge-reorg", "--until", "1 h", "--out", out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/FLUX without backing +k=1 +k=2.*\nN=1 confirmations +2k +4k/);
    const { bridge } = JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as {
      bridge: { pairs: object[] };
    };
    const lines = readFileSync(join(out, "bridge.csv"), "utf8").trimEnd().split("\r\n");
    expect(bridge.pairs).toHaveLength(lines.length - 1);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain('class="cell breaks">200,000</span>');
  });

  test("replaces an earlier run in its folder", async () => {
    const out = join(temporaryFolder(), "run");
    await outcome(...SHORT, "--out", out);
    writeFileSync(join(out, "stale.txt"), "from an earlier version");
    await outcome(...SHORT, "--seed", "2", "--out", out);
    expect(existsSync(join(out, "stale.txt"))).toBe(false);
  });

  test("of a scenario printed as YAML is the run of the scenario", async () => {
    const folder = temporaryFolder();
    const { stdout } = await sim(...SHORT, "--yaml");
    writeFileSync(join(folder, "mine.yaml"), stdout);
    const mine = await outcome(join(folder, "mine.yaml"), "--out", join(folder, "a"));
    const shipped = await outcome(...SHORT, "--out", join(folder, "b"));
    expect(mine["digest"]).toBe(shipped["digest"]);
    expect(mine["scenarioHash"]).toBe(shipped["scenarioHash"]);
  });

  test("on a network of one's own, beside the scenario", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "labnet.json"), readVectorText("labnet/params.json"));
    const scenario = `name: lab
title: Every era of the laboratory network
network: labnet.json
from: 0
to: 2000
population: { begin: 4 h, cumulus: 12, nimbus: 5, stratus: 3 }
operators: { outageEvery: 10 h, outageLength: 1 h, missedStarts: 1 in 10 }
`;
    writeFileSync(join(folder, "lab.yaml"), scenario);
    const { supply, lastHeight } = await outcome(join(folder, "lab.yaml"), "--out", join(folder, "run"));
    expect(lastHeight).toBe(2_000);
    expect((supply as { before: string }).before).toBe("0");
  });

  test("stopped by Ctrl-C leaves nothing behind", async () => {
    const folder = temporaryFolder();
    const running = startProgram(FLUX_SIM, ["pon-decade", "--out", join(folder, "run")]);
    await untilTrue(() => readdirSync(folder).length > 0); // it has opened its folder and begun
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(stderr).toContain("Interrupted");
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("bad input ends with code 2, a message that names the place, and nothing written", () => {
  const cases: [string, (folder: string) => string[], RegExp][] = [
    [
      "no such scenario",
      () => ["reward-cycel"],
      /reward-cycel: not a scenario that comes with the lab \(reward-cycle,.*no such file/,
    ],
    ["a folder as scenario", (folder) => [folder], /the file cannot be read \(EISDIR\)/],
    ["an unknown option", () => ["reward-cycle", "--sede", "1"], /unknown option '--sede'/],
    ["no scenario", () => [], /missing required argument 'scenario'/],
    [
      "a seed that is no number",
      () => ["reward-cycle", "--seed", "0x1"],
      /--seed: expected a whole number.*"0x1"/,
    ],
    [
      "an end that is no end",
      () => ["reward-cycle", "--until", "later"],
      /--until: expected a height or a duration/,
    ],
    [
      "an end before the beginning",
      () => ["reward-cycle", "--until", "7"],
      /to: expected a height from 1097412/,
    ],
    [
      "text that is not YAML",
      (folder) => [file(folder, "bad.yaml", "name: [")],
      /bad\.yaml: 1 problem\n {2}1:\d+ {2}\(file\): expected YAML/,
    ],
    [
      "an unknown key",
      (folder) => [file(folder, "bad.yaml", "colour: red")],
      /1:1 {2}colour: expected no key of this name/,
    ],
    [
      "a bridge that locks more than there is",
      (folder) => [
        file(
          folder,
          "s.yaml",
          `${scenarioOn("main")}bridge:
  { source: FLUX, target: ETH, amount: 1e9 FLUX, confirmations: [1], reorganisations: [1] }
`,
        ),
      ],
      /s\.yaml: 1 problem\n {2}\d+:\d+ {2}bridge\.amount: expected an amount such as "440000000 FLUX", got "1e9 FLUX"/,
    ],
    [
      "a network file that is not there",
      (folder) => [file(folder, "s.yaml", scenarioOn("gone.json"))],
      /gone\.json: the network file cannot be read \(ENOENT\)/,
    ],
    [
      "a network file that is wrong",
      (folder) => {
        file(folder, "net.json", '{"name":"n","networkId":"lab","upgrades":{"PON":{"height":"soon"}}}');
        return [file(folder, "s.yaml", scenarioOn("net.json"))];
      },
      /net\.json: 1 problem\n.*upgrades\.PON\.height: expected a height, or -1 for never, got "soon"/,
    ],
    [
      "an output folder that is a file",
      (folder) => [...SHORT, "--out", file(folder, "taken", "")],
      /taken: not a folder that can be read \(ENOTDIR\)/,
    ],
    [
      "an output folder below a file",
      (folder) => [...SHORT, "--out", join(file(folder, "taken", ""), "run")],
      /cannot write there \(ENOTDIR\)/,
    ],
    [
      "an output folder where none can be made",
      () => [...SHORT, "--out", "/proc/flux-lab"],
      /cannot write there \(ENOENT\)/,
    ],
    [
      "an output folder with other things in it",
      (folder) => [...SHORT, "--out", foreignFolder(folder)],
      /no run to replace; name another folder/,
    ],
  ];

  test.each(cases)("%s", async (_, args, message) => {
    const folder = temporaryFolder();
    const line = args(folder);
    const before = readdirSync(folder, { recursive: true });
    const { code, stdout, stderr } = await sim(...line);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m); // no stack
    expect(stderr.split("\n").length).toBeLessThan(24); // a screen
    expect(stdout).toBe("");
    expect(code).toBe(2);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});

test("--help shows examples and every scenario", async () => {
  const { code, stdout } = await sim("--help");
  expect(code).toBe(0);
  for (const word of [
    "Examples:",
    "reward-cycle",
    "whitepaper-984-cumulus",
    "halving-2.5-years",
    "pon-decade",
    "--seed",
  ]) {
    expect(stdout).toContain(word);
  }
});

function file(folder: string, name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function foreignFolder(folder: string): string {
  const path = join(folder, "photos");
  mkdirSync(path);
  file(path, "holiday.txt", "keep me");
  return path;
}

const scenarioOn = (network: string): string => `name: s
title: s
network: ${network}
from: 0
to: 10
population: { cumulus: 0, nimbus: 0, stratus: 0 }
`;

async function untilTrue(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resume) => setTimeout(resume, 10));
}
