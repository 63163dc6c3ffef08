import {
  AS_IT_IS,
  assert,
  type Block,
  branchIdAt,
  ChainView,
  COLLATERAL_MATURITY,
  FROM_USER,
  generateBlocks,
  keyId,
  Mempool,
  medianTimePast,
  NEW_COLLATERAL,
  nobleEcdsa,
  payToKeyHash,
  plainEquihash,
  planTransaction,
  Random,
  SharedChains,
  signTransaction,
  startFor,
  type Tier,
  type Transaction,
  txid,
} from "@fluxlab/core";
import type { LabFluxnode } from "./labFluxnode.ts";
import type { LabNetwork } from "./labGenesis.ts";
import { labKey } from "./labKeys.ts";
import { confirmOf, INITIAL } from "./labOperator.ts";

/** Blocks on which a run can begin, genesis left out, and the FluxNodes that are confirmed at their end. */
export interface LabHistory {
  readonly blocks: readonly Block[];
  readonly fluxnodes: readonly LabFluxnode[];
}

/** Seconds between blocks of the history. */
export const HISTORY_SPACING = 120;

/** Blocks of a history: the premine is old enough for collaterals in 12, those for STARTs in 112, and all is over before the end. */
export const HISTORY_BLOCKS = 120;

/**
 * The first blocks of a laboratory network, in which the premine becomes collaterals, and FluxNodes of the tiers given START and
 * are confirmed, in different blocks if there are many.
 */
export function labHistory(lab: LabNetwork, tiers: readonly Tier[]): LabHistory {
  const maker = new HistoryMaker(lab);
  if (tiers.length === 0) {
    maker.mine(HISTORY_BLOCKS);
    return { blocks: maker.blocks, fluxnodes: [] };
  }
  maker.mine(lab.params.coinbaseMaturity + 1);
  const fluxnodes = maker.fund(tiers);
  maker.mine(1 + COLLATERAL_MATURITY - 1);
  for (const node of fluxnodes) maker.send(startFor(node, node.key, node.owner, maker.time, nobleEcdsa));
  maker.mine(1);
  const half = Math.ceil(fluxnodes.length / 2);
  for (const some of [fluxnodes.slice(0, half), fluxnodes.slice(half)]) {
    for (const node of some) maker.send(confirmOf(node, INITIAL, maker.time, maker.time));
    maker.mine(1);
  }
  maker.mine(HISTORY_BLOCKS - maker.blocks.length);
  return { blocks: maker.blocks, fluxnodes };
}

/** One node that makes its own blocks. */
class HistoryMaker {
  readonly blocks: Block[] = [];
  readonly #lab: LabNetwork;
  readonly #view: ChainView;
  readonly #pool: Mempool;
  readonly #random = Random.root("lab history");
  readonly #miner = labKey(nobleEcdsa, "premine");

  constructor(lab: LabNetwork) {
    this.#lab = lab;
    const chains = new SharedChains(lab.genesis, {
      ecdsa: nobleEcdsa,
      trust: "nothing",
      equihash: plainEquihash,
    });
    this.#view = new ChainView(chains.under(lab.params), { useCheckpoints: false });
    this.#pool = new Mempool(lab.params, nobleEcdsa, this.#random.fork("pool"));
  }

  /** Of the tip, Unix seconds. */
  get time(): number {
    const headers = this.#view.headers();
    return headers.time(headers.height);
  }

  mine(count: number): void {
    for (let i = 0; i < count; i++) {
      const { stopped } = generateBlocks(this.#view, 1, {
        ecdsa: nobleEcdsa,
        trust: "nothing",
        params: this.#lab.params,
        payTo: payToKeyHash(keyId(this.#miner.publicKey)),
        adjustedTime: this.time + HISTORY_SPACING,
        solver: () => assert(false, "proof of work is modelled") as never,
        random: this.#random,
        producers: [],
        mempool: this.#pool,
      });
      assert(stopped === undefined, "nothing is wrong with the blocks of a history");
      const block = this.#view.block(this.#view.tip);
      assert(block !== undefined && block !== "pruned", "a node has its tip");
      this.blocks.push(block);
    }
  }

  send(tx: Transaction): void {
    const tip = { state: this.#view.state(), medianTime: medianTimePast(this.#view.headers()) };
    const from = tx.kind === "ordinary" ? FROM_USER : AS_IT_IS;
    const offer = this.#pool.accept(tx, tip, { now: this.time, adjustedTime: this.time }, from);
    assert(offer.accepted, "nothing is wrong with the transactions of a history");
  }

  /** Pays a collateral for each, out of the premine. */
  fund(tiers: readonly Tier[]): LabFluxnode[] {
    const { params } = this.#lab;
    const height = this.#view.tipHeight + 1;
    const owners = tiers.map((_, i) => labKey(nobleEcdsa, `owner ${i}`));
    const payments = tiers.map((tier, i) => ({
      value: NEW_COLLATERAL[tier],
      scriptPubKey: payToKeyHash(keyId(owners[i]!.publicKey)),
    }));
    const changeScript = payToKeyHash(keyId(this.#miner.publicKey));
    const planned = planTransaction({ height, payments, coins: this.#premine(), changeScript }, params);
    assert(planned.kind === "planned", "the premine is large");
    const branch = branchIdAt(params.upgrades, height);
    const signed = signTransaction(nobleEcdsa, planned.tx, planned.coins, [this.#miner], branch);
    assert(signed.kind === "signed", "the premine's key is known");
    this.send(signed.tx);
    const id = txid(signed.tx);
    return tiers.map((tier, index) => ({
      tier,
      collateral: { txid: id, index },
      owner: owners[index]!,
      key: labKey(nobleEcdsa, `node ${index}`, false),
      ip: Uint8Array.from(`10.0.${index >> 8}.${index & 0xff}`, (letter) => letter.charCodeAt(0)),
    }));
  }

  #premine() {
    const coinbase = this.blocks[0]!.transactions[0]!;
    assert(coinbase.kind === "ordinary", "blocks begin with a coinbase");
    return [{ outpoint: { txid: txid(coinbase), index: 0 }, output: coinbase.outputs[0]! }];
  }
}
