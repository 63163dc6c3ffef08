import {
  type Block,
  ChainView,
  type FullNode,
  plainEquihash,
  SharedChains,
  SharedMessages,
  stateHash,
  toDisplayHex,
} from "@fluxlab/core";
import { ChainDisk } from "@fluxlab/testnet/host";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { BENCH_GENESIS, BENCH_PARAMS } from "../../support/benchNode.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { FaultyFolder, PowerFailure } from "../../support/faultyFolder.ts";
import { type ForkedChain, forkedChain, hashText } from "../../support/forkedChain.ts";
import { NodeNetwork } from "../../support/nodeNetwork.ts";
import { assertProperty } from "../../support/property.ts";

// The power fails before any operation on the disk, while blocks come from a peer or make a node reorganise. Of what was not synced any
// sectors are there and any are not. What a node finds then is what one has that never failed, and nothing acknowledged is missing.

const LONG = process.env["FLUX_LAB_LONG"] === "1";
const JUDGING = { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash } as const;
const TUNING = { keep: 10, foldEvery: 5, snapshotEvery: 12, fileBytes: 6_000 };

let chain: ForkedChain;
beforeAll(() => {
  chain = forkedChain(8);
});

/** A disk after the power failed, or a new one. */
class Opened {
  readonly disk: ChainDisk;
  readonly view: ChainView;

  /** `view`: of the node that is to use it. */
  constructor(folder: FaultyFolder, pruneTo: number | undefined, viewOn: (disk: ChainDisk) => ChainView) {
    let time = 0;
    this.disk = new ChainDisk(folder, { params: BENCH_PARAMS, genesis: BENCH_GENESIS }, JUDGING, {
      pruneTo,
      reindex: false,
      log: () => {},
      clock: () => time++,
      tuning: TUNING,
    });
    this.view = viewOn(this.disk);
    this.disk.replay(this.view, (block) => this.view.acceptBlock(block, block.header.time));
  }

  get tip(): string {
    return toDisplayHex(this.view.tipHash);
  }
}

/** A run with a disk: opens it, and takes what it lacks, telling what is acknowledged, until there is no more or the power fails. */
type Life = (
  folder: FaultyFolder,
  pruneTo: number | undefined,
  opened: (found: Opened) => void,
  acknowledged: (tip: string) => void,
) => void;

const newView = (disk: ChainDisk): ChainView => new ChainView(disk.chain, { useCheckpoints: false });

/** Blocks of two miners are given by hand, each acknowledged when it is on the disk. */
const reorganising: Life = (folder, pruneTo, opened, acknowledged) => {
  const found = new Opened(folder, pruneTo, newView);
  opened(found);
  const { disk, view } = found;
  const known = chain.arrivals.findIndex((block) => hashText(block) === found.tip);
  for (const block of chain.arrivals.slice(known + 1)) {
    view.acceptBlock(block, block.header.time);
    disk.append();
    disk.commit();
    acknowledged(found.tip);
    disk.tidy(view);
  }
  disk.close(view);
};

/** Seconds of the network's clock: what came is written down after each turn, and on the disk after some. */
const TURN = 0.02;
const TURNS_A_COMMIT = 10;
const MOST_TURNS = 5_000;

/** Blocks come from a peer, as many at once as it likes. */
const syncing: Life = (folder, pruneTo, opened, acknowledged) => {
  const { time } = chain.best.at(-1)!.header;
  const peers = new SharedChains(BENCH_GENESIS, JUDGING).under(BENCH_PARAMS);
  const network = new NodeNetwork(peers, { start: time });
  const peer = network.add();
  for (const block of chain.best) peer.node.submitBlock(block);
  let node: FullNode | undefined;
  const found = new Opened(folder, pruneTo, ({ chain: shared }) => {
    const ours = network.add(shared, new SharedMessages(shared, 170_021));
    node = ours.node;
    network.connect(ours, peer);
    return node.chain;
  });
  opened(found);
  const { disk, view } = found;
  for (let turn = 1; found.tip !== hashText(chain.best.at(-1)!); turn++) {
    expect(turn).toBeLessThan(MOST_TURNS);
    network.run(TURN);
    if (disk.append()) disk.tidy(view);
    if (turn % TURNS_A_COMMIT > 0) continue;
    disk.commit();
    acknowledged(found.tip);
  }
  disk.close(view);
};

/** Lets the power fail at the given operations of its lives, and checks what each finds. */
function failing(life: Life, ordered: readonly string[], most: number): void {
  const seen = { crashed: 0, mended: 0 };
  const moments = fc.array(fc.nat(most), { minLength: 1, maxLength: 4 });
  const holds = fc.property(moments, fc.boolean(), fc.infiniteStream(fc.boolean()), (left, prunes, luck) => {
    let folder = new FaultyFolder();
    let latest = 0;
    for (const moment of [...left, Number.POSITIVE_INFINITY]) {
      const opened = ({ tip, view }: Opened): void => {
        const at = ordered.lastIndexOf(tip);
        expect(at).toBeGreaterThanOrEqual(latest);
        expect(stateHash(view.state())).toBe(chain.digests.get(tip));
        if (latest > 0) seen.mended++;
        latest = ordered.indexOf(tip);
      };
      const acknowledged = (tip: string): void => {
        latest = Math.max(latest, ordered.indexOf(tip));
      };
      folder.left = moment;
      try {
        life(folder, prunes ? 15_000 : undefined, opened, acknowledged);
      } catch (error) {
        if (!(error instanceof PowerFailure)) throw error;
        seen.crashed++;
      }
      folder = folder.crash(() => luck.next().value as boolean);
    }
    const last = new Opened(folder, undefined, newView);
    expect(last.tip).toBe(ordered.at(-1));
    expect(stateHash(last.view.state())).toBe(chain.digests.get(last.tip));
  });
  assertProperty(holds, { numRuns: LONG ? 300 : 8 });
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
}

test(
  "the power fails while a node reorganises",
  () => failing(reorganising, [hashText(BENCH_GENESIS), ...chain.tips], 400),
  LONG ? 3_600_000 : 300_000,
);

test(
  "the power fails while a node syncs",
  () => failing(syncing, ([BENCH_GENESIS, ...chain.best] as Block[]).map(hashText), 200),
  LONG ? 3_600_000 : 300_000,
);
