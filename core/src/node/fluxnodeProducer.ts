import type { KeyPair } from "../crypto/keys.ts";
import type { OwnProducer } from "../mining/generate.ts";
import { NO_SLOT, type ProducerDuty, producerDuty, signPonBlock, stillDue } from "../mining/ponProducer.ts";
import type { SharedDraws } from "../mining/slotDraws.ts";
import { createTemplate, devFundScript } from "../mining/template.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import type { Block } from "../primitives/block.ts";
import type { Random } from "../util/random.ts";
import type { Producer, ProducerView } from "./producer.ts";

/** One FluxNode of the host's. */
interface Minter extends OwnProducer {
  readonly key: KeyPair;
  triedSlot: number;
  due: Extract<ProducerDuty, { duty: "mint" }> | undefined;
}

/** What a host may do with a block in place of giving it to its node; returns whether it did. */
export type TakeBlock = (block: Block) => boolean;

const LEAVE_IT: TakeBlock = () => false;

/**
 * Makes the blocks of a host's FluxNodes in their slots, from proof of node on. Several nodes of one host each keep to their own
 * ranks. Source: fluxd src/pon/pon-minter.cpp PONMinter.
 */
export class FluxnodeProducer implements Producer {
  readonly #minters: readonly Minter[];
  readonly #draws: SharedDraws;
  readonly #random: Random;
  readonly #take: TakeBlock;

  /** `draws` may be those of any number of hosts. */
  constructor(nodes: readonly OwnProducer[], draws: SharedDraws, random: Random, take: TakeBlock = LEAVE_IT) {
    this.#minters = nodes.map(({ collateral, key }) => ({
      collateral,
      key,
      triedSlot: NO_SLOT,
      due: undefined,
    }));
    this.#draws = draws;
    this.#random = random;
    this.#take = take;
  }

  produce(view: ProducerView): { readonly block: Block } | { readonly askAt: number | undefined } {
    const { chain, catchingUp, seconds, peers } = view;
    const { upgrades, miningRequiresPeers } = chain.shared.params;
    // Only another tip ends either.
    if (!ponHeightReached(upgrades, chain.tipHeight + 1) || catchingUp) return { askAt: undefined };
    if (miningRequiresPeers && peers.all.length === 0) return { askAt: seconds + 1 };
    let askAt: number | undefined;
    for (const minter of this.#minters) {
      const at = this.#attend(minter, view);
      if (at === seconds) {
        const block = this.#mint(minter, view);
        if (block !== undefined && !this.#take(block)) return { block };
        askAt = seconds + 1;
      } else askAt = Math.min(askAt ?? at, at);
    }
    return { askAt };
  }

  /** When the node has to be looked at again; now if its block is due. Unix seconds. */
  #attend(minter: Minter, { chain, seconds }: ProducerView): number {
    const { params } = chain.shared;
    if (minter.due !== undefined && !stillDue(minter.due, chain.tipHash, seconds, params)) {
      minter.due = undefined;
    }
    if (minter.due === undefined) {
      const duty = producerDuty(this.#draws.on(chain), minter.collateral, seconds, minter.triedSlot);
      minter.triedSlot = duty.triedSlot;
      if (duty.duty === "wait") return duty.until;
      minter.due = duty;
    }
    return Math.max(minter.due.at, seconds);
  }

  /** The block; undefined if rules forbid one now. */
  #mint(minter: Minter, { chain, mempool, seconds }: ProducerView): Block | undefined {
    minter.due = undefined;
    const { params, verifier } = chain.shared;
    const request = {
      parent: { state: chain.state(), headers: chain.headers() },
      pool: mempool.pool,
      payTo: devFundScript(params),
      time: seconds,
      producer: minter.collateral,
      random: this.#random,
    };
    const made = createTemplate(request, params, { ecdsa: verifier.ecdsa, trust: "nothing" });
    mempool.dropUnfit(made.unfit);
    return made.outcome === "made"
      ? signPonBlock(made.template.block, minter.key, verifier.ecdsa)
      : undefined;
  }
}
