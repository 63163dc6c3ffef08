import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, blockBytes, displayHash, equalBytes, wireHex } from "@fluxlab/core";
import { BLOCK_LOG_FILE, datRecord, readBlocks } from "@fluxlab/core/host";
import { expect } from "vitest";
import { DiskFile } from "../../../../testnet/src/host/store/appendFile.ts";
import { BlockLog } from "../../../../testnet/src/host/store/blockLog.ts";
import { readLabChain } from "../../../support/labChain.ts";
import { labnet } from "../../../support/networks.ts";
import { temporaryFolder } from "../../../support/program.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

const params = labnet();

const isSame = (found: Iterable<Block>, expected: readonly Block[]): boolean => {
  const all = [...found];
  return (
    all.length === expected.length &&
    all.every((block, i) => equalBytes(blockBytes(block), blockBytes(expected[i]!)))
  );
};

/** As fluxd's block files have them. */
const datBytes = (blocks: readonly Block[]): Uint8Array =>
  Buffer.concat(blocks.map((block) => datRecord(block, wireHex(params.messageStart))));

vectorTest("blocks are read from each place that keeps some", () => {
  const recorded = readLabChain().slice(0, 120);
  const blocks = recorded.map(({ block }) => block);
  const folder = temporaryFolder();

  const lines = join(folder, "chain.jsonl");
  writeFileSync(lines, `${recorded.map(({ line }) => JSON.stringify(line)).join("\n")}\n`);
  expect(isSame(readBlocks(lines, params), blocks)).toBe(true);

  const dat = join(folder, "bootstrap.dat");
  writeFileSync(dat, Buffer.concat([datBytes(blocks), new Uint8Array(64)]));
  expect(isSame(readBlocks(dat, params), blocks)).toBe(true);

  const log = new BlockLog(
    new DiskFile(join(folder, BLOCK_LOG_FILE)),
    displayHash(params.genesis.hash),
    "blocks.log",
  );
  log.replay(() => {});
  for (const block of blocks.slice(1)) log.append(block);
  log.commit();
  // A node still has it open, and is writing another record.
  appendFileSync(join(folder, BLOCK_LOG_FILE), new Uint8Array([200, 0, 0, 0, 1, 2, 3]));
  const size = readFileSync(join(folder, BLOCK_LOG_FILE)).length;
  for (const path of [folder, join(folder, BLOCK_LOG_FILE)])
    expect(isSame(readBlocks(path, params), blocks.slice(1))).toBe(true);
  expect(readFileSync(join(folder, BLOCK_LOG_FILE))).toHaveLength(size);
  log.close();
});

vectorTest("what is wrong with a file is named with its place", () => {
  const [genesis, first] = readLabChain();
  const folder = temporaryFolder();
  const wrong = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return () => [...readBlocks(path, params)];
  };
  expect(() => [...readBlocks(join(folder, "none"), params)]).toThrow(
    /none: there is no such file: expected a recorded/,
  );
  expect(wrong("a.jsonl", `${JSON.stringify(genesis!.line)}\n{"height":1}\n`)).toThrow(
    /a.jsonl:2: expected a block in hex digits as "hex"/,
  );
  expect(wrong("b.jsonl", '{"hex":"0400"}\n')).toThrow(/b.jsonl:1: expected a block as "hex"/);
  expect(wrong("c.dat", new Uint8Array(100).fill(7))).toThrow(
    new RegExp(`c.dat, byte 0: expected a block of ${params.name}, which begins with ${params.messageStart}`),
  );
  const short = datBytes([genesis!.block, first!.block]).slice(0, -1);
  const second = datBytes([genesis!.block]).length;
  const record = datBytes([genesis!.block]);
  expect(wrong("e.dat", record.subarray(0, 5))).toThrow(/e.dat, byte 0: expected the length of a block/);
  expect(wrong("f.dat", record.with(7, 0xff))).toThrow(/f.dat, byte 0: expected the length of a block/);
  expect(wrong("g.dat", new Uint8Array())()).toEqual([]);
  expect(wrong("d.dat", short)).toThrow(new RegExp(`d.dat, byte ${second}: expected a whole block`));
  const other = Buffer.concat([Buffer.from("fluxlab blocks 1"), new Uint8Array(32)]);
  expect(wrong("blocks.log", other)).toThrow(/blocks.log: holds blocks of another network than/);
});
