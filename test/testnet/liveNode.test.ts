import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Block,
  genesisBlock,
  type NetworkAddress,
  ParseError,
  parseWhole,
  readBlock,
  regtest,
  toDisplayHex,
} from "@fluxlab/core";
import { LiveNode, type LiveNodeOptions } from "@fluxlab/testnet/host";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readJsonLines } from "../support/vectors.ts";
import { vectorTest } from "../support/vectorTest.ts";

const CHAIN = "labnet/regtest-chain.jsonl";

interface RecordedBlock {
  readonly height: number;
  readonly hash: string;
  readonly time: number;
  readonly hex: string;
}

function blockOf({ hex }: RecordedBlock): Block {
  const block = parseWhole(Uint8Array.from(Buffer.from(hex, "hex")), readBlock);
  if (block instanceof ParseError) throw new Error(String(block));
  return block;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-node-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const silent = { info() {}, debug() {}, warn() {} };

async function started(
  dataFolder: string,
  peers: readonly NetworkAddress[] = [],
  changes: Partial<LiveNodeOptions> = {},
) {
  const live = await LiveNode.start({
    params: regtest,
    genesis: genesisBlock(regtest)!,
    dataFolder,
    listen: { host: "127.0.0.1", port: 0 },
    dial: { added: [], only: peers },
    askSeeds: false,
    maxConnections: 125,
    whitelisted: () => false,
    log: silent,
    ...changes,
  });
  let open = true;
  const close = async () => {
    if (open) await live.close();
    open = false;
  };
  cleanups.push(close);
  return { live, close };
}

const tipOf = (live: LiveNode): string => toDisplayHex(live.node.chain.tipHash);
const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 10 });

describe("live nodes", () => {
  vectorTest(
    "sync from genesis over TCP, follow new blocks, and know after a restart what they knew before",
    async () => {
      const chain = readJsonLines<RecordedBlock>(CHAIN);
      const [old, recent] = [chain.slice(1, 100), chain.slice(100)];
      const folders = [newFolder(), newFolder(), newFolder()];
      const a = await started(folders[0]!);
      const clock = (live: LiveNode, { time }: RecordedBlock) => live.host.setMockTime(time);
      clock(a.live, old.at(-1)!);
      for (const each of old) a.live.submitBlock(blockOf(each));
      expect(tipOf(a.live)).toBe(old.at(-1)!.hash);
      const b = await started(folders[1]!, [a.live.listening!]);
      clock(b.live, old.at(-1)!);
      const c = await started(folders[2]!, [b.live.listening!]);
      clock(c.live, old.at(-1)!);
      await until(() => [b, c].every(({ live }) => tipOf(live) === old.at(-1)!.hash));
      for (const each of recent) {
        for (const { live } of [a, b, c]) clock(live, each);
        a.live.submitBlock(blockOf(each));
        await until(() => [b, c].every(({ live }) => tipOf(live) === each.hash));
      }
      await c.close();
      const again = await started(folders[2]!);
      expect(tipOf(again.live)).toBe(chain.at(-1)!.hash);
      // Every peer behaved: nobody was banned, nobody lost.
      expect(a.live.host.currentBans()).toEqual([]);
      expect(b.live.host.peers().some(({ direction }) => direction === "outbound")).toBe(true);
    },
    120_000,
  );

  test("do not share a folder", async () => {
    const folder = newFolder();
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    cleanups.push(() => void holder.kill());
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(folder, "lock"), `${holder.pid}\n`);
    await expect(started(folder)).rejects.toThrow(`process ${holder.pid} uses it`);
    holder.kill();
    await new Promise((resolve) => holder.once("exit", resolve));
    const { close } = await started(folder);
    expect(existsSync(join(folder, "lock"))).toBe(true);
    await close();
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });

  test("keep the addresses they know", async () => {
    const folder = newFolder();
    const first = await started(folder);
    const now = Math.floor(Date.now() / 1_000);
    const address = {
      services: 5n,
      ip: Uint8Array.from([...new Array(10).fill(0), 255, 255, 8, 8, 4, 4]),
      port: 7,
      time: now,
    };
    first.live.addresses.add(address, address.ip, now);
    first.live.addresses.good(address, now);
    const known = first.live.addresses.known();
    await first.close();
    const second = await started(folder);
    expect(second.live.addresses.known()).toEqual(known);
  });
});
