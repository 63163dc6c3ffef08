import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram, temporaryFolder } from "../../support/program.ts";
import { Lab, NETWORK, PROGRAM, same, scenarioFile } from "../../support/testnetLab.ts";

// Disks that are full or slow, and copies of what is on them, on nodes that share this machine's.

const LONG = 300_000;

/** Blocks after the first of the best chain in a data folder, as a node finds them. */
async function blocksIn(datadir: string): Promise<number> {
  const saved = join(temporaryFolder(), "blocks.dat");
  const args = [
    "--network",
    NETWORK,
    "--datadir",
    datadir,
    "--no-listen",
    "--no-rpc",
    "--save-blocks",
    saved,
  ];
  const { code, stdout, stderr } = await runProgram("testnet/bin/flux-node.ts", ...args);
  expect(code, stdout + stderr).toBe(0);
  return Number(/"blocks":(\d+),"msg":"saved blocks"/.exec(stdout)![1]) - 1;
}

test(
  "a node whose disk is slow takes its time; one whose disk is full ends, which is no crash, and its data can be copied",
  async () => {
    const lab = new Lab();
    await lab.tell("up", scenarioFile({ nodes: 2, topology: { random: 1 } }));
    await lab.mine("three", 0, 3);
    await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("3 "));

    await lab.fault("three", { slowDisk: { nodes: [0], latency: "200 ms" } });
    const beganAt = performance.now();
    await lab.mine("three", 0, 1);
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(400); // it writes the block, and waits for the disk
    await lab.fault("three", { slowDisk: { nodes: [0], latency: "0 ms" } });
    await lab.until("three", (tips) => same(tips) && tips[0]!.startsWith("4 "));
    // A node tells its tip before it writes the block, and answers after.
    expect(await lab.rpc("three", 1, "getblockcount")).toBe(4);

    await lab.fault("three", { fullDisk: [1] });
    await lab.mine("three", 0, 1);
    await lab.until("three", (_, { nodes }) => nodes[1]!.state === "down");
    expect((await lab.status("three")).crashes).toEqual([]);
    const copy = join(temporaryFolder(), "copy");
    await lab.tell("collect", "three", copy, "--datadirs");
    await lab.tell("down", "three");
    // What was copied are data folders: of one that ran, and of one that had no room for its last block.
    expect(await blocksIn(join(copy, "datadirs", "node-0"))).toBe(5);
    expect(await blocksIn(join(copy, "datadirs", "node-1"))).toBe(4);
  },
  LONG,
);

test(
  "a scenario with a full disk is one that can be met",
  async () => {
    const root = temporaryFolder();
    const out = join(temporaryFolder(), "run");
    const file = scenarioFile({
      ...{ nodes: 2, topology: { random: 1 }, blockInterval: "300 ms", hashRate: [1, 0], run: "40 s" },
      faults: [{ at: "1 s", fullDisk: [1], for: "4 s" }],
      // Not at a moment: it ends with the next block, and is back soon after the end of the fault.
      expect: [
        "running = 1 from 1 s within 4 s",
        "height >= 20 on all within 40 s",
        "running = 2 from 6 s within 30 s",
      ],
    });
    const { code, stdout, stderr } = await runProgram(PROGRAM, "run", file, "--root", root, "--out", out);
    expect(code, stdout + stderr).toBe(0);
    const log = readFileSync(join(out, "logs", "node-1.log"), "utf8");
    expect(log).toContain("ENOSPC");
    expect(log.match(/"started"/g)).toHaveLength(2);
  },
  LONG,
);
