import {
  blockSubsidy,
  coinbaseCap,
  MAX_MONEY,
  outpointKey,
  type Params,
  PersistentMap,
  type TxOutput,
  txid,
} from "@fluxlab/core";
import type { Checker, Report, Sighting, WitnessedBlock } from "./checker.ts";

/** Coins after a block: unspent outputs by outpointKey, and what they are worth together, satoshi. */
interface Purse {
  readonly unspent: PersistentMap<TxOutput>;
  readonly total: bigint;
}

/**
 * No coin is spent twice or out of nothing, no block makes more than its subsidy and its funds, and all coins together stay below
 * the cap of 440M FLUX. Counted from the transactions alone.
 */
export function coins(): Checker {
  const purses = new WeakMap<WitnessedBlock, Purse>();
  const name = "coins";
  return {
    name,
    begin(block, state) {
      let unspent: Purse["unspent"] = PersistentMap.empty();
      for (const [outpoint, coin] of state.coins()) unspent = unspent.set(outpointKey(outpoint), coin);
      purses.set(block, { unspent, total: state.supply.transparent });
    },
    block(block, params, at, report) {
      const before = block.parent === undefined ? EMPTY : purses.get(block.parent)!;
      purses.set(block, spendAndMake(before, block, params, at, report));
    },
  };
}

const EMPTY: Purse = { unspent: PersistentMap.empty(), total: 0n };

function spendAndMake(
  before: Purse,
  { block, height }: WitnessedBlock,
  params: Params,
  at: Sighting,
  report: Report,
): Purse {
  let { unspent } = before;
  let made = 0n;
  block.transactions.forEach((tx, i) => {
    if (tx.kind !== "ordinary") return;
    for (const { prevout } of i === 0 ? [] : tx.inputs) {
      const key = outpointKey(prevout);
      const coin = unspent.get(key);
      if (coin === undefined) report("a block spends a coin that is not there", { ...at, height });
      else made -= coin.value;
      unspent = unspent.delete(key);
    }
    // The first block's coinbase is nobody's to spend.
    if (height === 0) return;
    const id = txid(tx);
    tx.outputs.forEach((output, index) => {
      made += output.value;
      unspent = unspent.set(outpointKey({ txid: id, index }), output);
    });
  });
  const allowed = coinbaseCap(params, height);
  const capped = height > 2;
  if (capped && made > allowed) {
    report(`a block makes ${made} sat, ${blockSubsidy(params, height)} of subsidy and funds of ${allowed}`, {
      ...at,
      height,
    });
  }
  const total = before.total + made;
  if (total > MAX_MONEY) report(`${total} sat exist, more than the cap of ${MAX_MONEY}`, { ...at, height });
  return { unspent, total };
}
