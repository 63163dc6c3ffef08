import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { regtest } from "@fluxlab/core";
import { minutes, networkScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { compileNetwork } from "../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../sim/src/world/networkWorld.ts";

/** KiB that a full node with 8 outbound links held after ten blocks when this was last set; say in the changelog why it changes. */
const STORED_KIB = 34;
/** Engines and hosts differ; what is found here is a column or an object for each peer that somebody added. */
const MARGIN = 1.4;

const [FEW, MANY] = [300, 1_200];

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function held(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that a world of so many nodes holds. */
function bytesOf(nodes: number): number {
  const before = held();
  const scenario = networkScenario({
    name: "memory",
    title: "Memory",
    network: "regtest",
    nodes,
    run: minutes(20),
    blockInterval: "120 s",
    topology: { random: 8 },
  });
  const { plan, lab } = compileNetwork(scenario, regtest, 10);
  const world = new NetworkWorld(plan, lab, () => {});
  world.advance(20 * 60 * 1_000_000);
  expect(world.blocksMined).toBeGreaterThan(3);
  return held() - before;
}

test("a full node of a world is as small as it was", () => {
  bytesOf(FEW); // what is loaded and compiled once is nobody's
  const kib = (bytesOf(MANY) - bytesOf(FEW)) / (MANY - FEW) / 1_024;
  console.log(`a full node holds ${kib.toFixed(1)} KiB`);
  expect(kib).toBeLessThan(STORED_KIB * MARGIN);
  expect(kib, "the stored size is out of date").toBeGreaterThan(STORED_KIB / MARGIN);
}, 300_000);
