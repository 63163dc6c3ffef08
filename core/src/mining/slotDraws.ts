import type { ChainView } from "../chain/chainView.ts";
import type { SharedChain } from "../chain/sharedChain.ts";
import type { Params } from "../params/params.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { type ProductionRound, ponSchedule } from "../rules/ponSchedule.ts";
import { outpointKey } from "../state/outpointKey.ts";
import { productionRound } from "./productionRound.ts";

/** Slots that are remembered of a round: nodes whose clocks are right ask about the same one, the others about one beside it. */
const MOST_SLOTS = 16;

/** Ranks of the slots after one parent. A slot is drawn for all nodes at once, when first asked about. */
export class SlotDraws {
  readonly round: ProductionRound;
  readonly params: Params;
  /** By slot, then by key of the collateral. */
  readonly #ranks = new Map<number, ReadonlyMap<string, number>>();

  constructor(round: ProductionRound, params: Params) {
    this.round = round;
    this.params = params;
  }

  /** From 1; undefined if the node may not produce in the slot. */
  rank(slot: number, collateral: Outpoint): number | undefined {
    let ranks = this.#ranks.get(slot);
    if (ranks === undefined) {
      if (this.#ranks.size === MOST_SLOTS) this.#ranks.clear();
      const [scheduled] = ponSchedule(this.round, slot, 1, this.params);
      ranks = new Map(scheduled!.producers.map(({ collateral: own, rank }) => [outpointKey(own), rank]));
      this.#ranks.set(slot, ranks);
    }
    return ranks.get(outpointKey(collateral));
  }
}

/** Tips whose draws are remembered: few more than there are branches. */
const MOST_TIPS = 64;

/** The draws on the tips of any number of nodes, worked out once for those that are on the same tip by the same rules. */
export class SharedDraws {
  readonly #byRules = new WeakMap<SharedChain, Map<number, SlotDraws>>();

  /** On a node's tip. */
  on(chain: ChainView): SlotDraws {
    const { shared, tip } = chain;
    let byTip = this.#byRules.get(shared);
    if (byTip === undefined) {
      byTip = new Map();
      this.#byRules.set(shared, byTip);
    }
    let draws = byTip.get(tip);
    if (draws === undefined) {
      if (byTip.size === MOST_TIPS) byTip.clear();
      draws = new SlotDraws(productionRound(chain.state(), chain.headers(), shared.params), shared.params);
      byTip.set(tip, draws);
    }
    return draws;
  }
}
