import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Block,
  type BlockHeader,
  displayHash,
  frameBytes,
  type Message,
  payloadBytes,
  wireHex,
} from "@fluxlab/core";
import { BlockLog, DiskFile, type LiveNode } from "@fluxlab/testnet/host";
import { run, saidBy, spawnRun } from "../perf/liveNodeChild.ts";
import { BENCH_GENESIS, BENCH_PARAMS, openBenchNode } from "../support/benchNode.ts";
import { heldMemory } from "../support/heldMemory.ts";
import { BENCH_VERSION } from "../support/nodeBench.ts";
import { type ComparedPoint, compareWithChain, type SoakPoint } from "./growth.ts";

// One live node, on sockets and a disk, as it comes: it folds, snapshots and prunes as ever, while it follows a peer through a long
// chain, strangers come and go, and it is closed and opened again and again.

const PAYMENTS = 2;
/** Blocks between two looks; after every second the node is closed and opened. */
const STEP = 500;
/** Milliseconds between strangers. */
const STRANGER_EVERY = 100;
const PRUNE_TO = 2 * 1_024 * 1_024;

/** Follows a chain of so many blocks, a multiple of 500, and says what the node held on the way, and what a chain alone would have. */
export async function liveSoak(
  blocks: number,
  told: (point: SoakPoint) => void,
): Promise<readonly ComparedPoint[]> {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-soak-"));
  const source = join(folder, "source");
  try {
    await run("make", source, `${blocks}`, `${PAYMENTS}`);
    const server = spawnRun("serve", source);
    const peer = await saidBy<{ port: number; time: number }>(server);
    const points = await follow(join(folder, "node"), peer, blocks, told);
    const ended = once(server, "close");
    server.stdin.end();
    await ended;
    const file = join(source, "blocks.log");
    const headers = function* (): Generator<BlockHeader> {
      for (const { header } of storedBlocks(file)) yield header;
    };
    return compareWithChain(points, BENCH_GENESIS, BENCH_PARAMS, storedBlocks(file), headers());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function follow(
  folder: string,
  { port, time }: { readonly port: number; readonly time: number },
  blocks: number,
  told: (point: SoakPoint) => void,
): Promise<SoakPoint[]> {
  const open = async (): Promise<LiveNode> => {
    const opened = await openBenchNode(folder, { port, pruneTo: PRUNE_TO });
    opened.host.setMockTime(time);
    return opened;
  };
  let live = await open();
  const strangers = setInterval(() => visit(live), STRANGER_EVERY);
  const points: SoakPoint[] = [];
  try {
    for (let height = STEP; height <= blocks; height += STEP) {
      while (live.node.chain.tipHeight < height) await sleep(20);
      const point = look(live);
      points.push(point);
      told(point);
      if (points.length % 2 === 1) continue;
      await live.close();
      live = await open();
    }
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
function visit({ listening }: LiveNode): void {
  const said: Message[] = [BENCH_VERSION, { command: "verack" }, { command: "getaddr" }];
  const start = wireHex(BENCH_PARAMS.messageStart);
  const socket = createConnection({ host: "127.0.0.1", port: listening!.port });
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
