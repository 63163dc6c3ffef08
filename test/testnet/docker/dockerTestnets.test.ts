import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { type ContainerLimits, loadTestnet, openTestnet, order } from "@fluxlab/testnet/fleet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, startEngine, withEngine } from "../../support/machines.ts";
import { fluxdTest } from "../../support/mixedNet.ts";
import { runProgram, temporaryFolder } from "../../support/program.ts";
import {
  fluxdScenarioFile,
  Lab,
  mixedScenarioFile,
  PROGRAM,
  same,
  scenarioFile,
} from "../../support/testnetLab.ts";

// Real containers of a real engine, from the command line.

const LONG = 300_000;
const CYCLES = process.env["FLUX_LAB_LONG"] === "1" ? 100 : 3;
/** Slow machines take their time between a block and a look at the clock. */
const CLOCK_SLACK_SECONDS = 30;
/** Between five nodes, so that 0 and 1, and also 2 to 4, hold together when nothing passes from the ones to the others. */
const INSIDE = ["1-0", "3-2", "4-3"];
const ACROSS = ["2-0", "3-1", "4-0"];
const LINKS = [...INSIDE, ...ACROSS].map((link) => link.split("-").map(Number));

withEngine("testnets in containers", () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await startEngine();
    process.env["DOCKER_HOST"] = engine.host;
  });
  afterAll(() => engine.end());

  const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8" }).trim();
  const state = (node: number) =>
    docker("ps", "-a", "--filter", `label=flux-lab.node=${node}`, "--format", "{{.State}}");
  /** What the engine tells of a node's container since then, Unix seconds: a look at a moment could come too late. */
  const told = (node: number, since: number, ...events: readonly string[]) =>
    docker(
      ...["events", "--since", String(since), "--until", String(Date.now() / 1_000)],
      ...["--filter", `label=flux-lab.node=${node}`, "--format", "{{.Action}}"],
      ...events.flatMap((event) => ["--filter", `event=${event}`]),
    ).split("\n");
  /** All that the engine has of ours. */
  const leftAtEngine = () =>
    docker("ps", "-aq", "--filter", "label=flux-lab.testnet") +
    docker("network", "ls", "-q", "--filter", "label=flux-lab.testnet");

  test(
    "five containers split in two by their kernels, heal, stand still, die and come back, with a clock that is off and a full disk",
    async () => {
      const lab = new Lab();
      const file = scenarioFile({ nodes: 5, topology: { links: LINKS } });
      await lab.tell("up", file, "--on", "docker", "--disk-mb", "16", "--memory-mb", "400", "--cpus", "1");
      await lab.mine("three", 0, 3);
      await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("3 "));

      await lab.fault("three", { partition: [[0, 1]] });
      const addresses = lab.record("three").nodes.map(({ listen }) => listen.split(":")[0]!);
      const { stdout } = await order<{ stdout: string }>(lab.root, "three", "exec", {
        ...{ node: 0, command: ["nft", "list", "ruleset"] },
      });
      expect(addresses.map((address) => stdout.includes(`ip saddr ${address} drop`))).toEqual([
        ...[false, false, true, true, true],
      ]);
      await lab.mine("three", 0, 1);
      await lab.mine("three", 4, 2);
      await lab.until("three", ([a, b, ...others]) => {
        return a === b && a!.startsWith("4 ") && same(others) && others[0]!.startsWith("5 ");
      });
      await lab.fault("three", { heal: "links" });
      await lab.until("three", (tips, { nodes }) => same(tips) && nodes[0]!.reorganised === 1);

      const pausedAt = Date.now() / 1_000;
      await lab.fault("three", { pause: [1], for: "1 s" });
      await lab.fault("three", { kill: [2] });
      expect(state(2)).toBe("exited");
      await lab.mine("three", 0, 1);
      await lab.fault("three", { start: [2] });
      await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("6 "));
      expect(told(1, pausedAt, "pause", "unpause")).toEqual(["pause", "unpause"]);
      expect(state(1)).toBe("running");

      await lab.fault("three", { clock: { nodes: [3], offset: "10 min" } });
      const [hash] = await lab.rpc<string[]>("three", 3, "generate", 1);
      const { time } = await lab.rpc<{ time: number }>("three", 3, "getblock", hash!);
      expect(time - Date.now() / 1_000).toBeGreaterThan(600 - CLOCK_SLACK_SECONDS);

      expect((await lab.status("three")).crashes).toEqual([]);
      await lab.fault("three", { fullDisk: [4] });
      const full = await order<{ stderr: string }>(lab.root, "three", "exec", {
        ...{ node: 4, command: ["node", "-e", 'fs.writeFileSync("/node/data/more", "text")'] },
      });
      expect(full.stderr).toContain("ENOSPC");

      expect(await lab.tell("scale", "three", "3")).toBe("3 nodes");
      expect(docker("ps", "-q").split("\n")).toHaveLength(3);
      expect(await lab.tell("down", "three")).toMatch(/^three: ended/);
      expect(leftAtEngine()).toBe("");
      expect(readdirSync(lab.root)).toEqual([]);
    },
    LONG,
  );

  test(
    "the laboratory's network runs in containers, one of them of another version and one under old rules until it is upgraded",
    async () => {
      const root = temporaryFolder();
      const out = join(temporaryFolder(), "run");
      const args = ["--on", "docker", "--root", root, "--out", out, "--datadirs"];
      const { code, stdout, stderr } = await runProgram(PROGRAM, "run", mixedScenarioFile(), ...args);
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toContain("ok   the checkers found nothing");
      expect(readdirSync(join(out, "datadirs", "node-1"))).toContain("blocks.log");
      expect(leftAtEngine()).toBe("");
      expect(readdirSync(root)).toEqual([]);
    },
    LONG,
  );

  fluxdTest(
    "FLUXD",
    "two of five containers hold a fluxd, which needs nothing of theirs: split, killed, and on one chain with ours in the end",
    async () => {
      const root = temporaryFolder();
      const out = join(temporaryFolder(), "run");
      const args = ["--on", "docker", "--root", root, "--out", out];
      const { code, stdout, stderr } = await runProgram(PROGRAM, "run", fluxdScenarioFile(5), ...args);
      expect(code, stdout + stderr).toBe(0);
      for (const node of [1, 3])
        expect(readFileSync(join(out, "logs", `node-${node}.log`), "utf8")).toMatch(/^UpdateTip: new best=/m);
      expect(leftAtEngine()).toBe("");
      expect(readdirSync(root)).toEqual([]);
    },
    LONG,
  );

  test(
    "cycles of up, fault, kill -9 of the controller and down --all leave nothing",
    async () => {
      const lab = new Lab();
      const file = scenarioFile({ nodes: 2, topology: { random: 1 } });
      const faults = [{ partition: [[0], [1]] }, { pause: [1] }, { kill: [0] }];
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        await lab.tell("up", file, "--on", "docker");
        await lab.fault("three", faults[cycle % faults.length]!);
        process.kill(lab.record("three").controllerPid, "SIGKILL");
        expect(await lab.tell("down", "--all")).toMatch(/^three: ended \(\d processes, 2 containers\)$/);
        expect(leftAtEngine()).toBe("");
        expect(readdirSync(lab.root)).toEqual([]);
      }
    },
    LONG * CYCLES,
  );

  test.each<[ContainerLimits, RegExp]>([
    [
      { image: "nobody/has:this" },
      /--image nobody\/has:this: the engine has no image of this name: docker pull/,
    ],
    [
      { memoryMb: 1 },
      /engine unix:.*: it cannot give that much or that little: change --memory-mb or --cpus/,
    ],
    [{ memoryMb: 16 }, /: out of memory \(its limit is 16 MB: raise --memory-mb\)/],
  ])("%j: what to change, and nothing is left", async (limits, message) => {
    await expect(startingOn(limits)).rejects.toThrow(message);
    expect(leftAtEngine()).toBe("");
  });
});

test("an engine that does not run is named, with what to do", async () => {
  const engine = process.env["DOCKER_HOST"];
  process.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
  try {
    await expect(startingOn({})).rejects.toThrow(
      /^no container engine answers at unix:\/\/\/nowhere\/docker\.sock \(ENOENT\): start it/,
    );
  } finally {
    if (engine === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = engine;
  }
});

/** A start that fails, by what a person has to change, and leaves no file. */
async function startingOn(limits: ContainerLimits): Promise<void> {
  const root = temporaryFolder();
  const scenario = loadTestnet(scenarioFile({ nodes: 1, topology: { random: 1 } }));
  const { signal } = new AbortController();
  try {
    await openTestnet(scenario, {
      root,
      name: "one",
      signal,
      say: () => {},
      on: { kind: "docker", ...limits },
    });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(readdirSync(root)).toEqual([]);
    throw error;
  }
}
