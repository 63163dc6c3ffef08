import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Block, ChainView } from "@fluxlab/core";
import { hours, labParams, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { BlockLog, DiskFile } from "@fluxlab/testnet/host";
import { injectFaults } from "../../sim/src/faults/injectFaults.ts";
import { compileNetwork } from "../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../sim/src/world/networkWorld.ts";
import { heldMemory } from "../support/heldMemory.ts";
import { type ComparedPoint, compareWithChain, type SoakPoint } from "./growth.ts";

// A few full nodes for a long time, under operators that update their FluxNodes, while a process dies every few minutes and comes back.
// What is watched is memory: chains fold, pools and queues come and go, and whatever is forgotten by nobody adds up.

const HOUR = 3_600_000_000;
/** Every so often a node is killed, and is down so long. */
const KILL_EVERY = 5;
const DOWN = 2;
const NODES = 6;
/** Nodes 0 and 1 stay: somebody has to have the chain. */
const STEADY = 2;

/** What was there at the end of an hour. */
export interface HourPoint extends SoakPoint {
  readonly hour: number;
  /** Processes that were killed and started again so far. */
  readonly restarts: number;
}

/** Plays so many hours of the world's clock, tells of each when it is over, and then says what a chain alone would have held. */
export function soak(
  hoursToPlay: number,
  told: (point: HourPoint) => void,
  seed = 1,
): readonly (HourPoint & ComparedPoint)[] {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-soak-"));
  try {
    const kills = Math.floor((hoursToPlay * 60) / KILL_EVERY) - 1;
    const compiled = compileNetwork(soakScenario(hoursToPlay, kills), labParams, seed);
    const { genesis } = compiled.lab;
    const followed = new FollowedBlocks(join(folder, "blocks.log"));
    const points = playHours(hoursToPlay, kills, compiled, followed, told);
    const compared = compareWithChain(points, genesis, compiled.plan.params, followed);
    return points.map((point, i) => ({ ...point, ...compared[i]! }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function soakScenario(hoursToPlay: number, kills: number) {
  return networkScenario({
    name: "soak",
    title: "Soak",
    network: "lab",
    nodes: NODES,
    run: hours(hoursToPlay),
    blockInterval: seconds(30),
    topology: { random: 3 },
    fluxnodes: { cumulus: 6, nimbus: 3, stratus: 2 },
    keepAlive: true,
    faults: Array.from({ length: kills }, (_, i) => ({
      fault: "kill" as const,
      at: minutes((i + 1) * KILL_EVERY),
      for: minutes(DOWN),
      nodes: { ids: [STEADY + (i % (NODES - STEADY))] },
    })),
  });
}

function playHours(
  hoursToPlay: number,
  kills: number,
  { plan, lab, faults }: ReturnType<typeof compileNetwork>,
  followed: FollowedBlocks,
  told: (point: HourPoint) => void,
): HourPoint[] {
  const world = new NetworkWorld(plan, lab, (node, observation) => {
    if (node === 0 && observation.kind === "tip") followed.note(world.nodes[0]!.chain, observation.connected);
  });
  injectFaults(world, faults);
  const { chain } = world.nodes[0]!;
  followed.note(chain, chain.tipHeight);
  const points: HourPoint[] = [];
  for (let hour = 1; hour <= hoursToPlay; hour++) {
    world.advance(hour * HOUR);
    const restarts = Math.min(kills, Math.floor((hour * 60 - DOWN) / KILL_EVERY));
    const { tree } = world.chain;
    const seen = { height: chain.tipHeight, root: tree.height(tree.root) };
    const point = { hour, restarts, ...seen, bytes: heldMemory() };
    points.push(point);
    told(point);
  }
  return points;
}

/** What became part of a node's chain, in that order, in a file. */
class FollowedBlocks {
  readonly #log: BlockLog;
  readonly #places: number[] = [];

  constructor(file: string) {
    this.#log = new BlockLog(new DiskFile(file), new Uint8Array(32), file);
  }

  /** Notes the last `count` blocks of a chain. */
  note(chain: ChainView, count: number): void {
    const { tree } = chain.shared;
    for (let height = chain.tipHeight - count + 1; height <= chain.tipHeight; height++) {
      const block = chain.block(tree.ancestor(chain.tip, height));
      if (block === undefined || block === "pruned") throw new Error("a node has what it just connected");
      this.#places.push(this.#log.append(block));
    }
  }

  *[Symbol.iterator](): Generator<Block> {
    for (const place of this.#places) yield this.#log.read(place)!;
  }
}
