import type { ConnectedChain } from "./connectedChain.ts";
import type { EconomyBeginning } from "./economyPlan.ts";
import { modelledRules } from "./labGenesis.ts";
import { adopt, adoptedState, type WorldStart, withLabKeys } from "./worldStart.ts";

/**
 * Full nodes go on from a chain that somebody recorded. Whose keys its FluxNodes have nobody here knows, so the laboratory's
 * operators take over all of them, keys and collaterals, as in a testnet that is made out of a live chain; from here on proof of work is
 * modelled. Blocks, amounts, heights and turns are as recorded.
 */
export function forkedStart({ params, start }: ConnectedChain): WorldStart {
  const { state } = start;
  const adopted = adopt(
    Array.from(state.fluxnodes(), ({ outpoint, identity, ip }) => ({
      tier: identity.tier,
      collateral: outpoint,
      ip,
    })),
  );
  const { coins, fluxnodes } = adoptedState(state, adopted);
  return {
    chain: {
      ...start,
      state: {
        height: state.height,
        blockHash: state.blockHash,
        supply: state.supply,
        sproutTree: state.sproutTree,
        sproutTreeAt: (root) => state.sproutTreeAt(root),
        coins,
        fluxnodes,
        allDelegates: () => state.allDelegates(),
        sproutNullifiers: () => state.sproutNullifiers(),
        sproutAnchors: () => state.sproutAnchors(),
      },
    },
    params: withLabKeys(modelledRules(params)),
    fluxnodes: adopted.fluxnodes,
    idle: new Set(),
    seconds: start.block.header.time + 1,
  };
}

/** An economy goes on from a chain that somebody recorded. */
export const forkedEconomy = ({ start: { state } }: ConnectedChain): EconomyBeginning => ({
  nodes: [...state.fluxnodes()],
  supply: state.supply.transparent + state.supply.sprout,
});
