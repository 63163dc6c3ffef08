import type { NetworkWorld } from "../world/networkWorld.ts";
import type { ClockFault, CrashFault, Injection, PauseFault, SlowDiskFault, UpgradeFault } from "./fault.ts";

// What befalls the machines that nodes run on: their processes, disks and clocks.

export const crash = (world: NetworkWorld, { nodes, disk }: CrashFault): Injection => ({
  begin: () => {
    for (const node of nodes) world.kill(node);
  },
  end: () => {
    for (const node of nodes) world.restart(node, disk);
  },
});

export const pause = (world: NetworkWorld, { nodes, end }: PauseFault): Injection => ({
  begin: () => {
    for (const node of nodes) world.pause(node, end);
  },
  end: () => {},
});

export function slowDisk(world: NetworkWorld, { nodes, blockTime }: SlowDiskFault): Injection {
  const slow = (by: number) => () => {
    for (const node of nodes) world.diskTime[node]! += by;
  };
  return { begin: slow(blockTime), end: slow(-blockTime) };
}

export function clock(world: NetworkWorld, { nodes, offset, drift, stays }: ClockFault): Injection {
  const turn = (by: number, rate: number) => {
    for (const node of nodes) world.setClock(node, by, rate);
  };
  return {
    begin: () => turn(offset, drift),
    end: () => {
      if (!stays) turn(-offset, -drift);
    },
  };
}

/** The operator stops the node, installs the new version and starts it on the old disk. */
export const upgrade = (world: NetworkWorld, { nodes, params }: UpgradeFault): Injection => ({
  begin: () => {
    for (const node of params === undefined ? [] : nodes) {
      world.kill(node);
      world.restart(node, { kind: "whole" }, params);
    }
  },
  end: () => {},
});
