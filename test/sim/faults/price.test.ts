import { labParams, networkScenario, usd } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { injectFaults } from "../../../sim/src/faults/injectFaults.ts";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";

// What the coin's price does to operators of FluxNodes in a world of full nodes.

const MINUTE = 60_000_000;
const COUNTS = { cumulus: 3, nimbus: 1, stratus: 1 };

/** A world in which one FLUX costs 0.01 USD from the first to the 36th minute, by what it costs to run a node of each tier. */
function worldWhere(cumulus: number, nimbus: number, stratus: number): NetworkWorld {
  const { plan, lab, faults } = compileNetwork(
    networkScenario({
      ...{ name: "price", title: "A price", network: "lab", nodes: 6, run: "70 min" },
      ...{ blockInterval: "15 s", topology: { random: 3 }, fluxnodes: COUNTS },
      faults: [
        {
          ...{ fault: "price", at: "1 min", for: "35 min", nodes: "all", price: usd(0.01) },
          monthlyCost: { cumulus: usd(cumulus), nimbus: usd(nimbus), stratus: usd(stratus) },
        },
      ],
    }),
    labParams,
    5,
  );
  const world = new NetworkWorld(plan, lab, () => {});
  injectFaults(world, faults);
  return world;
}

/** Confirmed FluxNodes by tier. */
function confirmed(world: NetworkWorld): Record<string, number> {
  const counts: Record<string, number> = { cumulus: 0, nimbus: 0, stratus: 0 };
  for (const { status, identity } of world.nodes[0]!.chain.state().fluxnodes()) {
    if (status === "confirmed") counts[identity.tier]!++;
  }
  return counts;
}

test("operators leave until as many are left as the tier's income pays for, and come back with the price", () => {
  // 5.625 FLUX to the Cumulus tier in each of 172,800 blocks a month are 9,720 USD.
  const world = worldWhere(4_860, 0, 1_000_000);
  world.advance(36 * MINUTE);
  expect(confirmed(world)).toEqual({ cumulus: 2, nimbus: 1, stratus: 0 });
  world.advance(70 * MINUTE);
  expect(confirmed(world)).toEqual(COUNTS);
});

test("operators who were away come while the price pays for them", () => {
  const world = worldWhere(4_860, 0, 1_000_000);
  for (const operator of [...world.operators.values()].flat()) operator.leave();
  world.advance(36 * MINUTE);
  expect(confirmed(world)).toEqual({ cumulus: 2, nimbus: 1, stratus: 0 });
  world.advance(70 * MINUTE);
  expect(confirmed(world)).toEqual({ cumulus: 0, nimbus: 0, stratus: 0 });
});
