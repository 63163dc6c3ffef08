import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hours, labParams, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { injectFaults } from "../../sim/src/faults/injectFaults.ts";
import { compileNetwork } from "../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../sim/src/world/networkWorld.ts";

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
export interface SoakPoint {
  readonly hour: number;
  readonly height: number;
  /** Processes that were killed and started again so far. */
  readonly restarts: number;
  /** Bytes on the heap and in array buffers after a full collection. */
  readonly bytes: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function held(): number {
  // Buffers of the dead are freed beside the collection that finds them; the next one waits for that.
  for (let i = 0; i < 3; i++) collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Plays so many hours of the world's clock, and tells of each when it is over. */
export function soak(hoursToPlay: number, told: (point: SoakPoint) => void, seed = 1): SoakPoint[] {
  const kills = Math.floor((hoursToPlay * 60) / KILL_EVERY) - 1;
  const scenario = networkScenario({
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
  const { plan, lab, faults } = compileNetwork(scenario, labParams, seed);
  const world = new NetworkWorld(plan, lab, () => {});
  injectFaults(world, faults);
  const points: SoakPoint[] = [];
  for (let hour = 1; hour <= hoursToPlay; hour++) {
    world.advance(hour * HOUR);
    const restarts = Math.min(kills, Math.floor((hour * 60 - DOWN) / KILL_EVERY));
    const point = { hour, height: world.nodes[0]!.chain.tipHeight, restarts, bytes: held() };
    points.push(point);
    told(point);
  }
  return points;
}

/** Bytes by which memory grows an hour, by least squares over the hours from `from` on. */
export function growthAnHour(points: readonly SoakPoint[], from: number): number {
  const late = points.filter(({ hour }) => hour >= from);
  const mean = (value: (point: SoakPoint) => number): number =>
    late.reduce((sum, point) => sum + value(point), 0) / late.length;
  const [hour, bytes] = [mean((point) => point.hour), mean((point) => point.bytes)];
  const spread = late.reduce((sum, point) => sum + (point.hour - hour) ** 2, 0);
  return late.reduce((sum, point) => sum + (point.hour - hour) * (point.bytes - bytes), 0) / spread;
}
