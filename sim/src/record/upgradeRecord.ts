import {
  ABSENT,
  type ChainView,
  type HeaderTree,
  isEmergencyBlock,
  type Observation,
  type Params,
  type PerTier,
  perTier,
  type SharedChain,
  toDisplayHex,
} from "@fluxlab/core";
import type { NetworkWorld } from "../world/networkWorld.ts";
import { mostCommon } from "./agreementSamples.ts";

/** One set of rules and the chain that was followed under it. */
export interface RulesChain {
  /** Nodes that run under these rules. */
  readonly nodesAtStart: number;
  readonly nodesAtEnd: number;
  /** The tip that most of them are on at the end, or the highest there was while there were any; undefined: none was of this run. */
  readonly tip: { readonly hash: string; readonly height: number; readonly seconds: number } | undefined;
  /** Blocks of the run up to that tip that are not on the other chain; all of them where there is no other. */
  readonly blocks: {
    readonly proofOfWork: number;
    readonly proofOfNode: number;
    readonly emergency: number;
  };
  /** Payments in those blocks, satoshi. */
  readonly payments: PerTier<{ readonly count: number; readonly amount: bigint }>;
}

/** What became of an upgrade. */
export interface UpgradeRecord {
  /** First block under the new rules of the run's last upgrade. */
  readonly height: number;
  /** Seconds into the run at which it was seen; undefined: it never was. */
  readonly seconds: number | undefined;
  /** Seconds that blocks are to be apart from then on; undefined where that does not change. */
  readonly ponSpacing: number | undefined;
  readonly upgraded: RulesChain;
  /** Undefined: nobody kept to the old rules. */
  readonly old: RulesChain | undefined;
  /** First block, by height, that the two chains do not share, and seconds into the run at which it was seen. */
  readonly split: { readonly height: number; readonly seconds: number } | undefined;
}

/** What is kept of a block on somebody's chain. */
interface SeenBlock {
  /** Display order, hex. */
  readonly hash: string;
  readonly parent: number;
  readonly height: number;
  /** Microseconds. */
  readonly time: number;
  readonly proof: "proofOfWork" | "proofOfNode" | "emergency";
  readonly paid: PerTier<bigint | undefined>;
}

/** Follows the chains under each set of rules; told of every observation. */
export class UpgradeRecorder {
  readonly #world: NetworkWorld;
  readonly #height: number;
  /** By row of the header tree. */
  readonly #blocks = new Map<number, SeenBlock>();
  /** Row of the highest tip under each set of rules. */
  readonly #highest = new Map<Params, number>();
  readonly #atStart: ReadonlyMap<Params, number>;

  /** `height`: of the run's last upgrade. */
  constructor(world: NetworkWorld, height: number) {
    this.#world = world;
    this.#height = height;
    this.#atStart = this.#count(({ params }) => params);
  }

  observe(node: number, observation: Observation, time: number, tree: HeaderTree): void {
    const row = observation.kind === "tip" ? tree.find(observation.hash) : ABSENT;
    if (row === ABSENT || observation.kind !== "tip") return;
    const { shared } = this.#world.nodes[node]!.chain;
    for (let at = row, i = 0; i < observation.connected && !this.#blocks.has(at); i++) {
      this.#blocks.set(at, seenBlock(at, shared, time));
      at = tree.parent(at);
    }
    const highest = this.#blocks.get(this.#highest.get(shared.params) ?? ABSENT);
    if (highest === undefined || observation.height > highest.height) this.#highest.set(shared.params, row);
  }

  record(): UpgradeRecord {
    const { params, late } = this.#world.plan;
    const upgraded = this.#path(params);
    const old = late === undefined ? undefined : this.#path(late.params);
    const [ofUpgraded, ofOld] = [new Set(upgraded), new Set(old ?? [])];
    const own = upgraded.filter((block) => !ofOld.has(block));
    const first = upgraded.find(({ height }) => height === this.#height);
    const split = old === undefined ? undefined : own.at(-1);
    const pon = params.upgrades.pon.height === this.#height;
    return {
      height: this.#height,
      seconds: first && first.time / SECOND,
      ponSpacing: pon ? params.pon.targetSpacing : undefined,
      upgraded: this.#chain(params, upgraded[0], own),
      old:
        late &&
        old &&
        this.#chain(
          late.params,
          old[0],
          old.filter((block) => !ofUpgraded.has(block)),
        ),
      split: split && { height: split.height, seconds: split.time / SECOND },
    };
  }

  /** Blocks of the run, from the tip that most nodes under these rules are on down; if none is left, from the highest there was. */
  #path(params: Params): SeenBlock[] {
    const tips = this.#count((shared, { tip }) => (shared.params === params ? tip : undefined));
    const path: SeenBlock[] = [];
    let block = this.#blocks.get(mostCommon(tips) ?? this.#highest.get(params) ?? ABSENT);
    for (; block !== undefined; block = this.#blocks.get(block.parent)) path.push(block);
    return path;
  }

  /** Nodes that run, by what is asked of each. */
  #count<Key>(keyOf: (shared: SharedChain, chain: ChainView) => Key | undefined): Map<Key, number> {
    const counts = new Map<Key, number>();
    this.#world.nodes.forEach(({ chain }, node) => {
      const key = this.#world.down[node] === 1 ? undefined : keyOf(chain.shared, chain);
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    });
    return counts;
  }

  #chain(params: Params, tip: SeenBlock | undefined, blocks: readonly SeenBlock[]): RulesChain {
    const made = (proof: SeenBlock["proof"]) => blocks.filter((block) => block.proof === proof).length;
    return {
      nodesAtStart: this.#atStart.get(params) ?? 0,
      nodesAtEnd: this.#count(({ params }) => params).get(params) ?? 0,
      tip: tip && { hash: tip.hash, height: tip.height, seconds: tip.time / SECOND },
      blocks: {
        proofOfWork: made("proofOfWork"),
        proofOfNode: made("proofOfNode"),
        emergency: made("emergency"),
      },
      payments: perTier((tier) => {
        const paid = blocks.flatMap((block) => block.paid[tier] ?? []);
        return { count: paid.length, amount: paid.reduce((sum, amount) => sum + amount, 0n) };
      }),
    };
  }
}

const SECOND = 1_000_000;

function seenBlock(row: number, shared: SharedChain, time: number): SeenBlock {
  const { tree, params } = shared;
  const header = tree.header(row);
  const { payments } = shared.deltaOf(row);
  const proof =
    header.kind === "pow" ? "proofOfWork" : isEmergencyBlock(header, params) ? "emergency" : "proofOfNode";
  return {
    hash: toDisplayHex(tree.hash(row)),
    parent: tree.parent(row),
    height: tree.height(row),
    time,
    proof,
    paid: perTier((tier) => payments.find((payment) => payment.tier === tier)?.amount),
  };
}
