import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { genesisBlock, ParseError, parseWhole, readBlock, regtest, toDisplayHex } from "@fluxlab/core";
import { LiveNode } from "@fluxlab/testnet/host";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Running, runProgram, startProgram } from "../support/program.ts";
import { readJson, readJsonLines, vectorPath } from "../support/vectors.ts";
import { vectorTest } from "../support/vectorTest.ts";

const PROGRAM = "testnet/bin/flux-node.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-program-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with the first recorded blocks, and what the last of them is. */
async function folderWithBlocks(count: number): Promise<{ folder: string; hash: string; time: number }> {
  const folder = newFolder();
  const live = await LiveNode.start({
    params: regtest,
    genesis: genesisBlock(regtest)!,
    dataFolder: folder,
    listen: undefined,
    dial: { added: [], only: [] },
    askSeeds: false,
    maxConnections: 0,
    whitelisted: () => false,
    log: { info() {}, debug() {}, warn() {} },
  });
  const lines = readJsonLines<{ hex: string; hash: string; time: number }>("labnet/regtest-chain.jsonl");
  for (const { hex } of lines.slice(1, count + 1)) {
    const block = parseWhole(Uint8Array.from(Buffer.from(hex, "hex")), readBlock);
    if (block instanceof ParseError) throw new Error(String(block));
    live.submitBlock(block);
  }
  expect(toDisplayHex(live.node.chain.tipHash)).toBe(lines[count]!.hash);
  await live.close();
  return { folder, hash: lines[count]!.hash, time: lines[count]!.time };
}

const listeningOf = (output: string): string => /"listening":"([^"]+)"/.exec(output)![1]!;

async function endedInOrder({ child, ended }: Running): Promise<string> {
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("npm run node", () => {
  vectorTest(
    "two processes sync from genesis, end in order at Ctrl-C, and go on where they were",
    async () => {
      const { folder, hash, time } = await folderWithBlocks(60);
      const common = ["--network", "regtest", "--mock-time", String(time)];
      const a = startProgram(PROGRAM, [
        ...common,
        "--datadir",
        folder,
        "--listen",
        "127.0.0.1:0",
        "--connect",
        "127.0.0.1:1",
      ]);
      const address = listeningOf(await a.says(/"started"/));
      const other = newFolder();
      const b = startProgram(PROGRAM, [...common, "--datadir", other, "--no-listen", "--connect", address]);
      await b.says(new RegExp(`"hash":"${hash}"`));
      const said = await endedInOrder(b);
      expect(JSON.parse(said.trim().split("\n").at(-1)!)).toMatchObject({
        msg: "ended",
        height: 60,
        tip: hash,
      });
      await endedInOrder(a);
      const again = startProgram(PROGRAM, [
        ...common,
        "--datadir",
        other,
        "--no-listen",
        "--connect",
        "127.0.0.1:1",
      ]);
      expect(await again.says(/"ready"/)).toContain(`"tip":"${hash}"`);
      await endedInOrder(again);
    },
    120_000,
  );

  test("shows examples", async () => {
    const { code, stdout } = await runProgram(PROGRAM, "--help");
    expect(code).toBe(0);
    expect(stdout).toContain("npm run node -- --network regtest --datadir runs/a --listen 127.0.0.1:26126");
  });

  test.each([
    [
      ["--network", "nowhere"],
      "--network nowhere: is none of main, test, regtest, and there is no such file",
    ],
    [["--max-connections", "many"], '--max-connections: expected a whole number, got "many"'],
    [["--whitelist", "me"], "--whitelist me: expected an IP address"],
    [["--connect", "127.0.0.1:99999"], "--connect 127.0.0.1:99999: expected a port up to 65535, got 99999"],
    [["--datadir", "/dev/null/x"], "--datadir /dev/null/x: cannot be made"],
    [["--listen", "192.0.2.1:5"], "--listen 192.0.2.1:5: listen E"],
  ])("%j: exit code 2 and what to change", async (args, message) => {
    const folder = newFolder();
    const { code, stderr } = await runProgram(
      PROGRAM,
      "--datadir",
      folder,
      "--listen",
      "127.0.0.1:0",
      ...args,
    );
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  vectorTest("a network file whose genesis block lacks its solution, or has another's", async () => {
    const network = readJson<{ genesis: Record<string, unknown> }>("labnet/params.json");
    const file = join(newFolder(), "net.json");
    const { solution: _, hex: _whole, ...unsolved } = network.genesis;
    for (const genesis of [unsolved, { ...unsolved, solution: "11".repeat(36) }]) {
      writeFileSync(file, JSON.stringify({ ...network, genesis }));
      const { code, stderr } = await runProgram(PROGRAM, "--network", file, "--datadir", newFolder());
      expect(stderr).toContain(`${file}: genesis.hex or genesis.solution: expected the block 00f6b1f8`);
      expect(code).toBe(2);
    }
  });

  vectorTest("a network from a file", async () => {
    const node = startProgram(PROGRAM, [
      ...["--network", vectorPath("labnet/params.json"), "--datadir", newFolder(), "--listen", "127.0.0.1:0"],
    ]);
    expect(await node.says(/"started"/)).toContain('"network":"lab');
    await endedInOrder(node);
  });

  vectorTest(
    "on a full disk ends with one line that says what to do, and goes on when there is room",
    async () => {
      const { folder } = await folderWithBlocks(60);
      const bootstrap = join(newFolder(), "bootstrap.dat");
      const offline = ["--network", "regtest", "--no-listen", "--no-rpc", "--connect", "127.0.0.1:1"];
      await runProgram(PROGRAM, ...offline, "--datadir", folder, "--save-blocks", bootstrap);
      const small = newFolder();
      const args = [...offline, "--datadir", small, "--load-blocks", bootstrap];
      // No file may grow beyond that: to the node it is as if the disk were full.
      const full = await startProgram(PROGRAM, args, "", ["prlimit", "--fsize=12000"]).ended;
      expect(full.code).toBe(2);
      expect(full.stderr.trim().split("\n")).toHaveLength(1);
      expect(full.stderr).toContain(`--datadir ${small}: cannot be written to: EFBIG`);
      expect(full.stderr).toContain("make room or mend the disk and start again");
      const again = startProgram(PROGRAM, args);
      const [, height] = /"height":(\d+)[^\n]*"ready"/.exec(await again.says(/"loaded blocks"/))!;
      expect(Number(height)).toBeGreaterThan(5);
      expect(Number(height)).toBeLessThan(60);
      expect(await endedInOrder(again)).toMatch(/"height":60[^\n]*"ended"/);
    },
    120_000,
  );
});
