import { type FullNode, maxAhead } from "@fluxlab/core";
import type { NetworkWorld } from "../world/networkWorld.ts";
import type { BlockTime } from "../world/worldHooks.ts";
import type { Injection, TimestampFault } from "./fault.ts";

/** A block may not be earlier than the median of those before it; the template sees to that. */
const asEarlyAsAllowed: BlockTime = () => 0;

/** As far ahead of its clock as the miner's own node lets in; nodes whose clocks are behind do not yet. */
const asLateAsAllowed: BlockTime = ({ chain, adjustedTime }: FullNode) =>
  adjustedTime + maxAhead("pow", chain.tipHeight, chain.shared.params);

/** Miners stamp their blocks with the first or the last time that the rules allow, whatever their clocks say. */
export const timestampGames = (world: NetworkWorld, { nodes, stamp }: TimestampFault): Injection => ({
  begin: () => {
    for (const node of nodes)
      world.blockTimes.set(node, stamp === "early" ? asEarlyAsAllowed : asLateAsAllowed);
  },
  end: () => {
    for (const node of nodes) world.blockTimes.delete(node);
  },
});
