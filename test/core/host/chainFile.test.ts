import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { blockBytes, mainnet, regtest, wireHex } from "@fluxlab/core";
import { chainFileRecord, readChainFile } from "@fluxlab/core/host";
import { labWorld } from "@fluxlab/sim";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/program.ts";

const START = wireHex(regtest.messageStart);
const { base } = labWorld({
  ...{ name: "lab", title: "Lab", nodes: 2, blockInterval: "10 s", run: "1 min", seed: 1 },
  topology: { links: [[0, 1]] },
});

function fileOf(...parts: readonly Uint8Array[]): string {
  const file = join(temporaryFolder(), "chain.dat");
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

const records = base.slice(0, 5).map((block) => chainFileRecord(block, START));

test("blocks come back as they were written, in order", () => {
  const read = [...readChainFile(fileOf(...records), START)];
  expect(read.map(blockBytes)).toEqual(base.slice(0, 5).map(blockBytes));
  expect([...readChainFile(fileOf(), START)]).toEqual([]);
});

test.each([
  ["the file ends within a block", [records[0]!, records[1]!.subarray(0, -1)], "block 1, at byte"],
  ["the file ends within a block", [records[0]!.subarray(0, 5)], "block 0, at byte 0"],
  ["is of another network", [chainFileRecord(base[0]!, wireHex(mainnet.messageStart))], "block 0"],
  ["too many for a block", [records[0]!.with(7, 0xff)], "block 0"],
  ["header", [records[0]!.with(4, 9).subarray(0, 17).with(5, 0).with(6, 0)], "block 0"],
])("%s: the block and the file are named", (what, parts, where) => {
  const file = fileOf(...parts);
  const read = () => [...readChainFile(file, START)];
  expect(read).toThrow(what);
  expect(read).toThrow(`${file}: ${where}`);
});

test("a file that is not there is for a person to change", () => {
  expect(() => [...readChainFile("/nowhere/chain.dat", START)]).toThrow("there is no such file");
});
