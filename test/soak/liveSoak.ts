import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Block, displayHash, frameBytes, type Message, payloadBytes, wireHex } from "@fluxlab/core";
import { freePorts } from "@fluxlab/testnet/fleet";
import { BlockLog, DiskFile, type LiveNode } from "@fluxlab/testnet/host";
import { run, spawnRun } from "../perf/liveNodeChild.ts";
import { BENCH_GENESIS, BENCH_PARAMS, openBenchNode } from "../support/benchNode.ts";
import { heldMemory } from "../support/heldMemory.ts";
import { BENCH_VERSION } from "../support/nodeBench.ts";
import { type ComparedPoint, compareWithChain, type SoakPoint } from "./growth.ts";

// One live node, on sockets and a disk, as it comes: it folds, snapshots and prunes as ever, while its chain grows, a peer gets every
// block from it, strangers come and go, and it is closed and opened again and again.

const PAYMENTS = 2;
/** Blocks between two looks; after every second the node is closed and opened. */
const STEP = 500;
/** Blocks between breaths, in which others are served. */
const BREATH = 10;
/** Milliseconds between strangers. */
const STRANGER_EVERY = 100;
const PRUNE_TO = 2 * 1_024 * 1_024;

/** Lets a node's chain grow by so many blocks, a multiple of 500, and says what it held on the way, and what a chain alone would have. */
export async function liveSoak(
  blocks: number,
  told: (point: SoakPoint) => void,
): Promise<readonly ComparedPoint[]> {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-soak-"));
  const file = join(folder, "source", "blocks.log");
  try {
    await run("make", join(folder, "source"), `${blocks}`, `${PAYMENTS}`);
    const [port] = await freePorts(1);
    const end = lastOf(storedBlocks(file)).header.time;
    const follower = spawnRun("sync", join(folder, "follower"), `${port}`, `${blocks}`, `${end}`);
    const followed = once(follower, "close");
    const points = await grow(join(folder, "node"), port!, storedBlocks(file), told, followed);
    return compareWithChain(points, BENCH_GENESIS, BENCH_PARAMS, storedBlocks(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function grow(
  folder: string,
  port: number,
  blocks: Iterable<Block>,
  told: (point: SoakPoint) => void,
  followed: Promise<unknown>,
): Promise<SoakPoint[]> {
  const open = (): Promise<LiveNode> =>
    openBenchNode(folder, { listen: { host: "127.0.0.1", port }, pruneTo: PRUNE_TO });
  let live = await open();
  const strangers = setInterval(() => visit(port), STRANGER_EVERY);
  const points: SoakPoint[] = [];
  try {
    for (const block of blocks) {
      live.host.setMockTime(block.header.time);
      live.submitBlock(block);
      const height = live.node.chain.tipHeight;
      if (height % BREATH === 0) await sleep(1);
      if (height % STEP > 0) continue;
      const point = look(live);
      points.push(point);
      told(point);
      if (points.length % 2 === 1) continue;
      await live.close();
      live = await open();
    }
    live.host.setMockTime(undefined);
    await followed;
  } finally {
    clearInterval(strangers);
    await live.close();
  }
  return points;
}

function look({ node: { chain } }: LiveNode): SoakPoint {
  const { tree } = chain.shared;
  return { height: chain.tipHeight, root: tree.height(tree.root), bytes: heldMemory() };
}

/** Somebody introduces himself, says something that means nothing, and is gone. */
function visit(port: number): void {
  const said: Message[] = [BENCH_VERSION, { command: "verack" }, { command: "getaddr" }];
  const start = wireHex(BENCH_PARAMS.messageStart);
  const socket = createConnection({ host: "127.0.0.1", port });
  socket.on("error", () => {}); // the node was being closed
  socket.resume();
  for (const message of said) socket.write(frameBytes(start, message.command, payloadBytes(message)));
  setTimeout(() => socket.end(new Uint8Array(64)), STRANGER_EVERY);
  setTimeout(() => socket.destroy(), 2 * STRANGER_EVERY);
}

function* storedBlocks(file: string): Generator<Block> {
  const places: number[] = [];
  const log = new BlockLog(new DiskFile(file), displayHash(BENCH_PARAMS.genesis.hash), file);
  log.scan((_block, place) => places.push(place));
  for (const place of places) yield log.read(place)!;
  log.close();
}

function lastOf(blocks: Iterable<Block>): Block {
  let last: Block | undefined;
  for (const block of blocks) last = block;
  return last!;
}
