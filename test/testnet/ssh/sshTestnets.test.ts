import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRecord } from "@fluxlab/testnet/fleet";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Hosts, startHosts, type TestHost, withHosts } from "../../support/machines.ts";
import { fluxdTest } from "../../support/mixedNet.ts";
import { type Ended, startProgram, temporaryFolder } from "../../support/program.ts";
import { fluxdScenarioFile, mixedScenarioFile, PROGRAM, scenarioFile } from "../../support/testnetLab.ts";

// Real hosts with sshd, each with a network of its own, from the command line.

const LONG = 300_000;
const CYCLES = process.env["FLUX_LAB_LONG"] === "1" ? 100 : 3;

withHosts("testnets on hosts", () => {
  let net: Hosts;

  beforeAll(async () => {
    net = await startHosts(3);
  });
  afterAll(() => net.end());

  /** Runs the command line where it reaches the hosts. */
  const run = (...args: string[]): Promise<Ended> => startProgram(PROGRAM, args, "", net.from).ended;

  /** An inventory of the first hosts, each as it is but for `changes`; what testnets leave there lies below `dirs`. */
  function inventory(count: number, changes: (i: number) => object = () => ({})) {
    const folder = temporaryFolder();
    const known = join(folder, "known");
    writeFileSync(known, `${net.hosts[1]!.knownAs}\n`);
    execFileSync("ssh-keygen", ["-q", "-H", "-f", known], { stdio: "ignore" }); // as Debian keeps them
    const hosts = net.hosts.slice(0, count).map(({ address, hostKey }, i) => ({
      ...{ name: `h${i}`, host: address, dir: join(folder, `there${i}`) },
      ...(i === 1 ? {} : { hostKey }),
      ...changes(i),
    }));
    const defaults = { key: net.key, user: "root", node: process.execPath, knownHosts: known };
    const file = join(folder, "hosts.yaml");
    writeFileSync(file, JSON.stringify({ defaults, hosts }));
    return { file, dirs: hosts.map(({ dir }) => dir) };
  }

  /** What testnets left on the hosts: folders, rules, shapers. */
  const leftovers = (dirs: readonly string[]) => [
    ...dirs.flatMap((dir) => (existsSync(join(dir, "testnets")) ? readdirSync(join(dir, "testnets")) : [])),
    ...net.hosts.map((host) => host.run("nft", "list", "ruleset")).filter((rules) => rules !== ""),
    ...net.hosts
      .map((host) => host.run("tc", "class", "show", "dev", "eth0"))
      .filter((shown) => shown !== ""),
    ...execFileSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" })
      .split("\n")
      .filter((command) => dirs.some((dir) => command.includes(dir))),
  ];

  test(
    "three hosts, one behind another, are split in two by their kernels, lose packets, lose a node, and agree in the end",
    async () => {
      const root = temporaryFolder();
      const out = join(temporaryFolder(), "run");
      const { file, dirs } = inventory(3, (i) => [{ node: "upload" }, {}, { jump: "h0" }][i]!);
      const scenario = scenarioFile({
        ...{ blockInterval: "400 ms", hashRate: [1, 1, 0], run: "60 s" },
        faults: [
          { at: "500 ms", partition: [[0]], for: "6 s" },
          { at: "7 s", packets: { lossPerMillion: 50_000, bytesPerSecond: 500_000 }, for: "2 s" },
          { at: "9 s", kill: [1], for: "1 s" },
          { at: "11 s", clock: { nodes: [2], offset: "-90 s" } },
          // One goes on, so that two last blocks of equal work do not stand against each other for ever.
          { at: "12 s", hashRate: { nodes: [1], weight: 0 } },
        ],
        expect: ["tips >= 2 at 4 s", "tips = 1 from 13 s within 40 s", "reorganised >= 1 on any within 50 s"],
      });
      const args = ["run", scenario, "--on", "ssh", "--inventory", file, "--root", root, "--out", out];
      const [first, second] = net.hosts as readonly [TestHost, TestHost];
      const [rules, shapes] = [first.follow("nft", "monitor"), first.follow("tc", "monitor")];
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok {3}/) });
      expect(rules()).toMatch(new RegExp(`^add rule .* ip saddr ${second.address} drop$`, "m"));
      expect(shapes()).toMatch(/^class htb .* dev eth0 .* rate 4Mbit /m);
      expect(readdirSync(join(out, "logs"))).toEqual(["node-0.log", "node-1.log", "node-2.log"]);
      expect(readFileSync(join(out, "logs", "node-2.log"), "utf8")).toContain('"msg":"tip"');
      expect(readdirSync(root)).toEqual([]);
      expect(leftovers(dirs)).toEqual([]);
    },
    LONG,
  );

  test(
    "the laboratory's network runs on hosts, one of another version and one under old rules until it is upgraded",
    async () => {
      const root = temporaryFolder();
      const { file, dirs } = inventory(3);
      const args = ["--on", "ssh", "--inventory", file, "--root", root];
      const out = join(temporaryFolder(), "run");
      const { code, stdout, stderr } = await run(
        "run",
        mixedScenarioFile(),
        ...args,
        "--out",
        out,
        "--datadirs",
      );
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toContain("ok   the checkers found nothing");
      expect(readdirSync(join(out, "datadirs", "node-1"))).toContain("blocks.log");
      expect(leftovers(dirs)).toEqual([]);
      expect(readdirSync(root)).toEqual([]);
    },
    LONG,
  );

  fluxdTest(
    "FLUXD",
    "one of three hosts runs a fluxd, which needs nothing of the host's: split, killed, and on one chain with ours in the end",
    async () => {
      const root = temporaryFolder();
      const out = join(temporaryFolder(), "run");
      const { file, dirs } = inventory(3);
      const args = ["--on", "ssh", "--inventory", file, "--root", root, "--out", out];
      const { code, stdout, stderr } = await run("run", fluxdScenarioFile(3), ...args);
      expect(code, stdout + stderr).toBe(0);
      expect(readFileSync(join(out, "logs", "node-1.log"), "utf8")).toMatch(/^UpdateTip: new best=/m);
      expect(leftovers(dirs)).toEqual([]);
      expect(readdirSync(root)).toEqual([]);
    },
    LONG,
  );

  test(
    "cycles of up, fault, kill -9 of the controller and down --all leave nothing",
    async () => {
      const root = temporaryFolder();
      onTestFinished(async () => void (await run("down", "--all", "--root", root)));
      const { file, dirs } = inventory(2);
      const faults = [{ partition: [[0]] }, { pause: [1] }, { packets: { bytesPerSecond: 100_000 } }];
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const fault = faults[cycle % faults.length];
        const scenario = scenarioFile({ nodes: 2, topology: { random: 1 }, faults: [fault] });
        const up = await run("up", scenario, "--on", "ssh", "--inventory", file, "--root", root);
        expect(up).toMatchObject({ code: 0, stderr: "" });
        process.kill(readRecord(root, "three")!.controllerPid, "SIGKILL");
        const down = await run("down", "--all", "--root", root);
        expect(down).toMatchObject({ code: 0, stdout: "three: ended (2 processes)\n", stderr: "" });
        expect(leftovers(dirs)).toEqual([]);
        expect(readdirSync(root)).toEqual([]);
      }
    },
    LONG * CYCLES,
  );

  test(
    "a host that refuses, hides, shows another key or cannot do what is asked is named, with what to change",
    async () => {
      const stranger = join(temporaryFolder(), "stranger");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger]);
      const otherKey = net.hosts[1]!.hostKey;
      const two = { nodes: 2, topology: { random: 1 } };
      const netem = scenarioFile({ ...two, faults: [{ packets: { latency: "20 ms" } }], run: "2 s" });
      const cases: readonly [object, RegExp, string?][] = [
        [
          { key: stranger },
          /host h0 \(root@10\.77\.0\.11:22\): it refuses \S+stranger: have the public key in/,
        ],
        [{ key: "/nowhere" }, /host h0: key \/nowhere: cannot be read \(ENOENT\)/],
        [{ port: 23 }, /host h0 \(root@10\.77\.0\.11:23\): nobody listens there: is sshd running/],
        [{ hostKey: otherKey }, /host h0 \(\S+\): it shows the key SHA256:\S+, not SHA256:/],
        [
          { hostKey: undefined, knownHosts: "/nowhere" },
          /host h0 \(\S+\): its key SHA256:\S+ is not known: compare it/,
        ],
        [{ node: "/nowhere/node" }, /host h0: \/nowhere\/node --version failed/],
        [{}, /host h\d: packets: the kernel here has no netem.*say links/, netem],
      ];
      await Promise.all(
        cases.map(async ([change, message, scenario = scenarioFile(two)]) => {
          if (scenario === netem && kernelHasNetem(net.hosts[0]!)) return;
          const root = temporaryFolder();
          const { file } = inventory(scenario === netem ? 2 : 1, () => change);
          const out = join(temporaryFolder(), "run");
          const args = ["--on", "ssh", "--inventory", file, "--root", root, "--out", out];
          const { code, stderr } = await run("run", scenario, ...args);
          expect(stderr).toMatch(message);
          expect(stderr).not.toMatch(/^\s+at /m);
          expect(code).toBe(2);
          expect(readdirSync(root)).toEqual([]);
        }),
      );
    },
    LONG,
  );
});

function kernelHasNetem(host: TestHost): boolean {
  try {
    host.run("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms");
    host.run("tc", "qdisc", "del", "dev", "lo", "root");
    return true;
  } catch {
    return false;
  }
}
