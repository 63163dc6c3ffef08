import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Block,
  blockBytes,
  displayHash,
  equihashInput,
  genesisBlock,
  knownTxid,
  merkleTree,
  nextNonce,
  type Params,
  ParseError,
  type PowHeader,
  parseWhole,
  plainSolver,
  puzzleParams,
  readTransaction,
  regtest,
  solvedBlock,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import { LiveNode, type LiveNodeOptions } from "@fluxlab/testnet/host";
import { cookiePath, LiveRpc } from "@fluxlab/testnet/rpc";
import { afterEach, expect, test, vi } from "vitest";
import { genesisOf, labParams } from "../../support/miningLab.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-rpc-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A node with sockets and disk, and somebody to ask it with the cookie it wrote. */
async function running(dataFolder: string, params: Params = regtest, tuning: Partial<LiveNodeOptions> = {}) {
  const live = await LiveNode.start({
    params,
    genesis: genesisBlock(regtest)!,
    dataFolder,
    listen: { host: "127.0.0.1", port: 0 },
    dial: { added: [], only: [] },
    askSeeds: false,
    maxConnections: 125,
    whitelisted: () => false,
    log: { info() {}, debug() {}, warn() {} },
    ...tuning,
  });
  let stops = 0;
  const rpc = await LiveRpc.start(live, {
    dataFolder,
    host: "127.0.0.1",
    port: 0,
    credentials: undefined,
    allowed: () => false,
    rest: true,
    keyPoolTarget: 2,
    stop: () => stops++,
    report: (error) => {
      throw error;
    },
    mining: { generate: false, threads: 1, payTo: undefined, log() {} },
  });
  const close = async (): Promise<void> => {
    await rpc.close();
    await live.close();
  };
  const cookie = Buffer.from(readFileSync(cookiePath(dataFolder), "utf8")).toString("base64");
  const url = `http://127.0.0.1:${rpc.port}`;
  const ask = async <T>(method: string, ...params: readonly unknown[]): Promise<T> => {
    const headers = { authorization: `Basic ${cookie}` };
    const reply = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify({ id: 1, method, params }),
    });
    const { result, error } = (await reply.json()) as { result: T; error: { message: string } | null };
    if (error !== null) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  return { ask, close, url, live, stopped: () => stops };
}

test("blocks made over RPC reach a peer added over RPC, and outlive the process", async () => {
  const folder = newFolder();
  const [a, b] = [await running(folder), await running(newFolder())];
  cleanups.push(b.close);
  const address = await a.ask<string>("getnewaddress");
  const hashes = await a.ask<string[]>("generate", 5);
  expect(await a.ask("getblockcount")).toBe(5);
  await b.ask("addnode", `127.0.0.1:${a.live.listening!.port}`, "add");
  await vi.waitFor(async () => expect(await b.ask("getblockcount")).toBe(5), { timeout: 60_000 });
  expect(await b.ask("getbestblockhash")).toBe(hashes[4]);
  const [peer] = await b.ask<Record<string, unknown>[]>("getpeerinfo");
  expect(peer).toMatchObject({
    addr: `127.0.0.1:${a.live.listening!.port}`,
    inbound: false,
    version: 170_021,
  });
  const { totalbytesrecv } = await b.ask<{ totalbytesrecv: number }>("getnettotals");
  expect(totalbytesrecv).toBeGreaterThan(1_000);

  await a.ask("invalidateblock", hashes[3]);
  expect(await a.ask("getblockcount")).toBe(3);
  await a.ask("reconsiderblock", hashes[3]);
  expect(await a.ask("getbestblockhash")).toBe(hashes[4]);
  const chain = await (await fetch(`${a.url}/rest/chaininfo.json`)).json();
  expect(chain).toMatchObject({ blocks: 5, bestblockhash: hashes[4] });

  expect(await a.ask("stop")).toBe("Flux server stopping");
  await vi.waitFor(() => expect(a.stopped()).toBe(1), { timeout: 60_000 });
  await a.close();
  expect(existsSync(cookiePath(folder))).toBe(false);

  const again = await running(folder);
  cleanups.push(again.close);
  expect(await again.ask("getbestblockhash")).toBe(hashes[4]);
  expect(await again.ask("validateaddress", address)).toMatchObject({ ismine: true });
});

test("bans are set, listed and lifted", async () => {
  const node = await running(newFolder());
  cleanups.push(node.close);
  await node.ask("setban", "203.0.113.9", "add", 60);
  await expect(node.ask("setban", "203.0.113.9", "add")).rejects.toThrow("already banned");
  expect(await node.ask("listbanned")).toMatchObject([{ address: "203.0.113.9/255.255.255.255" }]);
  await node.ask("setban", "203.0.113.9", "remove");
  expect(await node.ask("listbanned")).toEqual([]);
  await node.ask("setmocktime", 1_000);
  await node.ask("setban", "203.0.113.9/24", "add");
  await node.ask("setban", "2a01:4f8::/32", "add", 2_000, true);
  await expect(node.ask("setban", "203.0.113.0/255.255.255.0", "add")).rejects.toThrow(
    "IP/Subnet already banned",
  );
  await expect(node.ask("setban", "203.0.113.9", "add")).rejects.toThrow("already banned");
  await expect(node.ask("setban", "203.0.113.9", "remove")).rejects.toThrow("Unban failed");
  await expect(node.ask("setban", "203.0.113.0/33", "add")).rejects.toThrow("Invalid IP/Subnet");
  expect(await node.ask("listbanned")).toEqual([
    { address: "203.0.113.0/255.255.255.0", banned_until: 1_000 + 86_400 },
    { address: "2a01:4f8::/ffff:ffff:0:0:0:0:0:0", banned_until: 2_000 },
  ]);
  await node.ask("setban", "203.0.113.0/24", "remove");
  await node.ask("clearbanned");
  expect(await node.ask("listbanned")).toEqual([]);
  await expect(node.ask("disconnectnode", "203.0.113.9:1")).rejects.toThrow(
    "Node not found in connected nodes",
  );
});

test("the built-in miner searches on whatever the tip is, tells its rate, and stops when told", async () => {
  const params = labParams({ mineBlocksOnDemand: false });
  const { ask, close } = await running(newFolder(), params, { genesis: genesisOf(params) });
  cleanups.push(close);
  expect(await ask("getgenerate")).toBe(false);
  expect(await ask("getlocalsolps")).toBe(0);
  await ask("setgenerate", true, 1);
  await vi.waitFor(async () => expect(await ask("getblockcount")).toBeGreaterThan(4), { timeout: 60_000 });
  const third = await ask<string>("getblockhash", 3);
  await ask("invalidateblock", third); // the tip is another: what is found from now on stands on that
  await vi.waitFor(async () => expect(await ask("getblockcount")).toBeGreaterThan(5), { timeout: 60_000 });
  expect(await ask("getblockhash", 3)).not.toBe(third);
  const { generate, localsolps } = await ask<{ generate: boolean; localsolps: number }>("getmininginfo");
  expect([generate, localsolps > 0]).toEqual([true, true]);
  await ask("setgenerate", false);
  expect(await ask("getgenerate")).toBe(false);
  const stopped = await ask<number>("getblockcount");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await ask<number>("getblockcount")).toBeLessThanOrEqual(stopped + 1);
});

test("folded blocks are answered from the disk as they were from memory; a pruned node says what it lacks", async () => {
  const diskTuning = { keep: 5, foldEvery: 2, snapshotEvery: 3, fileBytes: 4_000 };
  const folder = newFolder();
  const questions = async (ask: <T>(method: string, ...params: readonly unknown[]) => Promise<T>) => {
    const heights = [0, 1, 2, 30, 59, 60];
    return await Promise.all(
      heights.map(async (height) => {
        const { nextblockhash: _, ...block } = await ask<{ nextblockhash: string }>(
          "getblock",
          `${height}`,
          2,
        );
        return block;
      }),
    );
  };
  const whole = await running(folder);
  await whole.ask("generate", 60);
  const expected = await questions(whole.ask);
  const balance = await whole.ask("getbalance");
  await whole.close();
  const folding = await running(folder, regtest, { diskTuning });
  expect(folding.live.node.chain.shared.tree.root).toBeGreaterThan(0);
  expect(await questions(folding.ask)).toEqual(expected);
  expect(await folding.ask("getbalance")).toEqual(balance);
  await expect(folding.ask("invalidateblock", await folding.ask("getblockhash", 1))).rejects.toThrow(
    "too far below the tip",
  );
  await folding.close();
  const pruned = await running(folder, regtest, { diskTuning, pruneTo: 1 });
  cleanups.push(pruned.close);
  await pruned.ask("generate", 200); // so that the one file of before is no longer needed
  const info = await pruned.ask<{ pruned: boolean; pruneheight: number }>("getblockchaininfo");
  expect(info.pruned).toBe(true);
  expect(info.pruneheight).toBeGreaterThan(1);
  expect(info.pruneheight).toBeLessThanOrEqual(255);
  await expect(pruned.ask("getblock", "1")).rejects.toThrow("Block not available (pruned data)");
  await expect(pruned.ask("getbalance")).rejects.toThrow("this node is pruned");
  await pruned.ask("getblock", `${info.pruneheight}`);
});

interface Template {
  readonly height: number;
  readonly version: number;
  readonly previousblockhash: string;
  readonly finalsaplingroothash: string;
  readonly curtime: number;
  readonly bits: string;
  readonly coinbasetxn: { readonly data: string };
  readonly transactions: readonly { readonly data: string; readonly hash: string }[];
}

test("a miner that knows only getblocktemplate and submitblock makes the next block", async () => {
  const params = labParams();
  const genesis = genesisOf(params);
  const [node, peer] = [
    await running(newFolder(), params, { genesis }),
    await running(newFolder(), params, { genesis }),
  ];
  cleanups.push(node.close, peer.close);
  await expect(node.ask("getblocktemplate")).rejects.toThrow("Flux is not connected!");
  await peer.ask("addnode", `127.0.0.1:${node.live.listening!.port}`, "add");
  await vi.waitFor(async () => expect(await node.ask("getconnectioncount")).toBe(1), { timeout: 60_000 });
  await node.ask("generate", 12);
  const txid = await node.ask<string>("sendtoaddress", await node.ask("getnewaddress"), 1);
  const template = await node.ask<Template>("getblocktemplate");
  expect([template.height, template.transactions.map(({ hash }) => hash)]).toEqual([13, [txid]]);
  const transactions = [template.coinbasetxn, ...template.transactions].map(({ data }) => {
    const tx = parseWhole(wireHex(data), readTransaction);
    if (tx instanceof ParseError) throw new Error(String(tx));
    return tx;
  });
  let header: PowHeader = {
    kind: "pow",
    version: template.version,
    previousHash: displayHash(template.previousblockhash),
    merkleRoot: merkleTree(transactions.map(knownTxid)).root,
    saplingRoot: displayHash(template.finalsaplingroothash),
    time: template.curtime,
    bits: Number.parseInt(template.bits, 16),
    nonce: new Uint8Array(32),
    solution: new Uint8Array(),
  };
  const solver = plainSolver(puzzleParams(13, params))!;
  let block: Block | undefined;
  while (block === undefined) {
    header = { ...header, nonce: nextNonce(header.nonce)! };
    block = solvedBlock({ header, transactions }, solver.solve(equihashInput(header)) ?? [], 13, params);
  }
  const hex = toWireHex(blockBytes(block));
  const unsolved = toWireHex(blockBytes({ header, transactions }));
  expect(await node.ask("getblocktemplate", { mode: "proposal", data: unsolved })).toBeNull();
  expect(await node.ask("submitblock", hex)).toBeNull();
  expect(await node.ask("submitblock", hex)).toBe("duplicate");
  expect(await node.ask("getblockcount")).toBe(13);
  expect(await node.ask("getrawmempool")).toEqual([]);
});
