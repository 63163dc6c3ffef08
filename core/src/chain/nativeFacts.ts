import { equalBytes } from "../bytes/compare.ts";
import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import type { Block } from "../primitives/block.ts";
import { isCoinbase, type OrdinaryTransaction, type TxOutput } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { scriptOwner } from "../rules/assets/fusionRules.ts";
import { specialFundingAt } from "../rules/funds.ts";
import { isUnspendable } from "../rules/unspendable.ts";
import type { NativeBlock, NativeTransaction } from "../state/assets/nativeBlocks.ts";
import type { NativeBalance } from "../state/assets/operations.ts";
import type { StateDelta } from "../state/delta.ts";
import { outpointKey } from "../state/outpointKey.ts";
import type { StateContents } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
import { scriptsOf } from "./blockOnParent.ts";
import type { Connected } from "./connectBlock.ts";

// What the ledger of the parallel assets needs to know of a native block, read from the block and from what connecting it did.

/** Where the native chain keeps what does not circulate: the swap pool, and the airdrops of foundation and exchange. */
export interface FundScripts {
  readonly pool: Uint8Array;
  readonly reserves: readonly Uint8Array[];
}

/** The network's own. */
export function fundScripts(params: Params): FundScripts {
  const scriptOf = scriptsOf(params);
  const { swapPool, foundation, exchange } = params.funds;
  return {
    pool: scriptOf(swapPool.address),
    reserves: [scriptOf(foundation.address), scriptOf(exchange.address)],
  };
}

/** The block as the ledger reads it. Genesis makes no coins, so it is not among them. */
export function nativeBlock(block: Block, connected: Connected, params: Params): NativeBlock {
  const { delta } = connected;
  const transactions = nativeTransactions(block, delta);
  const coinbase = transactions[0]!.tx;
  assert(isCoinbase(coinbase), "a block begins with its coinbase");
  return { height: delta.height, rewards: rewardsOf(coinbase, connected, params), transactions };
}

/** Every input's coin is one that the delta spent or that the block itself made before. */
function nativeTransactions(block: Block, { spent }: StateDelta): NativeTransaction[] {
  const made = new Map<string, TxOutput>();
  return block.transactions.flatMap((tx) => {
    if (tx.kind !== "ordinary") return [];
    const id = txid(tx);
    const inputs = isCoinbase(tx) ? [] : tx.inputs;
    const outputs = inputs.map(({ prevout }): TxOutput => {
      const key = outpointKey(prevout);
      const output = made.get(key) ?? spent.get(key)?.coin;
      assert(output !== undefined, "a connected block spends coins that are there");
      return output;
    });
    for (const [index, output] of tx.outputs.entries()) made.set(outpointKey({ txid: id, index }), output);
    return [{ txid: id, tx, spent: outputs }];
  });
}

/** An output whose script names no single owner: its coins circulate, and earn nothing that anyone could claim. */
const NOBODY = "nobody";

type Reward = NativeBlock["rewards"][number];

/**
 * Whom the coinbase gave new coins. Special funding is locked or reserved, not earned; what the tiers were due is the nodes';
 * the rest is the miner's, less the fees, which are no new coins. The premine, and under proof of node the dev fund, earn
 * nothing on other chains.
 */
function rewardsOf(coinbase: OrdinaryTransaction, { delta, fees }: Connected, params: Params): Reward[] {
  const { height } = delta;
  const scriptOf = scriptsOf(params);
  const due: TxOutput[] = delta.payments.map(({ amount, scriptPubKey }) => ({ value: amount, scriptPubKey }));
  const funding = specialFundingAt(params, height).map(
    ({ amount, address }): TxOutput => ({ value: amount, scriptPubKey: scriptOf(address) }),
  );
  const restEarns = height > 1 && !ponHeightReached(params.upgrades, height) ? "mining" : "none";
  let feesLeft = fees;
  return coinbase.outputs.flatMap((output): Reward[] => {
    if (isUnspendable(output.scriptPubKey)) return [];
    if (takeOut(due, output)) return reward(output.scriptPubKey, output.value, "fluxnodes");
    if (takeOut(funding, output)) return [];
    const fee = output.value < feesLeft ? output.value : feesLeft;
    feesLeft -= fee;
    return reward(output.scriptPubKey, output.value - fee, restEarns);
  });
}

function reward(scriptPubKey: Uint8Array, amount: bigint, role: Reward["role"]): Reward[] {
  if (amount === 0n) return [];
  const payee = scriptOwner(scriptPubKey);
  return [
    { type: "accrueReward", amount, payee: payee ?? NOBODY, role: payee === undefined ? "none" : role },
  ];
}

/** Takes an equal output from the list, if there is one. */
function takeOut(list: TxOutput[], { value, scriptPubKey }: TxOutput): boolean {
  const at = list.findIndex((each) => each.value === value && equalBytes(each.scriptPubKey, scriptPubKey));
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

/**
 * What every address held some blocks ago, funds left out: the coins of `state` with `later`, the blocks since then, taken back.
 * Goes through all coins.
 */
export function nativeBalances(
  state: StateContents,
  later: readonly StateDelta[],
  { pool, reserves }: FundScripts,
): NativeBalance[] {
  const held = new Map<string, bigint>();
  const add = ({ scriptPubKey, value }: TxOutput, sign: 1n | -1n): void => {
    if ([pool, ...reserves].some((script) => equalBytes(script, scriptPubKey))) return;
    const owner = scriptOwner(scriptPubKey);
    if (owner !== undefined) held.set(owner, (held.get(owner) ?? 0n) + sign * value);
  };
  for (const [, coin] of state.coins()) add(coin, 1n);
  for (const { created, spent } of later) {
    for (const { coin } of created.values()) add(coin, -1n);
    for (const { coin } of spent.values()) add(coin, 1n);
  }
  const balances = Array.from(held, ([owner, amount]): NativeBalance => ({ owner, amount }));
  return balances.filter(({ amount }) => amount > 0n).sort((a, b) => (a.owner < b.owner ? -1 : 1));
}
