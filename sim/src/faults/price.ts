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
  const moved: { readonly operator: LabOperator; readonly came: boolean }[] = [];
  return {
    begin: () => {
      const paying = payingNodes(upkeep, ...incomeOf(world));
      for (const [i, tier] of TIERS.entries()) {
        const active = [...world.operators.values()].flat().filter((each) => each.active);
        const count = active.filter(({ fluxnode }) => fluxnode.tier === tier).length;
        const came = paying[i]! > count;
        const movable = nodes
          .flatMap((node) => world.operators.get(node) ?? [])
          .filter(({ fluxnode, active }) => fluxnode.tier === tier && active !== came);
        random.shuffle(movable);
        for (const operator of movable.slice(0, Math.abs(paying[i]! - count))) moved.push({ operator, came });
      }
      for (const { operator, came } of moved) came ? operator.comeBack() : operator.leave();
    },
    end: () => {
      for (const { operator, came } of moved) came ? operator.leave() : operator.comeBack();
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
