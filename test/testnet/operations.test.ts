import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mainnet, rulesId } from "@fluxlab/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Subscriber } from "zeromq";
import { type Running, runProgram, startProgram } from "../support/program.ts";
import { vectorPath } from "../support/vectors.ts";
import { vectorTest } from "../support/vectorTest.ts";

// A node as its operator meets it: a file of settings, figures, messages, files of blocks.

const PROGRAM = "testnet/bin/flux-node.ts";
const PASSWORD = "a password that is in no log";

function newFolder(conf = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-ops-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, "flux.conf"),
    `regtest=1\nlisten=0\nconnect=127.0.0.1:1\nrpcuser=me\nrpcpassword=${PASSWORD}\n${conf}`,
  );
  return folder;
}

interface Node extends Running {
  readonly ask: <T>(method: string, ...params: readonly unknown[]) => Promise<T>;
}

async function started(folder: string, ...args: readonly string[]): Promise<Node> {
  const node = startProgram(PROGRAM, [`-datadir=${folder}`, "-rpcport=0", ...args]);
  onTestFinished(() => void node.child.kill());
  const port = Number(/"port":(\d+),"cookie":false/.exec(await node.says(/"msg":"rpc"/))![1]);
  const authorization = `Basic ${Buffer.from(`me:${PASSWORD}`).toString("base64")}`;
  const ask = async <T>(method: string, ...params: readonly unknown[]): Promise<T> => {
    const body = JSON.stringify({ id: 1, method, params });
    const reply = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      headers: { authorization },
      body,
    });
    const { result, error } = (await reply.json()) as { result: T; error: { message: string } | null };
    if (error !== null) throw new Error(error.message);
    return result;
  };
  return { ...node, ask };
}

async function stopped({ ask, ended }: Node): Promise<string> {
  await ask("stop");
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("an operator", () => {
  test("has settings in flux.conf, hears of unknown ones by their line, and finds no secret in the log", async () => {
    const folder = newFolder("frobnicate=1\n");
    const node = await started(folder, "-debug", "--log-level", "debug");
    expect((await node.ask<{ chain: string }>("getblockchaininfo")).chain).toBe("regtest");
    const said = await stopped(node);
    expect(said).toContain(`${folder}/flux.conf:6: unknown option frobnicate is ignored`);
    expect(said).not.toContain(PASSWORD);
    expect(said).not.toContain(Buffer.from(`me:${PASSWORD}`).toString("base64"));
  });

  test("is told of blocks, transactions and reorganisations over ZeroMQ, counted from 0", async () => {
    const address = `ipc://${newFolder()}/zmq`;
    const topics = ["hashblock", "hashtx", "rawblock", "rawtx", "hashblockheight", "chainreorg"];
    const node = await started(newFolder(), ...topics.map((topic) => `-zmqpub${topic}=${address}`));
    const subscriber = new Subscriber({ receiveTimeout: 20_000 });
    onTestFinished(() => subscriber.close());
    subscriber.connect(address);
    subscriber.subscribe();
    const heard: [topic: string, body: string, sequence: number][] = [];
    const listen = async (): Promise<void> => {
      const [topic, body, count] = await subscriber.receive();
      heard.push([topic!.toString(), body!.toString("hex"), count!.readUInt32LE()]);
    };
    // A subscription takes a moment: blocks until the first is heard of.
    const first = listen();
    let isHeard = false;
    void first.then(() => {
      isHeard = true;
    });
    while (!isHeard) {
      await node.ask("generate", 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const hearUntil = async (topic: string, body: string): Promise<number> => {
      while (!heard.some((each) => each[0] === topic && each[1] === body)) await listen();
      return heard.find((each) => each[0] === topic && each[1] === body)![2];
    };
    const [a, b] = await node.ask<string[]>("generate", 2);
    const height = await node.ask<number>("getblockcount");
    const before = await hearUntil("hashblock", a!);
    expect(await hearUntil("hashblock", b!)).toBe(before + 1);
    const inHex = (n: number): string => Buffer.from(Uint32Array.of(n).buffer).toString("hex");
    await hearUntil("hashblockheight", b! + inHex(height));
    await hearUntil("rawblock", await node.ask<string>("getblock", b!, 0));
    const { tx } = await node.ask<{ tx: string[] }>("getblock", b!);
    await hearUntil("hashtx", tx[0]!);
    await hearUntil("rawtx", await node.ask<string>("getrawtransaction", tx[0]!));
    const fork = await node.ask<string>("getblockhash", height - 2);
    await node.ask("invalidateblock", a!);
    const reorg = b! + inHex(height) + fork + inHex(height - 2) + fork + inHex(height - 2);
    expect(await hearUntil("chainreorg", reorg)).toBe(0);
    await stopped(node);
  });

  test("measures a node, and learns from /health whether it is of use", async () => {
    const node = await started(newFolder(), "--metrics", "127.0.0.1:0", "--max-tip-age", "1000");
    const port = Number(/"port":(\d+),"msg":"metrics"/.exec(await node.says(/"msg":"metrics"/))![1]);
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const stale = await get("/health");
    expect(stale.status).toBe(503);
    expect(((await stale.json()) as { reasons: string[] }).reasons.join()).toMatch(/the tip is \d+ s old/);
    await node.ask("generate", 12);
    await vi.waitFor(async () => expect((await get("/health")).status).toBe(200), { timeout: 60_000 });
    const text = await (await get("/metrics")).text();
    expect(text).toContain('fluxlab_height{network="regtest"} 12');
    expect(text).toContain('fluxlab_blocks_connected_total{network="regtest"} 12');
    expect(text).toMatch(/fluxlab_process_resident_memory_bytes\{[^}]*\} \d+/);
    expect((await get("/")).status).toBe(404);
    await node.ask("setmocktime", Math.floor(Date.now() / 1_000) + 5_000);
    expect((await get("/health")).status).toBe(503);
    await stopped(node);
  });

  test("takes blocks out to a bootstrap.dat and into another node, in whatever order they stand", async () => {
    const folder = newFolder();
    const node = await started(folder);
    await node.ask("generate", 20);
    const tip = await node.ask<string>("getbestblockhash");
    await stopped(node);
    const file = join(folder, "bootstrap.dat");
    const saving = ["--no-rpc", "--save-blocks", file];
    expect(await runProgram(PROGRAM, `-datadir=${folder}`, ...saving)).toMatchObject({ code: 0, stderr: "" });
    expect(await runProgram(PROGRAM, `-datadir=${folder}`, ...saving)).toMatchObject({ code: 2 });
    const bytes = readFileSync(file);
    const records: Buffer[] = [];
    for (let at = 0; at < bytes.length; at = at + 8 + bytes.readUInt32LE(at + 4))
      records.push(bytes.subarray(at, at + 8 + bytes.readUInt32LE(at + 4)));
    expect(records).toHaveLength(21);
    const jumbled = join(folder, "jumbled.dat");
    const noise = Buffer.concat([bytes.subarray(0, 4), Buffer.from("ffffff7f", "hex"), Buffer.alloc(100, 7)]);
    writeFileSync(jumbled, Buffer.concat([...records.reverse().flatMap((record) => [noise, record])]));
    for (const source of [file, jumbled]) {
      const other = await started(newFolder(), `-loadblock=${source}`);
      expect(await other.ask("getbestblockhash")).toBe(tip);
      expect(await stopped(other)).toMatch(/"blocks":21,"taken":20,"orphans":0/);
    }
  });

  vectorTest("mines with -gen, and keeps bans over a restart", async () => {
    const folder = newFolder();
    const network = ["--network", vectorPath("labnet/params.json")];
    const node = await started(folder, ...network, "-gen", "-genproclimit=1");
    await node.says(/"outcome":"active","msg":"mined a block"/);
    await node.ask("setban", "192.0.2.7", "add", 5_000);
    await node.ask("setban", "10.0.0.0/8", "add", 5_000);
    await stopped(node);
    const again = await started(folder, ...network);
    expect(await again.ask("getblockcount")).toBeGreaterThan(0);
    expect(await again.ask("listbanned")).toMatchObject([
      { address: "10.0.0.0/255.0.0.0" },
      { address: "192.0.2.7/255.255.255.255" },
    ]);
    await stopped(again);
  });

  test("asks for the version and gets the digests of the rules", async () => {
    const { code, stdout } = await runProgram(PROGRAM, "--version");
    expect(code).toBe(0);
    expect(stdout).toContain(`rules of main: ${rulesId(mainnet)}`);
  });

  test.each([
    [["-conf=/nowhere/flux.conf"], "-conf=/nowhere/flux.conf: cannot be read (ENOENT)"],
    [["-testnet", "-prune=5"], "--prune 5: expected at least 550 MiB on this network"],
    [["-regtest", "-mineraddress=me"], "--miner-address me: expected an address of regtest"],
  ])("%j: exit code 2 and what to change", async (args, message) => {
    const folder = mkdtempSync(join(tmpdir(), "flux-lab-ops-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { code, stderr } = await runProgram(
      PROGRAM,
      "--datadir",
      folder,
      "--no-listen",
      "--rpc",
      "127.0.0.1:0",
      ...args,
    );
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
});
