import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadTestnet } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";
import { fluxdTest } from "../../support/mixedNet.ts";
import { runProgram, temporaryFolder } from "../../support/program.ts";
import {
  fluxdScenarioFile,
  isAlive,
  Lab,
  otherProgram,
  PROGRAM,
  processesOf,
  same,
  scenarioFile,
} from "../../support/testnetLab.ts";

// Testnets whose nodes are not all of this checkout: another version of ours, and fluxd.

const LONG = 300_000;

test(
  "a node of another version is known and ended as ours are",
  async () => {
    const lab = new Lab();
    const binary = otherProgram();
    const file = scenarioFile({ nodes: 2, topology: { random: 1 }, groups: [{ nodes: [1], binary }] });
    await lab.tell("up", file);
    const { pid } = lab.record("three").nodes[1]!;
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain(binary);
    await lab.mine("three", 0, 1);
    await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("1 "));
    expect(await lab.tell("fault", "three", "{slowDisk: {nodes: [0], latency: 1 ms}}")).toContain("slowDisk");
    const [code, message] = await lab.fails("fault", "three", "{fullDisk: [1]}");
    expect([code, message]).toEqual([
      2,
      expect.stringContaining(`disk: node 1 runs ${binary}, which cannot be told`),
    ]);
    const processes = processesOf(lab.record("three"));
    process.kill(lab.record("three").controllerPid, "SIGKILL");
    await lab.tell("down", "--all");
    expect(processes.filter(isAlive)).toEqual([]);
  },
  LONG,
);

fluxdTest(
  "FLUXD",
  "two of ours and two fluxds are split, mine apart, heal, lose a fluxd and get it back, and end on one chain",
  async () => {
    const root = temporaryFolder();
    const out = join(temporaryFolder(), "run");
    const { code, stdout, stderr } = await runProgram(
      ...[PROGRAM, "run", fluxdScenarioFile(4), "--root", root, "--out", out],
    );
    expect(code, stdout + stderr).toBe(0);
    expect(readFileSync(join(out, "logs", "node-1.log"), "utf8")).toMatch(/^UpdateTip: new best=/m);
    const makers = JSON.parse(readFileSync(join(out, "outcome.json"), "utf8")).mining;
    expect(makers.made).toBeGreaterThan(5);
    expect(readdirSync(root)).toEqual([]);
  },
  LONG,
);

fluxdTest(
  "FLUXD",
  "a fluxd whose controller was killed is found and ended",
  async () => {
    const lab = new Lab();
    const fluxd = process.env["FLUXD"]!;
    const groups = [{ nodes: [1], fluxd }];
    await lab.tell("up", scenarioFile({ network: "regtest", nodes: 2, topology: { random: 1 }, groups }));
    await lab.mine("three", 1, 2);
    await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("2 "));
    const processes = processesOf(lab.record("three"));
    process.kill(lab.record("three").controllerPid, "SIGKILL");
    expect(await lab.tell("down", "--all")).toBe("three: ended (2 processes)");
    expect(processes.filter(isAlive)).toEqual([]);
    expect(readdirSync(lab.root)).toEqual([]);
  },
  LONG,
);

test.each([
  [{ groups: [{ nodes: [0] }] }, /groups\[0\]: expected either binary or fluxd/],
  [{ groups: [{ nodes: [0], fluxd: "nowhere" }] }, /groups\[0\]\.fluxd: there is no file .*nowhere/],
  [
    { groups: [{ nodes: [0], fluxd: "$NO_SUCH_VARIABLE" }] },
    /groups\[0\]\.fluxd: NO_SUCH_VARIABLE is not set/,
  ],
  [{ network: "lab", groups: [{ nodes: [0], fluxd: "fluxd" }] }, /network: expected regtest, or the file/],
  [
    { groups: [{ nodes: [1], fluxd: "fluxd" }], faults: [{ clock: { nodes: [0, 1], offset: "9 s" } }] },
    /faults\[0\]\.clock: expected nodes of ours: a fluxd cannot be told of a clock/,
  ],
  [
    { groups: [{ nodes: [1], fluxd: "fluxd" }], faults: [{ fullDisk: [1] }] },
    /faults\[0\]\.fullDisk: expected nodes of ours/,
  ],
])("%j: the line and what to change", (fields, message) => {
  expect(() => loadTestnet(scenarioFile(fields))).toThrow(message);
});
