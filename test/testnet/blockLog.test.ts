import { type Block, blockBytes, genesisBlock, regtest } from "@fluxlab/core";
import { BlockLog } from "@fluxlab/testnet/host";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FaultyFile } from "../support/faultyFile.ts";

const GENESIS = new Uint8Array(32).fill(1);
const base = genesisBlock(regtest)!;

/** A block that is told from others by its number, about as long as `size` bytes. */
const block = (number: number, size: number): Block => {
  const [coinbase] = base.transactions;
  if (coinbase?.kind !== "ordinary") throw new Error("no coinbase");
  const scriptPubKey = new Uint8Array(size).fill(number);
  return {
    header: { ...base.header, time: number },
    transactions: [{ ...coinbase, outputs: [{ value: 0n, scriptPubKey }] }],
  };
};

const open = (file: FaultyFile): BlockLog => new BlockLog(file, GENESIS, "blocks.log");

/** Numbers of the blocks in a log. */
function contents(log: BlockLog): { numbers: number[]; bytesLost: number } {
  const numbers: number[] = [];
  const { blocks, bytesLost } = log.replay((each) => numbers.push(each.header.time));
  expect(blocks).toBe(numbers.length);
  return { numbers, bytesLost };
}

describe("a log of blocks", () => {
  test("gives back what was appended, in order, byte for byte", () => {
    const file = new FaultyFile();
    const log = open(file);
    expect(contents(log)).toEqual({ numbers: [], bytesLost: 0 });
    const blocks = [block(1, 10), block(2, 5_000), block(3, 0)];
    for (const each of blocks) log.append(each);
    log.close();
    const found: Block[] = [];
    open(file).replay((each) => found.push(each));
    expect(found.map(blockBytes)).toEqual(blocks.map(blockBytes));
  });

  test("after any crash holds all that was committed, the first of what was not, and takes more", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("append" as const), size: fc.integer({ min: 0, max: 2_000 }) }),
      fc.record({ do: fc.constant("commit" as const), size: fc.constant(0) }),
      fc.record({ do: fc.constant("crash" as const), size: fc.constant(0) }),
    );
    const steps = fc.array(step, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.boolean()), (list, luck) => {
        let file = new FaultyFile();
        let log = open(file);
        let next = 1;
        let committed: number[] = [];
        let appended: number[] = [];
        const reopen = () => {
          file = file.crash(() => luck.next().value as boolean);
          log = open(file);
          const { numbers } = contents(log);
          expect(numbers).toEqual(appended.slice(0, numbers.length));
          expect(numbers.length).toBeGreaterThanOrEqual(committed.length);
          appended = numbers;
          // What was found is on the disk, but nobody promised that it stays.
          committed = committed.slice(0, numbers.length);
        };
        for (const { do: what, size } of [...list, { do: "crash" as const, size: 0 }]) {
          if (what === "append") {
            log.append(block(next, size));
            appended.push(next++);
          } else if (what === "commit") {
            log.commit();
            committed = [...appended];
          } else reopen();
        }
      }),
      { numRuns: 300 },
    );
  });

  test("cut off or changed at any byte, ends before the record that was hit and goes on from there", () => {
    const file = new FaultyFile();
    const log = open(file);
    log.replay(() => {});
    const ends = [file.size];
    for (const number of [1, 2, 3]) {
      log.append(block(number, 30));
      ends.push(file.size);
    }
    const whole = file.read(0, file.size);
    for (let at = ends[0]!; at < whole.length; at++) {
      const intact = ends.filter((end) => end <= at).length - 1;
      const expected = [1, 2, 3].slice(0, intact);
      const cut = new FaultyFile(whole.slice(0, at));
      expect(contents(open(cut))).toEqual({ numbers: expected, bytesLost: at - ends[intact]! });
      const spoiled = whole.slice();
      spoiled[at]! ^= 1;
      const changed = new FaultyFile(spoiled);
      const again = open(changed);
      expect(contents(again).numbers).toEqual(expected);
      again.append(block(9, 100));
      expect(contents(open(changed)).numbers).toEqual([...expected, 9]);
    }
  });

  test("cut off in its heading is new", () => {
    const file = new FaultyFile();
    open(file);
    for (let length = 0; length < file.size; length++) {
      const cut = new FaultyFile(file.read(0, length));
      const log = open(cut);
      log.append(block(1, 3));
      expect(contents(open(cut)).numbers).toEqual([1]);
    }
    expect(contents(open(new FaultyFile(new Uint8Array(600)))).numbers).toEqual([]);
  });

  test("of another network, or another kind, is left alone", () => {
    const file = new FaultyFile();
    open(file).append(block(1, 3));
    const before = file.read(0, file.size);
    expect(() => new BlockLog(file, new Uint8Array(32).fill(2), "d/blocks.log")).toThrow(
      "d/blocks.log: holds blocks of another network: choose another --datadir",
    );
    expect(file.read(0, file.size)).toEqual(before);
    const text = new FaultyFile(
      new Uint8Array(Buffer.from("a letter to somebody, longer than any heading is")),
    );
    expect(() => open(text)).toThrow("blocks.log: is not a file of blocks");
  });

  test("on a full disk refuses a block whole, and takes the next when there is room", () => {
    const file = new FaultyFile();
    const log = open(file);
    log.replay(() => {});
    log.append(block(1, 100));
    file.room = 60;
    expect(() => log.append(block(2, 100))).toThrow("ENOSPC");
    file.room = Number.POSITIVE_INFINITY;
    log.append(block(3, 20));
    log.commit();
    expect(contents(open(file.crash(() => true))).numbers).toEqual([1, 3]);
  });
});
