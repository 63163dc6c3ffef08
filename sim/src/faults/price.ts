import { Random, rewardRun, TIERS } from "@fluxlab/core";
import type { LabOperator } from "../world/labOperator.ts";
import type { NetworkWorld } from "../world/networkWorld.ts";
import { payingNodes } from "../world/payingNodes.ts";
import type { Injection, PriceFault } from "./fault.ts";

const SECOND = 1_000_000;

/**
 * The coin's price is another for a while. In each tier operators leave, or those who were away come, until as many look after their
 * FluxNodes as the tier's income pays for; afterwards everybody is where he was. Who leaves lets his FluxNode expire and keeps the
 * collateral, since he means to come back.
 */
export function price(world: NetworkWorld, { nodes, upkeep, start }: PriceFault): Injection {
  const random = Random.root(`${world.plan.seed}/price ${start}`);
  const here = nodes.flatMap((node) => world.operators.get(node) ?? []);
  const moves: { readonly operator: LabOperator; readonly by: 1 | -1 }[] = [];
  return {
    begin: () => {
      const paying = payingNodes(upkeep, ...incomeOf(world));
      for (const [i, tier] of TIERS.entries()) {
        const ofTier = ({ fluxnode, sold }: LabOperator) => fluxnode.tier === tier && !sold;
        const run = [...world.operators.values()].flat().filter((each) => ofTier(each) && each.isRun).length;
        const by = paying[i]! > run ? 1 : -1;
        const movable = here.filter((each) => ofTier(each) && each.isRun === (by === -1));
        random.shuffle(movable);
        for (const operator of movable.slice(0, Math.abs(paying[i]! - run))) moves.push({ operator, by });
      }
      for (const { operator, by } of moves) operator.worth += by;
    },
    end: () => {
      for (const { operator, by } of moves) operator.worth -= by;
    },
  };
}

/** Satoshi by tier index that the next block on the highest chain pays, and seconds from block to block. */
function incomeOf({ nodes, plan }: NetworkWorld): [shares: readonly bigint[], spacing: number] {
  const height = 1 + nodes.reduce((most, { chain }) => Math.max(most, chain.tipHeight), 0);
  const { shares, spacing } = rewardRun(plan.params, height);
  const isMined = height < plan.params.upgrades.pon.height;
  return [shares, isMined ? plan.blockInterval / SECOND : spacing];
}
