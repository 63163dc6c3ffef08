import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Block, ChainView, plainEquihash, stateHash } from "@fluxlab/core";
import { ChainDisk, type ChainDiskOptions, DataFolder, type StoreFolder } from "@fluxlab/testnet/host";
import { afterEach, beforeAll, expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { FaultyFolder } from "../../support/faultyFolder.ts";
import { readLabChain } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// What a store says that somebody else has spoilt: which file, what is wrong, what to do.

const LATE = 4_000_000_000;
const TIP = 50;
const TUNING = { keep: 1_000, foldEvery: 5, snapshotEvery: 1_000, fileBytes: 5_000 };

let blocks: readonly Block[] = [];
beforeAll(() => {
  if (vectorsPresent) blocks = readLabChain().map(({ block }) => block);
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function opened(folder: StoreFolder, options: Partial<ChainDiskOptions> = {}) {
  const said: string[] = [];
  const disk = new ChainDisk(
    folder,
    { params: labnet(), genesis: blocks[0]! },
    { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash },
    {
      pruneTo: undefined,
      reindex: false,
      log: (level, fields, text) => said.push(`${level}: ${text} ${JSON.stringify(fields)}`),
      clock: () => 0,
      tuning: TUNING,
      ...options,
    },
  );
  const view = new ChainView(disk.chain, { useCheckpoints: false });
  disk.replay(view, (block) => view.acceptBlock(block, LATE));
  const grow = (to: number): void => {
    for (const block of blocks.slice(view.tipHeight + 1, to + 1)) {
      view.acceptBlock(block, LATE);
      disk.append();
      disk.commit();
    }
    expect(view.tipHeight).toBe(to);
  };
  return { disk, view, said, grow };
}

/** A folder of files of 5 kB with 50 blocks. */
function whole(): string {
  const path = mkdtempSync(join(tmpdir(), "flux-lab-damage-"));
  folders.push(path);
  const folder = new DataFolder(path);
  const { disk, grow } = opened(folder);
  grow(TIP);
  disk.commit();
  folder.release();
  return path;
}

/** In the order in which they were written: the first has no number. */
const logs = (path: string): string[] => {
  const later = readdirSync(path).filter((name) => name.startsWith("blocks-"));
  return ["blocks.log", ...later.toSorted()];
};
const spoil = (file: string, change: (bytes: Buffer) => Uint8Array): void =>
  writeFileSync(file, change(readFileSync(file)));

/** Opens what is damaged, has the peers send what is missing, and opens it again: it must be as good as new. */
function heals(path: string): { said: string[]; tip: number } {
  const first = opened(new DataFolder(path));
  const tip = first.view.tipHeight;
  first.grow(TIP);
  first.disk.commit();
  const again = opened(new DataFolder(path));
  expect(again.view.tipHeight).toBe(TIP);
  expect(stateHash(again.view.state())).toBe(stateHash(first.view.state()));
  return { said: first.said, tip };
}

vectorTest("a last file that was cut off loses its last block, by name, and gets it again", () => {
  const path = whole();
  const last = join(path, logs(path).at(-1)!);
  spoil(last, (bytes) => bytes.subarray(0, -7));
  const { said, tip } = heals(path);
  expect(tip).toBe(TIP - 1);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("damaged, or not written completely");
  expect(said[0]).toContain(last);
});

vectorTest(
  "a bit that fell over in the middle of a file is found, named, and what it cost comes again",
  () => {
    const path = whole();
    const files = logs(path);
    expect(files.length).toBeGreaterThan(2);
    const middle = join(path, files[1]!);
    spoil(middle, (bytes) => {
      bytes[bytes.length >> 1]! ^= 4;
      return bytes;
    });
    const { said, tip } = heals(path);
    expect(tip).toBeLessThan(TIP);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(middle);
    expect(said[0]).toContain("peers are asked for it again");
  },
);

vectorTest("a file of something else, of another version, or of another network is left alone", () => {
  for (const [at, why] of [
    [0, "is not a file of blocks"],
    [15, "was written by another version of this program, which can read it"],
    [20, "holds blocks of another network"],
  ] as const) {
    const path = whole();
    const file = join(path, logs(path)[0]!);
    spoil(file, (bytes) => {
      bytes[at]! ^= 1;
      return bytes;
    });
    const before = readFileSync(file);
    expect(() => opened(new DataFolder(path))).toThrow(`${file}: ${why}: choose another --datadir`);
    expect(readFileSync(file).equals(before)).toBe(true);
  }
});

vectorTest("a file that is missing between others is named; reindexing goes on without", () => {
  const path = whole();
  const gone = join(path, logs(path)[1]!);
  rmSync(gone);
  expect(() => opened(new DataFolder(path))).toThrow(
    `${gone}: missing between others: put it back from a copy, or start with --reindex`,
  );
  const anew = opened(new DataFolder(path), { reindex: true });
  expect(anew.view.tipHeight).toBeLessThan(TIP);
  anew.grow(TIP);
  anew.disk.commit();
  expect(opened(new DataFolder(path), { reindex: true }).view.tipHeight).toBe(TIP);
});

vectorTest("a file that cannot be written to is named", () => {
  const path = whole();
  const file = join(path, logs(path)[0]!);
  rmSync(file);
  mkdirSync(file); // root may write to all files, but to no folder
  expect(() => opened(new DataFolder(path))).toThrow(`${file}: cannot be opened to read and write: EISDIR`);
  const place = join(path, "file");
  writeFileSync(place, "");
  expect(() => new DataFolder(join(place, "below"))).toThrow("cannot be made");
});

vectorTest(
  "on a full disk a block is refused, those before it stay, and it goes on when there is room",
  () => {
    const folder = new FaultyFolder();
    const first = opened(folder);
    first.grow(20);
    folder.room = 3_000;
    expect(() => first.grow(TIP)).toThrow("ENOSPC");
    const acknowledged = first.view.tipHeight - 1;
    const left = folder.crash(() => true);
    const again = opened(left);
    expect(again.view.tipHeight).toBeGreaterThanOrEqual(acknowledged);
    again.grow(TIP);
    expect(opened(left.crash(() => false)).view.tipHeight).toBe(TIP);
  },
);
