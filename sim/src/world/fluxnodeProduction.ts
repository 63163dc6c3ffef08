import { FluxnodeProducer, type FullNode, type Random, SharedDraws } from "@fluxlab/core";
import type { LabOperator } from "./labOperator.ts";
import { NO_UPGRADE } from "./labRules.ts";
import type { PortsHost } from "./virtualPorts.ts";
import type { Mining } from "./worldHooks.ts";

/**
 * FluxNodes that make blocks in their slots. Who draws which slot is found once for all nodes that are on the same tip; each node
 * looks at its slots by its own clock.
 */
export class FluxnodeProduction {
  readonly #draws = new SharedDraws();
  readonly #operators: ReadonlyMap<number, readonly LabOperator[]>;
  readonly #minings: ReadonlyMap<number, Mining>;
  readonly #host: Pick<PortsHost, "observe">;
  readonly #random: Random;

  /** `minings`: what nodes do with blocks in place of giving them to themselves. */
  constructor(
    operators: ReadonlyMap<number, readonly LabOperator[]>,
    minings: ReadonlyMap<number, Mining>,
    host: Pick<PortsHost, "observe">,
    random: Random,
  ) {
    this.#operators = operators;
    this.#minings = minings;
    this.#host = host;
    this.#random = random;
  }

  /** A node that has just been made produces for the FluxNodes it runs, if there are any and its rules ever let it. */
  attach(number: number, node: FullNode): void {
    if (node.chain.shared.params.upgrades.pon.height === NO_UPGRADE) return;
    const own = (this.#operators.get(number) ?? []).map(({ fluxnode }) => fluxnode);
    if (own.length === 0) return;
    const producer = new FluxnodeProducer(own, this.#draws, this.#random, (block) => {
      const mining = this.#minings.get(number);
      if (mining === undefined) return false;
      const { tipHeight, shared } = node.chain;
      const hash = shared.tree.hashOf(block.header);
      this.#host.observe(number, { kind: "produced", hash, height: tipHeight + 1 });
      mining(block);
      return true;
    });
    node.attach(producer);
  }
}
