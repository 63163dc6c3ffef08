import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadTestnet } from "@fluxlab/testnet/fleet";
import { describe, expect, test } from "vitest";
import { runProgram, startProgram, temporaryFolder } from "../../support/program.ts";
import { isAlive, Lab, NETWORK, PROGRAM, processesOf, same, scenarioFile } from "../../support/testnetLab.ts";

// Real processes, from the command line, as users have them.

const LONG = 300_000;
const LONG_RUN = process.env["FLUX_LAB_LONG"] === "1";

/** Stands for a scenario that is fine. */
const scenarioFileText = "SCENARIO";

describe("a testnet", () => {
  test(
    "syncs, splits in two, heals and reorganises, loses a node and gets it back, and is gone at the end",
    async () => {
      const lab = new Lab();
      await lab.tell("up", scenarioFile());
      expect(await lab.tell("rpc", "three", "all", "getblockcount")).toBe("node 0: 0\nnode 1: 0\nnode 2: 0");
      await lab.mine("three", 0, 10);
      await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("10 "));

      await lab.fault("three", { partition: [[0], [1, 2]] });
      await lab.mine("three", 0, 1);
      await lab.mine("three", 2, 3);
      await lab.until("three", ([a, b, c]) => a!.startsWith("11 ") && b!.startsWith("13 ") && b === c);
      await lab.fault("three", { heal: "links" });
      await lab.until("three", (tips, { nodes }) => same(tips) && nodes[0]!.reorganised === 1);

      const [, victim] = lab.record("three").nodes;
      expect(await lab.tell("fault", "three", "{kill: [1]}")).toBe("kill [1]");
      expect(isAlive(victim!.pid!)).toBe(false);
      await lab.mine("three", 0, 2);
      await lab.fault("three", { start: [1] });
      await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("15 "));
      expect((await lab.status("three")).crashes).toEqual([]);

      const processes = processesOf(lab.record("three"));
      expect(processes.filter(isAlive)).toHaveLength(4);
      await lab.tell("down", "three");
      expect(processes.filter(isAlive)).toEqual([]);
      expect(readdirSync(lab.root)).toEqual([]);
    },
    LONG,
  );

  test(
    "a run ends in a verdict, a JUnit file and a folder, and leaves no process and no file of its own",
    async () => {
      const lab = new Lab();
      const out = join(temporaryFolder(), "run");
      const junit = join(temporaryFolder(), "junit.xml");
      const file = scenarioFile({
        blockInterval: "300 ms",
        blocksBefore: 2,
        hashRate: [1, 0, 0],
        run: "60 s",
        faults: [{ at: "500 ms", pause: [2], for: "1 s" }],
        // Node 2 is the last to hear of a block, and hears nothing while it stands still.
        expect: ["height >= 4 on all within 60 s", "height <= 11 on node 2 always"],
      });
      const { code, stdout } = await runProgram(
        ...[PROGRAM, "run", file, "--root", lab.root, "--out", out, "--junit", junit],
      );
      expect(code).toBe(1);
      expect(stdout).toMatch(/^ok {3}height >= 4 on all within 60 s \(met after [\d.]+ s\)$/m);
      expect(stdout).toMatch(
        /^FAIL height <= 11 on node 2 always \(failed after [\d.]+ s: height node 2: 1\d\)$/m,
      );
      expect(readFileSync(junit, "utf8")).toMatch(/<testsuite name="three" tests="3" failures="1"/);
      expect(readdirSync(out).sort()).toEqual([
        ...["junit.xml", "logs", "observations.jsonl", "outcome.json", "run.json", "testnet.json"],
      ]);
      const { ok, events } = JSON.parse(readFileSync(join(out, "outcome.json"), "utf8"));
      expect(ok).toBe(false);
      expect(events.map(({ text }: { text: string }) => text)).toEqual([
        "pause [2] for 1 s",
        "end of pause [2] for 1 s",
      ]);
      expect(readdirSync(lab.root)).toEqual([]);
    },
    LONG,
  );

  test(
    "several live side by side; nodes come and go; Ctrl-C while one starts leaves nothing",
    async () => {
      const lab = new Lab();
      const two = { nodes: 2, topology: { random: 1 } };
      const file = scenarioFile(two);
      await Promise.all([lab.tell("up", file, "--name", "a"), lab.tell("up", file, "--name", "b")]);
      await lab.mine("a", 0, 2);
      await lab.until("a", (tips) => same(tips) && tips[0]!.startsWith("2 "));
      expect((await lab.status("b")).nodes.map(({ height }) => height)).toEqual([0, 0]);
      expect(await lab.tell("up", file, "--name", "a")).toBe('testnet "a" runs already');
      await lab.tell("scale", "a", "3");
      await lab.until("a", (tips) => tips.length === 3 && same(tips));
      await lab.tell("scale", "a", "1");
      expect(lab.record("a").nodes).toHaveLength(1);

      // A node that never answers: the start lasts until it is interrupted.
      const binary = join(temporaryFolder(), "silent.mjs");
      writeFileSync(binary, "setInterval(() => {}, 1_000);");
      const slow = scenarioFile({ ...two, groups: [{ nodes: [1], binary }] });
      const starting = startProgram(PROGRAM, ["up", slow, "--name", "c", "--root", lab.root]);
      while (lab.record("c")?.nodes[0]?.pid === undefined)
        await new Promise((later) => setTimeout(later, 20));
      const processes = processesOf(lab.record("c"));
      starting.child.kill("SIGINT");
      expect((await starting.ended).code).toBe(130);
      await lab.tell("down", "c");
      expect(processes.filter(isAlive)).toEqual([]);
      expect(readdirSync(lab.root).sort()).toEqual(["a", "b"]);
    },
    LONG,
  );

  test(
    "cycles of up, fault, kill -9 of the controller and down --all leave nothing",
    async () => {
      const lab = new Lab();
      const faults = [{ partition: [[0], [1]] }, { pause: [1] }, { kill: [0] }, { stop: [1] }, { wipe: [0] }];
      const cycles = LONG_RUN ? 100 : faults.length;
      const file = scenarioFile({ nodes: 2, topology: { random: 1 }, blockInterval: "200 ms" });
      for (let cycle = 0; cycle < cycles; cycle++) {
        await lab.tell("up", file, "--name", `cycle-${cycle}`);
        await lab.fault(`cycle-${cycle}`, faults[cycle % faults.length]!);
        const processes = processesOf(lab.record(`cycle-${cycle}`));
        process.kill(lab.record(`cycle-${cycle}`).controllerPid, "SIGKILL");
        if (cycle === 0) {
          expect(await lab.tell("status")).toMatch(/^cycle-0 {2}half-dead/);
          const [code, message] = await lab.fails("status", "cycle-0");
          expect([code, message]).toEqual([
            2,
            expect.stringContaining('"down cycle-0" takes away what it left'),
          ]);
        }
        await lab.tell("down", "--all");
        expect(processes.filter(isAlive)).toEqual([]);
        expect(readdirSync(lab.root)).toEqual([]);
      }
    },
    LONG_RUN ? 6_000_000 : 600_000,
  );

  test(
    "a node that does not come up is named with its last words, and nothing is left",
    async () => {
      const lab = new Lab();
      const network = join(temporaryFolder(), "broken.json");
      writeFileSync(network, '{"name": "broken", "defaultPort": "many"}');
      const [code, message] = await lab.fails("up", scenarioFile({ network }));
      expect(message).toMatch(/^node [012] did not start: exit code 2\. It said last \(.*node\.log\):$/m);
      expect(message).toContain("defaultPort: expected");
      expect(code).toBe(2);
      expect(readdirSync(lab.root)).toEqual([]);
    },
    LONG,
  );

  test(
    "a node that dies is in the verdict",
    async () => {
      const lab = new Lab();
      const file = scenarioFile({ expect: ["running = 3 always"] });
      const run = startProgram(PROGRAM, [
        ...["run", file, "--root", lab.root, "--out", join(temporaryFolder(), "run")],
      ]);
      while (lab.record("three")?.phase !== "ready") await new Promise((later) => setTimeout(later, 20));
      process.kill(lab.record("three").nodes[1]!.pid!, "SIGKILL");
      const { code, stdout } = await run.ended;
      expect(stdout).toContain("FAIL node 1 ended by itself: signal SIGKILL. It said last");
      expect(code).toBe(1);
    },
    LONG,
  );

  test.each([
    [{ nodes: 0 }, /scenario\.yaml: 1 problem\n {2}1:\d+ {2}nodes: expected a number of nodes/],
    [{ faults: [{ at: "1 s", kill: [3] }] }, /faults\[0\]\.kill\[0\]: expected a node from 0 to 2, got 3/],
    [{ faults: [{ at: "1 s" }] }, /faults\[0\]: expected exactly one kind of fault: partition, cut/],
    [{ expect: ["all is well"] }, /expect\[0\]: expected a sentence such as "height >= 20/],
    [{ run: "3 fortnights" }, /run: expected a time such as "250 ms"/],
    [{ network: "nowhere.json" }, /network: there is no file .*nowhere\.json/],
    [{ topology: { links: [[1, 1]] } }, /topology\.links\[0\]: expected two different nodes/],
    [{ hashRate: [1] }, /hashRate: expected one number for each of 3 nodes/],
    [
      { groups: [{ nodes: [3], binary: NETWORK }] },
      /groups\[0\]\.nodes\[0\]: expected a node from 0 to 2, got 3/,
    ],
    [{ groups: [{ nodes: [0], binary: "old.ts" }] }, /groups\[0\]\.binary: there is no file .*old\.ts/],
    [{ weather: "rain" }, /weather: expected no key of this name; known here: name, title/],
  ])("%j: the line and what to change", (fields, message) => {
    expect(() => loadTestnet(scenarioFile(fields))).toThrow(message);
  });

  test.each([
    [["status", "nowhere"], /there is no testnet "nowhere": "status" lists those there are/],
    [["down"], /down: name a testnet, or say --all/],
    [["plan", scenarioFileText, "--nodes", "none"], /expected a whole number from 1, got "none"/],
    [["plan", "nowhere.yaml"], /nowhere\.yaml: there is no such file/],
    [["up", scenarioFileText, "--root", "/dev/null/x"], /\/dev\/null\/x.*(ENOTDIR|cannot)/],
  ])("%j: exit code 2", async (args, message) => {
    const written = args.map((arg) => (arg === scenarioFileText ? scenarioFile() : arg));
    const { code, stderr } = await runProgram(PROGRAM, ...written);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  test("a plan says what would be started, and starts nothing", async () => {
    const lab = new Lab();
    const said = await lab.tell("plan", scenarioFile({ expect: ["tips = 1 at the end"] }));
    expect(said).toContain("3 nodes");
    expect(said).toContain("2 links, each through a proxy");
    expect(said).toContain("expects tips = 1 at the end");
    expect(existsSync(join(lab.root, "three"))).toBe(false);
  });
});
