import {
  type Block,
  ChainView,
  displayHash,
  plainEquihash,
  SharedChains,
  stateHash,
  toDisplayHex,
} from "@fluxlab/core";
import { BlockLog, ChainDisk, type ChainDiskOptions, readSnapshot, SNAPSHOT } from "@fluxlab/testnet/host";
import fc from "fast-check";
import { beforeAll, describe, expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { FaultyFolder, PowerFailure } from "../../support/faultyFolder.ts";
import { readLabChain } from "../../support/labChain.ts";
import { labnet } from "../../support/networks.ts";
import { NodeNetwork } from "../../support/nodeNetwork.ts";
import { assertProperty } from "../../support/property.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// As little in memory and in a file as can be, so that a short chain goes through everything.

const LATE = 4_000_000_000;
const TUNING = { keep: 10, foldEvery: 5, snapshotEvery: 12, fileBytes: 6_000 };
/** Blocks below the tip from which a branch may still win: `maxReorgDepth`, and one that is on both. */
const SETTLED = 41;

let blocks: readonly Block[] = [];
beforeAll(() => {
  blocks = readLabChain().map(({ block }) => block);
});

class Opened {
  readonly disk: ChainDisk;
  readonly view: ChainView;
  readonly said: string[] = [];
  readonly replayed: number;

  constructor(folder: FaultyFolder, options: Partial<ChainDiskOptions> = {}) {
    let time = 0;
    this.disk = new ChainDisk(
      folder,
      { params: labnet(), genesis: blocks[0]! },
      { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash },
      {
        pruneTo: undefined,
        reindex: false,
        log: (_level, fields, text) => this.said.push(`${text} ${JSON.stringify(fields)}`),
        clock: () => time++,
        tuning: TUNING,
        ...options,
      },
    );
    this.view = new ChainView(this.disk.chain, { useCheckpoints: false });
    this.replayed = this.disk.replay(this.view, (block) => this.view.acceptBlock(block, LATE)).blocks;
  }

  /** Takes in the next recorded block and acknowledges it. */
  next(): void {
    this.view.acceptBlock(blocks[this.view.tipHeight + 1]!, LATE);
    this.disk.append();
    this.disk.commit();
    this.disk.tidy(this.view);
  }

  grow(to: number): this {
    while (this.view.tipHeight < to) this.next();
    return this;
  }

  hashAt(height: number): string {
    const { tree } = this.view.shared;
    return toDisplayHex(tree.hash(tree.ancestor(this.view.tip, height)));
  }
}

/** As it is with nothing but blocks: what all others must come to. */
function twinAt(height: number): Opened {
  return new Opened(new FaultyFolder()).grow(height);
}

describe("a disk of chains", () => {
  vectorTest("starts from its snapshot with the same tip and state, and gives every block below it", () => {
    const folder = new FaultyFolder();
    const first = new Opened(folder).grow(120);
    first.disk.close(first.view);
    expect(folder.names().filter((name) => name.startsWith("blocks")).length).toBeGreaterThan(3);
    const again = new Opened(folder);
    expect(again.replayed).toBeLessThanOrEqual(SETTLED + TUNING.foldEvery);
    expect(again.view.tipHeight).toBe(120);
    const twin = twinAt(120);
    expect(stateHash(again.view.state())).toBe(stateHash(twin.view.state()));
    for (let height = 0; height <= 120; height++) {
      expect(again.hashAt(height)).toBe(toDisplayHex(again.view.shared.tree.hashOf(blocks[height]!.header)));
      const row = again.view.shared.tree.ancestor(again.view.tip, height);
      expect(again.view.block(row)).toEqual(blocks[height]);
    }
    expect(again.view.shared.blocks.size).toBeLessThanOrEqual(SETTLED + TUNING.foldEvery + 1); // few are in memory
    again.grow(150).disk.close(again.view);
    expect(new Opened(folder).view.tipHeight).toBe(150);
  });

  vectorTest("lends its snapshot to a simulated network, whose nodes begin there and go on together", () => {
    const folder = new FaultyFolder();
    const first = new Opened(folder).grow(100);
    first.disk.close(first.view);
    const found = readSnapshot(folder, labnet());
    if (found === undefined || typeof found === "string") throw new Error(`no snapshot: ${found}`);
    const judging = { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash } as const;
    const shared = SharedChains.on(found.foundation, blocks[0]!, labnet(), judging)!.under(labnet());
    const begin = shared.tree.height(shared.tree.root);
    expect(begin).toBeGreaterThan(50);
    const network = new NodeNetwork(shared, { start: blocks[110]!.header.time });
    const [a, b] = [network.add(), network.add()];
    network.connect(b, a);
    for (const block of blocks.slice(begin + 1, 111)) a.node.submitBlock(block);
    network.run(60);
    for (const { node } of [a, b])
      expect(node.chain.tipHash).toEqual(shared.tree.hashOf(blocks[110]!.header));
    expect(stateHash(b.node.chain.state())).toBe(stateHash(twinAt(110).view.state()));
  });

  vectorTest("of an older version, one file without a snapshot, opens and gets one", () => {
    const folder = new FaultyFolder();
    const log = new BlockLog(folder.open("blocks.log"), displayHash(labnet().genesis.hash), "blocks.log");
    log.replay(() => {});
    for (const block of blocks.slice(1, 80)) log.append(block);
    log.close();
    const opened = new Opened(folder);
    expect([opened.view.tipHeight, opened.replayed]).toEqual([79, 79]);
    opened.disk.close(opened.view);
    expect(folder.names()).toContain(SNAPSHOT);
    expect(new Opened(folder).replayed).toBeLessThanOrEqual(SETTLED + TUNING.foldEvery);
  });

  vectorTest("whose snapshot is damaged, foreign or ahead of its blocks reads all blocks and says so", () => {
    const folder = new FaultyFolder();
    const first = new Opened(folder).grow(60);
    first.disk.close(first.view);
    const spoil = (change: (bytes: Uint8Array) => Uint8Array): Opened => {
      const copy = folder.crash(() => true);
      const bytes = change(copy.bytes(SNAPSHOT)!.slice());
      copy.replaceBy(SNAPSHOT, (file) => file.write(0, bytes));
      return new Opened(copy);
    };
    const at = (place: number) => (bytes: Uint8Array) => {
      bytes[place]! ^= 1;
      return bytes;
    };
    for (const [change, why] of [
      [at(15), "another version"],
      [at(200), "damaged"],
      [(bytes: Uint8Array) => bytes.slice(0, 100), "damaged"],
      [() => new Uint8Array(0), "another version"],
    ] as const) {
      const opened = spoil(change);
      expect(opened.said[0]).toContain(why);
      expect([opened.view.tipHeight, opened.replayed]).toEqual([60, 60]);
    }
    const shortened = folder.crash(() => true);
    for (const name of shortened.names()) if (name.startsWith("blocks-")) shortened.remove(name);
    expect(new Opened(shortened).said[0]).toContain("blocks it rests on are missing");
  });

  vectorTest("reindexed judges every block again", () => {
    const folder = new FaultyFolder();
    const first = new Opened(folder).grow(60);
    first.disk.close(first.view);
    expect(new Opened(folder, { reindex: true }).replayed).toBe(60);
  });

  vectorTest("pruned keeps the last blocks, starts without the first, and says what it cannot do", () => {
    const folder = new FaultyFolder();
    const pruning = { pruneTo: 40_000, tuning: { ...TUNING, fileBytes: 6_000 } };
    const first = new Opened(folder, pruning).grow(200);
    first.disk.close(first.view);
    expect(first.said.some((line) => line.startsWith("pruned"))).toBe(true);
    expect(folder.names()).not.toContain("blocks.log");
    const again = new Opened(folder, pruning);
    expect(again.view.tipHeight).toBe(200);
    const { tree } = again.view.shared;
    const lowest = again.disk.firstBlock(again.view);
    expect(lowest).toBeGreaterThan(1);
    expect(lowest).toBeLessThanOrEqual(200 - TUNING.keep);
    for (let height = 1; height <= 200; height++) {
      const block = again.view.block(tree.ancestor(again.view.tip, height));
      if (height >= lowest) expect(block).toEqual(blocks[height]);
      else if (height < lowest - 1) expect(block).toBe("pruned");
    }
    expect(stateHash(again.view.state())).toBe(stateHash(twinAt(200).view.state()));
    folder.remove(SNAPSHOT);
    expect(() => new Opened(folder)).toThrow("the first blocks were pruned: --reindex begins anew");
    const anew = new Opened(folder, { reindex: true });
    expect([anew.view.tipHeight, anew.replayed]).toEqual([0, 0]);
  });

  vectorTest(
    "after the power failed at any moment has every acknowledged block and the state of a whole one",
    () => {
      const twin = new Map<number, string>();
      const whole = twinAt(0);
      for (let height = 0; height <= 90; height++) {
        whole.grow(height);
        twin.set(height, stateHash(whole.view.state()));
      }
      const seen = { crashed: 0, fromSnapshot: 0 };
      const failures = fc.array(fc.nat(150), { minLength: 1, maxLength: 4 });
      const holds = fc.property(
        failures,
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
        (moments, prunes, luck) => {
          const options = prunes ? { pruneTo: 15_000 } : {};
          let folder = new FaultyFolder();
          let acknowledged = 0;
          for (const moment of [...moments, Number.POSITIVE_INFINITY]) {
            try {
              const opened = new Opened(folder, options);
              expect(opened.view.tipHeight).toBeGreaterThanOrEqual(acknowledged);
              expect(stateHash(opened.view.state())).toBe(twin.get(opened.view.tipHeight));
              if (opened.replayed < opened.view.tipHeight) seen.fromSnapshot++;
              acknowledged = opened.view.tipHeight;
              folder.left = moment;
              while (opened.view.tipHeight < 90) {
                opened.next();
                acknowledged = opened.view.tipHeight;
              }
              opened.disk.close(opened.view);
            } catch (error) {
              if (!(error instanceof PowerFailure)) throw error;
              seen.crashed++;
            }
            folder = folder.crash(() => luck.next().value as boolean);
          }
          const last = new Opened(folder, options);
          expect([last.view.tipHeight, acknowledged]).toEqual([90, 90]);
          expect(stateHash(last.view.state())).toBe(twin.get(90));
        },
      );
      assertProperty(holds, { numRuns: process.env["FLUX_LAB_LONG"] === "1" ? 1_000 : 12 });
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
    },
  );
});
