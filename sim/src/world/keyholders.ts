import {
  addEmergencySignature,
  assert,
  type Block,
  createTemplate,
  devFundScript,
  emergencyCollateral,
  equalBytes,
  type FullNode,
  nobleEcdsa,
  ponHeightReached,
  Random,
} from "@fluxlab/core";
import { EMERGENCY_KEYS } from "./labRules.ts";
import type { KeyholderPlan } from "./networkPlan.ts";
import type { NetworkWorld } from "./networkWorld.ts";

/** Microseconds between looks at the chain. */
const LOOK_EVERY = 5_000_000;

/**
 * People with emergency keys, each at a node of his own, who watch the chain: when it has stood still for too long under proof of
 * node, the first who is there makes a block and signs it, hands it on, and whoever signs last gives it to the network.
 * Consensus lets them do so at any time; that they wait is their own rule. Source: fluxd src/rpc/emergencyblock.cpp.
 */
export class Keyholders {
  readonly #world: NetworkWorld;
  readonly #plan: KeyholderPlan;
  readonly #random: Random;
  /** Whether a block is being signed. */
  #busy = false;

  constructor(world: NetworkWorld, plan: KeyholderPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#random = Random.root(`${world.plan.seed}/keyholders`);
  }

  /** To be called once, before the world is played. */
  watch(): void {
    const look = () => {
      if (!this.#busy) this.#look();
      if (this.#world.now + LOOK_EVERY < this.#world.plan.duration) {
        this.#world.interfere(this.#world.now + LOOK_EVERY, look);
      }
    };
    this.#world.interfere(LOOK_EVERY, look);
  }

  #look(): void {
    const worried = this.#worried();
    const { minSignatures } = this.#world.plan.params.emergency;
    if (worried.length < minSignatures) return;
    const block = this.#make(this.#world.nodes[this.#plan.nodes[worried[0]!]!]!);
    if (block === undefined) return;
    this.#busy = true;
    this.#sign(block, worried.slice(0, minSignatures));
  }

  /** Keyholders whose nodes run, and show a chain that stands still. */
  #worried(): number[] {
    const { nodes, down } = this.#world;
    return this.#plan.nodes.flatMap((node, holder) =>
      down[node] === 0 && this.#standsStill(nodes[node]!) ? [holder] : [],
    );
  }

  #standsStill({ chain, adjustedTime }: FullNode): boolean {
    const headers = chain.headers();
    return (
      ponHeightReached(chain.shared.params.upgrades, chain.tipHeight + 1) &&
      adjustedTime - headers.time(headers.height) >= this.#plan.after / 1_000_000
    );
  }

  /** createemergencyblock */
  #make({ chain, mempool, adjustedTime }: FullNode): Block | undefined {
    const { params, verifier } = chain.shared;
    const made = createTemplate(
      {
        parent: { state: chain.state(), headers: chain.headers() },
        pool: mempool.pool,
        payTo: devFundScript(params),
        time: adjustedTime,
        producer: emergencyCollateral(params),
        random: this.#random,
      },
      params,
      { ecdsa: verifier.ecdsa, trust: "nothing" },
    );
    mempool.dropUnfit(made.unfit);
    return made.outcome === "made" ? made.template.block : undefined;
  }

  /** signemergencyblock, by one after another. Whoever finds that the chain has moved on lets the block lie. */
  #sign(block: Block, [holder, ...others]: readonly number[]): void {
    const world = this.#world;
    const at = this.#plan.nodes[holder!]!;
    const node = world.nodes[at]!;
    if (world.down[at] === 1 || !equalBytes(node.chain.tipHash, block.header.previousHash)) {
      this.#busy = false;
      return;
    }
    const { params } = node.chain.shared;
    const signed = addEmergencySignature(block, EMERGENCY_KEYS[holder!]!, nobleEcdsa, params);
    assert(typeof signed !== "string", "each keyholder signs once, with a key that is listed");
    if (others.length > 0) {
      world.interfere(world.now + this.#plan.handling, () => this.#sign(signed, others));
      return;
    }
    this.#busy = false;
    const hash = node.chain.shared.tree.hashOf(signed.header);
    world.observe(at, { kind: "produced", hash, height: node.chain.tipHeight + 1 });
    node.submitBlock(signed);
  }
}
