import type { OrdinaryTransaction, Params, StateView, TemplateSettings, Transaction } from "@fluxlab/core";
import { collateralTier, legacySigops, toDisplayHex, transactionBytes, txid } from "@fluxlab/core";
import { nameOf, spentBy } from "./naivePool.ts";

// The choice of a block's transactions as anyone would first write it: look at everything, take the best, look again. Scripts
// are taken to be satisfied, inputs to be worth their outputs, and no two transactions to be wanted alike.

interface Wanted {
  readonly tx: Transaction;
  readonly id: string;
  readonly bytes: number;
  readonly priority: number;
  readonly rate: bigint;
}

const idOf = (tx: Transaction): string => toDisplayHex(txid(tx));

/** Two transactions were wanted alike: the order is not defined. */
export class Tie extends Error {}

/** What a block after `state` takes of a pool, in its order. `settings`: already within the limits. */
export function naiveSelection(
  pool: readonly Transaction[],
  state: StateView,
  medianTime: number,
  settings: TemplateSettings,
  params: Params,
): Transaction[] {
  const height = state.height + 1;
  const left = pool.filter((tx) => mayCome(tx, height, medianTime)).map((tx) => wanted(tx, pool, state));
  const block: Wanted[] = [];
  let byPriority = settings.priorityBytes > 0;
  const bytes = (): number => block.reduce((sum, each) => sum + each.bytes, 1_000);
  const sigops = (): number => block.reduce((sum, each) => sum + legacySigops(each.tx), 100);
  for (;;) {
    const ready = left.filter(({ tx }) =>
      parentsIn(tx, pool).every((id) => block.some((each) => each.id === id)),
    );
    const best = ready.reduce<Wanted | undefined>(
      (a, b) => (a && better(a, b, byPriority) ? a : b),
      undefined,
    );
    if (best === undefined) return block.map(({ tx }) => tx);
    left.splice(left.indexOf(best), 1);
    const after = bytes() + best.bytes;
    if (after >= settings.maxBytes || sigops() + legacySigops(best.tx) >= 20_000) continue;
    if (!byPriority && best.rate < 100n && after >= settings.minBytes) continue;
    if (byPriority && (after >= settings.priorityBytes || best.priority <= 57_600_000)) byPriority = false;
    if (isValid(best.tx, block, state, params)) block.push(best);
  }
}

const mayCome = (tx: Transaction, height: number, medianTime: number): boolean =>
  tx.kind !== "ordinary" ||
  ((tx.lockTime === 0 || tx.lockTime < (tx.lockTime < 500_000_000 ? height : medianTime)) &&
    (tx.expiryHeight === 0 || tx.expiryHeight >= height));

function better(a: Wanted, b: Wanted, byPriority: boolean): boolean {
  const rate = a.rate < b.rate ? -1 : a.rate > b.rate ? 1 : 0;
  const difference = byPriority ? a.priority - b.priority || rate : rate || a.priority - b.priority;
  if (difference === 0) throw new Tie();
  return difference > 0;
}

const parentOf = (id: string, pool: readonly Transaction[]): OrdinaryTransaction | undefined =>
  pool.find((tx): tx is OrdinaryTransaction => tx.kind === "ordinary" && idOf(tx) === id);

const parentsIn = (tx: Transaction, pool: readonly Transaction[]): string[] =>
  tx.kind === "ordinary"
    ? tx.inputs.map(({ prevout }) => toDisplayHex(prevout.txid)).filter((id) => parentOf(id, pool))
    : [];

function wanted(tx: Transaction, pool: readonly Transaction[], state: StateView): Wanted {
  const bytes = transactionBytes(tx).length;
  const height = state.height + 1;
  const common = { tx, id: idOf(tx), bytes };
  if (tx.kind !== "ordinary") {
    if (tx.kind === "fluxnodeUnknown") throw new Error("no pool holds those");
    const age = height - state.coin(tx.collateral)!.height;
    return { ...common, priority: (100 * age) / bytes, rate: 1_000_000_000n / BigInt(bytes) };
  }
  const coins = tx.inputs.map(({ prevout }) => {
    const parent = parentOf(toDisplayHex(prevout.txid), pool);
    return parent === undefined
      ? { value: state.coin(prevout)!.value, age: height - state.coin(prevout)!.height }
      : { value: parent.outputs[prevout.index]!.value, age: 0 };
  });
  const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
  const fee = sum(coins.map(({ value }) => value)) - sum(tx.outputs.map(({ value }) => value));
  const modified = tx.inputs.reduce((rest, { scriptSig }) => {
    const free = 41 + Math.min(110, scriptSig.length);
    return rest > free ? rest - free : rest;
  }, bytes);
  const priority = coins.reduce((total, { value, age }) => total + Number(value) * age, 0) / modified;
  return { ...common, priority, rate: (fee * 1_000n) / BigInt(bytes) };
}

/** Every coin is there, old enough and not spent by what comes before it. */
function isValid(tx: Transaction, block: readonly Wanted[], state: StateView, params: Params): boolean {
  const height = state.height + 1;
  const spent = new Set(block.flatMap((each) => (each.tx.kind === "ordinary" ? spentBy(each.tx) : [])));
  if (tx.kind === "fluxnodeUnknown") return false;
  if (tx.kind !== "ordinary") {
    const coin = state.coin(tx.collateral);
    return (
      coin !== undefined &&
      !spent.has(nameOf(tx.collateral)) &&
      height - coin.height >= 100 &&
      collateralTier(params, height, coin.value) !== undefined
    );
  }
  return tx.inputs.every(({ prevout }) => {
    const coin = state.coin(prevout);
    const made = block.some(({ id }) => id === toDisplayHex(prevout.txid));
    const mature = coin !== undefined && (!coin.coinbase || height - coin.height >= params.coinbaseMaturity);
    return !spent.has(nameOf(prevout)) && (made || mature);
  });
}
