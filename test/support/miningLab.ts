import {
  AS_IT_IS,
  type Block,
  blockHash,
  ChainView,
  type ConnectOptions,
  FROM_USER,
  type Generated,
  type GenerateOptions,
  generateBlocks,
  keyId,
  Mempool,
  medianTimePast,
  type OwnProducer,
  type Params,
  type PoolTip,
  payToKeyHash,
  plainEquihash,
  plainSolver,
  puzzleParams,
  Random,
  regtest,
  SharedChains,
  type Transaction,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { ChainBuilder } from "./chainBuilder.ts";
import { fastEcdsa } from "./ecdsa.ts";
import { testKey } from "./keys.ts";
import { withUpgrades } from "./networks.ts";

// A laboratory network of one node that makes its own blocks.

export const BENCHMARK_KEY = testKey("benchmark of the mining lab", false);
export const EMERGENCY_KEYS = [0, 1, 2, 3].map((i) => testKey(`emergency ${i}`));
export const MINER_KEY = testKey("miner");
export const MINER_SCRIPT = payToKeyHash(keyId(MINER_KEY.publicKey));

/** Every era within few blocks: the last proof-of-work block is 699. */
const ERAS = {
  lwma: 20,
  equihash144: 30,
  acadia: 60,
  kamiooka: 90,
  kamata: 130,
  flux: 220,
  halving: 350,
  p2shNodes: 560,
  pon: 700,
};

const SMALL = { n: 48, k: 5 };
const window = { begin: 0, end: 0 };

/** New collaterals only, no funding but at 300, targets enforced. */
export const labParams = (changes: Partial<Params> = {}, eras: Partial<typeof ERAS> = {}): Params => {
  const params: Params = {
    ...withUpgrades(regtest, { ...ERAS, ...eras }),
    name: "mining lab",
    kind: "lab",
    checkProofTargets: true,
    coinbaseMustBeShielded: false,
    coinbaseMaturity: 10,
    pow: { ...regtest.pow, equihash: [SMALL, SMALL, SMALL], minDifficultyAfterHeight: undefined },
    subsidy: { slowStartInterval: 0, halvingInterval: 100_000 },
    checkpoints: {},
    ...changes,
    fluxnodes: {
      ...regtest.fluxnodes,
      paymentStartHeight: 130,
      transitions: { cumulus: window, nimbus: window, stratus: window },
      benchmarkKeys: [{ validFrom: 0, publicKey: toWireHex(BENCHMARK_KEY.publicKey) }],
    },
    emergency: {
      ...regtest.emergency,
      minSignatures: 2,
      publicKeys: EMERGENCY_KEYS.map(({ publicKey }) => toWireHex(publicKey)),
    },
    funds: {
      ...regtest.funds,
      exchange: { ...regtest.funds.exchange, height: 300 },
      foundation: { ...regtest.funds.foundation, height: 300 },
      swapPool: { ...regtest.funds.swapPool, startHeight: 300 },
    },
  };
  const { genesis } = params;
  return { ...params, genesis: { ...genesis, hash: toDisplayHex(blockHash(genesisOf(params).header)) } };
};

/** The first block of {@link labParams}. */
export const genesisOf = (params: Params): Block => new ChainBuilder(params).block([]);

export class MiningLab {
  readonly params: Params;
  readonly view: ChainView;
  readonly mempool: Mempool;
  readonly connecting: ConnectOptions = { ecdsa: fastEcdsa, trust: "nothing" };
  producers: readonly OwnProducer[] = [];
  readonly #random = Random.root("mining lab");

  constructor(params: Params) {
    this.params = params;
    const shared = new SharedChains(genesisOf(params), { ...this.connecting, equihash: plainEquihash });
    this.view = new ChainView(shared.under(params), { useCheckpoints: false });
    this.mempool = new Mempool(params, fastEcdsa, this.#random.fork("pool"));
  }

  get tip(): PoolTip {
    return { state: this.view.state(), medianTime: medianTimePast(this.view.headers()) };
  }

  get tipTime(): number {
    const headers = this.view.headers();
    return headers.time(headers.height);
  }

  get height(): number {
    return this.view.tipHeight;
  }

  #generateOptions(changes: Partial<GenerateOptions>): GenerateOptions {
    return {
      ...this.connecting,
      params: this.params,
      payTo: MINER_SCRIPT,
      adjustedTime: this.tipTime + this.params.pow.targetSpacing,
      solver: () => plainSolver(puzzleParams(this.height + 1, this.params))!,
      random: this.#random,
      producers: this.producers,
      mempool: this.mempool,
      ...changes,
    };
  }

  /** As many blocks, a spacing apart, or the reason why not. */
  generate(count: number, changes: Partial<GenerateOptions> = {}): Generated {
    const hashes: Generated["hashes"][number][] = [];
    while (hashes.length < count) {
      const one = generateBlocks(this.view, 1, this.#generateOptions(changes));
      hashes.push(...one.hashes);
      if (one.stopped !== undefined) return { hashes, stopped: one.stopped };
    }
    return { hashes, stopped: undefined };
  }

  /** Blocks that must come about. */
  mine(count: number): void {
    const { stopped } = this.generate(count);
    if (stopped !== undefined) throw new Error(`${this.height + 1}: ${text(stopped)}`);
  }

  /** What its own user sends must be taken. */
  send(tx: Transaction): void {
    const now = this.tipTime;
    const from = tx.kind === "ordinary" ? FROM_USER : AS_IT_IS;
    const offer = this.mempool.accept(tx, this.tip, { now, adjustedTime: now }, from);
    if (!offer.accepted) throw new Error(`${this.height}: ${text(offer.refusal)}`);
  }

  /** The block at the tip. */
  get block(): Block {
    return this.view.block(this.view.tip) as Block; // nothing is folded here
  }
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}` : each));
