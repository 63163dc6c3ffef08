import {
  blockSubsidy,
  type Connected,
  flux,
  fundScripts,
  INITIAL_CONFIRM,
  keyId,
  type NativeBlock,
  nativeBalances,
  nativeBlock,
  type Params,
  payToKeyHash,
  regtest,
  scriptOfAddress,
  scriptOwner,
  type Transaction,
  type TxOutput,
  tierShare,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { ChainBuilder, confirmTx, ordinaryTx, startTx } from "../../support/chainBuilder.ts";
import { withUpgrades } from "../../support/networks.ts";

const params: Params = {
  ...withUpgrades(regtest, {
    ...{ lwma: 1, equihash144: 2, acadia: 3, kamiooka: 4, kamata: 105, flux: 108, pon: 120 },
  }),
  fluxnodes: { ...regtest.fluxnodes, paymentStartHeight: 109 },
};
const key = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : 7));
const ALICE = payToKeyHash(keyId(key));
const BOB = payToKeyHash(new Uint8Array(20).fill(4));
const alice = scriptOwner(ALICE)!;
const bob = scriptOwner(BOB)!;
const dev = scriptOwner(scriptOfAddress(params)(params.funds.devAddress))!;
const funds = fundScripts(params);
const COLLATERAL = flux(10_000n);

/** Builds a block, connects it, and reads it as the ledger does. */
function read(
  chain: ChainBuilder,
  transactions: readonly Transaction[],
  extra: readonly TxOutput[] = [],
): NativeBlock {
  const block = chain.block(transactions, extra);
  const verdict = chain.judge(block) as Connected;
  expect(verdict.verdict).toBe("connected");
  chain.state.apply(verdict.delta);
  chain.deltas.push(verdict.delta);
  return nativeBlock(block, verdict, params);
}

/** A chain whose first block made alice's coins: a collateral, and one to spend. */
function begun(): ChainBuilder {
  const chain = new ChainBuilder(params);
  chain.mineTo(0);
  return chain;
}

const coinOf = (chain: ChainBuilder, value: bigint) =>
  [...chain.state.coins()].find(
    ([, coin]) => coin.value === value && Buffer.from(coin.scriptPubKey).equals(ALICE),
  )![0];

test("what a coinbase gives is the premine's, the miner's less fees, the nodes', the dev fund's; funding is nobody's", () => {
  const chain = begun();
  const premine = read(
    chain,
    [],
    [COLLATERAL, 500n].map((value) => ({ value, scriptPubKey: ALICE })),
  );
  expect(premine.rewards.map(({ payee, role }) => [payee, role])).toEqual([
    ...[
      [alice, "none"],
      [alice, "none"],
    ],
    [dev, "none"],
  ]);
  chain.mineTo(9);
  expect(read(chain, []).rewards).toMatchObject([
    { payee: dev, amount: blockSubsidy(params, 10), role: "mining" }, // the three funds are paid beside it
  ]);
  chain.mineTo(105);
  const outpoint = coinOf(chain, COLLATERAL);
  chain.mine([startTx(outpoint, key, 1)]);
  chain.mine([confirmTx(outpoint, INITIAL_CONFIRM, "", 1)]);
  chain.mineTo(109);

  const spending = ordinaryTx(params, 110, {
    inputs: [{ prevout: coinOf(chain, 500n), scriptSig: new Uint8Array(0), sequence: 0xffff_ffff }],
    outputs: [{ value: 200n, scriptPubKey: BOB }],
  });
  const claimsFees = read(chain, [spending], [{ value: 300n, scriptPubKey: BOB }]);
  const share = tierShare(params, 110, "cumulus");
  expect(claimsFees.rewards).toEqual([
    { type: "accrueReward", payee: dev, amount: blockSubsidy(params, 110) - share, role: "mining" },
    { type: "accrueReward", payee: alice, amount: share, role: "fluxnodes" },
  ]);
  expect(claimsFees.transactions.map(({ spent }) => spent.map(({ value }) => value))).toEqual([[], [500n]]);

  chain.mineTo(120);
  expect(read(chain, []).rewards.map(({ payee, role }) => [payee, role])).toEqual([
    [dev, "none"],
    [alice, "fluxnodes"],
  ]);
});

test("a transaction that spends an output of its own block has it among what it spends", () => {
  const chain = begun();
  read(chain, [], [{ value: 500n, scriptPubKey: ALICE }]);
  chain.mineTo(101);
  const input = (prevout: ReturnType<typeof coinOf>) => ({
    prevout,
    scriptSig: new Uint8Array(0),
    sequence: 0xffff_ffff,
  });
  const first = ordinaryTx(params, 102, {
    inputs: [input(coinOf(chain, 500n))],
    outputs: [{ value: 400n, scriptPubKey: BOB }],
  });
  const txid = [...(chain.judge(chain.block([first])) as Connected).delta.created.values()].find(
    ({ coin }) => coin.value === 400n,
  )!.outpoint.txid;
  const second = ordinaryTx(params, 102, {
    inputs: [input({ txid, index: 0 })],
    outputs: [{ value: 300n, scriptPubKey: ALICE }],
  });
  const { transactions } = read(chain, [first, second]);
  expect(transactions.map(({ spent }) => spent.map(({ value }) => value))).toEqual([[], [500n], [400n]]);
});

test("balances some blocks ago are those of that time, funds left out", () => {
  const chain = begun();
  read(chain, [], [{ value: 500n, scriptPubKey: ALICE }]);
  chain.mineTo(101);
  const then = nativeBalances(chain.state, [], funds);
  expect(then).toContainEqual({ owner: alice, amount: 500n });
  expect(then.map(({ owner }) => owner)).toEqual([alice, dev].toSorted()); // what the funds got at height 10 is not there
  const spending = ordinaryTx(params, 102, {
    inputs: [{ prevout: coinOf(chain, 500n), scriptSig: new Uint8Array(0), sequence: 0xffff_ffff }],
    outputs: [{ value: 450n, scriptPubKey: BOB }],
  });
  read(chain, [spending]);
  chain.mineTo(105);
  expect(nativeBalances(chain.state, [], funds)).toContainEqual({ owner: bob, amount: 450n });
  expect(nativeBalances(chain.state, chain.deltas.slice(102), funds)).toEqual(then);
});
