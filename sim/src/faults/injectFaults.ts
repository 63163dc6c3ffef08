import type { NetworkWorld } from "../world/networkWorld.ts";
import { byzantine } from "./byzantine.ts";
import { operators, power, swaps } from "./economicFaults.ts";
import type { Fault, Injection } from "./fault.ts";
import { clock, crash, pause, slowDisk, upgrade } from "./hostFaults.ts";
import { LinkTroubles } from "./linkTroubles.ts";
import { price } from "./price.ts";
import { timestampGames } from "./timestampGames.ts";

/** Has every fault begin and end in the world at its time; to be called before the world is played. */
export function injectFaults(world: NetworkWorld, faults: readonly Fault[]): void {
  const troubles = new LinkTroubles(world.faults, world.plan.nodes);
  for (const fault of faults) {
    const { begin, end } = injection(world, fault, troubles);
    world.interfere(fault.start, begin);
    world.interfere(fault.end, end);
  }
}

function injection(world: NetworkWorld, fault: Fault, troubles: LinkTroubles): Injection {
  switch (fault.kind) {
    case "link":
      return troubles.injection(fault);
    case "crash":
      return crash(world, fault);
    case "pause":
      return pause(world, fault);
    case "slowDisk":
      return slowDisk(world, fault);
    case "clock":
      return clock(world, fault);
    case "upgrade":
      return upgrade(world, fault);
    case "byzantine":
      return byzantine(world, fault);
    case "timestamps":
      return timestampGames(world, fault);
    case "power":
      return power(world, fault);
    case "operators":
      return operators(world, fault);
    case "price":
      return price(world, fault);
    case "swaps":
      return swaps(world, fault);
  }
}
