import {
  type Block,
  COIN,
  checkBlockAtHeight,
  connectBlock,
  type FluxnodeRecord,
  flux,
  INITIAL_CONFIRM,
  type JoinSplit,
  keyId,
  MAX_MONEY,
  merkleTree,
  NOTHING_SHIELDED,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Outpoint,
  type Params,
  payToKeyHash,
  regtest,
  type ShieldedPart,
  scriptOfAddress,
  type Transaction,
  txid,
  UPDATE_CONFIRM,
} from "@fluxlab/core";
import { beforeEach, describe, expect, test } from "vitest";
import { ChainBuilder, confirmTx, ordinaryTx, startTx } from "../../support/chainBuilder.ts";
import { withUpgrades } from "../../support/networks.ts";
import { sampleTransactions } from "../../support/samples.ts";

// What the recorded chains do not show.

/** Proof of work and FluxNodes from early on; proof of node far away. */
const params: Params = {
  ...withUpgrades(regtest, { kamata: 102, flux: 130, halving: 200, p2shNodes: 300, pon: 10_000 }),
  fluxnodes: { ...regtest.fluxnodes, paymentStartHeight: 110 },
};

const key = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : 7));
const scriptPubKey = payToKeyHash(keyId(key));

const spend = (
  outpoints: readonly Outpoint[],
  value: bigint,
  height: number,
  using = params,
): OrdinaryTransaction =>
  ordinaryTx(using, height, {
    inputs: outpoints.map((prevout) => ({ prevout, scriptSig: new Uint8Array(0), sequence: 0xffff_ffff })),
    outputs: [{ value, scriptPubKey }],
  });

const withTransactions = ({ header }: Block, transactions: readonly Transaction[]): Block => ({
  header: { ...header, merkleRoot: merkleTree(transactions.map(txid)).root },
  transactions,
});

/** The rule a block of these transactions on the tip breaks, or its verdict. */
function verdictOn(chain: ChainBuilder, transactions: readonly Transaction[]): string {
  const verdict = chain.judge(chain.block(transactions));
  return verdict.verdict === "invalid" ? verdict.violation.rule : verdict.verdict;
}

/** A chain of height 2 whose first two coinbases also pay `value` to our key, and where. */
function funded(using: Params, value: bigint): { chain: ChainBuilder; coins: Outpoint[] } {
  const chain = new ChainBuilder(using);
  chain.mineTo(0);
  const coins = [1, 2].map(() => {
    const { created } = chain.mine([], [{ value, scriptPubKey }]);
    return [...created.values()].find(({ coin }) => coin.value === value)!.outpoint;
  });
  return { chain, coins };
}

describe("coinbases", () => {
  test("those of heights 1 and 2 may create any amount, the next may not", () => {
    const { chain } = funded(params, MAX_MONEY / 2n);
    expect(chain.state.supply.transparent).toBeGreaterThan(MAX_MONEY);
    const verdict = chain.judge(chain.block([], [{ value: 1n, scriptPubKey }]));
    expect(verdict).toMatchObject({ verdict: "invalid", violation: { rule: "bad-cb-amount" } });
  });

  test("one that repeats an earlier one with unspent outputs is refused", () => {
    const chain = new ChainBuilder(params);
    chain.mineTo(3);
    const next = chain.block([]);
    chain.mine();
    // The height need not be named yet, so block 5 can carry the coinbase of block 4.
    const repeated = withTransactions(chain.block([]), next.transactions);
    expect(chain.judge(repeated)).toMatchObject({ violation: { rule: "bad-txns-BIP30" } });
  });

  test("are spent a hundred blocks later at the earliest", () => {
    const { chain, coins } = funded(params, COIN);
    chain.mineTo(99);
    expect(verdictOn(chain, [spend([coins[0]!], 1n, 100)])).toBe("bad-txns-premature-spend-of-coinbase");
    chain.mine();
    expect(verdictOn(chain, [spend([coins[0]!], 1n, 101)])).toBe("connected");
  });

  test("must be shielded before Flux on networks that say so", () => {
    const strict = { ...params, coinbaseMustBeShielded: true };
    const { chain, coins } = funded(strict, COIN);
    chain.mineTo(128);
    const tx = spend([coins[0]!], 1n, 129, strict);
    expect(verdictOn(chain, [tx])).toBe("bad-txns-coinbase-spend-has-transparent-outputs");
    chain.mine();
    expect(verdictOn(chain, [tx])).toBe("connected");
  });
});

describe("values", () => {
  test("inputs may not add up to more than there can be", () => {
    const { chain, coins } = funded(params, MAX_MONEY - flux(14_000_000n));
    chain.mineTo(101);
    expect(verdictOn(chain, [spend(coins, 1n, 102)])).toBe("bad-txns-inputvalues-outofrange");
    expect(verdictOn(chain, [spend(coins.slice(1), MAX_MONEY, 102)])).toBe("bad-txns-in-belowout");
  });

  test("what only a proof system can judge gets no verdict, once all else about it is in order", () => {
    const late = new ChainBuilder(withUpgrades(params, { acadia: 1 }));
    late.mineTo(2);
    const { spends, outputs } = (sampleTransactions["shielded"] as OrdinaryTransaction).shielded;
    const verdictOf = (part: Partial<ShieldedPart>) => {
      const shielded = { ...NOTHING_SHIELDED, ...part };
      const tx = ordinaryTx(late.params, 3, { shielded, outputs: [{ value: 0n, scriptPubKey }] });
      return late.judge(late.block([tx]));
    };
    expect(verdictOf({ spends })).toMatchObject({
      verdict: "cannotTell",
      unverified: "saplingSpend",
      transaction: 1,
    });
    expect(verdictOf({ spends, outputs })).toMatchObject({ verdict: "cannotTell" });
    expect(verdictOf({ outputs })).toMatchObject({ violation: { rule: "bad-txns-vin-empty" } });
    expect(verdictOf({ spends: [...spends, ...spends] })).toMatchObject({
      violation: { rule: "bad-spend-description-nullifiers-duplicate" },
    });
  });
});

describe("joinsplit signatures", () => {
  const chain = new ChainBuilder(params);
  chain.mineTo(20);
  const height = chain.state.height + 1;
  const sample = (sampleTransactions["sprout"] as OrdinaryTransaction).shielded;
  const joinSplit = sample.joinSplits[0]!.slice() as JoinSplit;
  joinSplit.fill(0, 0, 16); // moves no value
  joinSplit[48] = 0; // one nullifier unlike the other
  const shielded = { ...sample, joinSplits: [joinSplit] };
  const unsigned = ordinaryTx(params, height, { version: 2, shielded });
  const notFinal = ordinaryTx(params, height, {
    inputs: [{ prevout: { txid: new Uint8Array(32).fill(9), index: 0 }, scriptSig: key, sequence: 0 }],
    outputs: [{ value: 1n, scriptPubKey }],
    lockTime: height,
  });
  /** The rule that the body breaks when the block arrives, and when it is connected. */
  const broken = (transactions: readonly Transaction[]) => {
    const block = chain.block(transactions);
    const [coinbase, ...others] = block.transactions as OrdinaryTransaction[];
    const nameless = { ...coinbase!, inputs: [{ ...coinbase!.inputs[0]!, scriptSig: Uint8Array.of(0, 0) }] };
    const wrongHeight = withTransactions(block, [nameless, ...others]);
    const verdict = connectBlock(chain.state, wrongHeight, params, { ecdsa: nobleEcdsa, trust: "scripts" });
    return [
      checkBlockAtHeight(wrongHeight, height, params, scriptOfAddress(params))?.rule,
      verdict.verdict === "invalid" ? verdict.violation.rule : verdict.verdict,
    ];
  };

  test("are asked for with each transaction, before the coinbase's height", () => {
    expect(broken([])).toEqual(["bad-cb-height", "bad-cb-height"]);
    const unsignedFirst = "bad-txns-invalid-joinsplit-signature";
    expect(broken([unsigned])).toEqual([unsignedFirst, unsignedFirst]);
    expect(broken([unsigned, notFinal])).toEqual([unsignedFirst, unsignedFirst]);
    expect(broken([notFinal, unsigned])).toEqual(["bad-txns-nonfinal", "bad-txns-nonfinal"]);
  });
});

describe("FluxNodes", () => {
  let chain: ChainBuilder;
  let node: Outpoint;

  const record = (): FluxnodeRecord | undefined => chain.state.fluxnode(node);
  const confirm = (updateType: number, ip = ""): Transaction =>
    confirmTx(node, updateType, ip, chain.state.height);

  beforeEach(() => {
    const begun = funded(params, flux(10_000n));
    chain = begun.chain;
    node = begun.coins[0]!;
    chain.mineTo(102);
    chain.mine([startTx(node, key, 1)]);
  });

  test("a node confirmed before its collateral is spent in the same block stays, without collateral", () => {
    chain.mine([confirm(INITIAL_CONFIRM), spend([node], 1n, 104)]);
    expect(record()).toMatchObject({ status: "confirmed", confirmedHeight: 104 });
    expect(chain.state.coin(node)).toBeUndefined();
    chain.mineTo(110);
    expect(record()?.lastPaidHeight).toBe(110);
    // 60 blocks when it was confirmed, but 80 since Flux: the window in force decides.
    chain.mineTo(184);
    expect(record()).toBeDefined();
    chain.mine();
    expect(record()).toBeUndefined();
  });

  test("a collateral spent first cannot be confirmed", () => {
    expect(verdictOn(chain, [spend([node], 1n, 104), confirm(INITIAL_CONFIRM)])).toBe(
      "bad-txns-fluxnode-tx-inputs-missingorspent",
    );
  });

  test("an update does not save a node whose collateral the block spends, and a payment is not recorded", () => {
    chain.mine([confirm(INITIAL_CONFIRM)]);
    chain.mineTo(134);
    expect(chain.state.queueHead("cumulus")?.outpoint).toEqual(node);
    const delta = chain.mine([confirm(UPDATE_CONFIRM, "new"), spend([node], 1n, 135)]);
    expect(delta.payments).toHaveLength(1);
    expect(record()).toBeUndefined();
    chain.state.revert(delta);
    expect(record()).toMatchObject({ status: "confirmed", lastPaidHeight: 134, lastConfirmedHeight: 104 });
  });

  test("a started node whose collateral is spent goes to the DoS list when its time is up", () => {
    chain.mine([spend([node], 1n, 104)]);
    chain.mineTo(162);
    expect(record()?.status).toBe("started");
    chain.mine();
    expect(record()?.status).toBe("dos");
  });

  test("a START is told apart by what is left of the collateral's transaction", () => {
    chain.mine([spend([node], 1n, 104)]);
    // The coinbase that held the collateral has another output, to the dev fund.
    const again = { txid: node.txid, index: 7 };
    expect(verdictOn(chain, [startTx(again, key, 2)])).toBe("fluxnode-tx-coins-not-available");
    expect(verdictOn(chain, [startTx({ txid: new Uint8Array(32).fill(5), index: 0 }, key, 2)])).toBe(
      "fluxnode-tx-coins-not-found",
    );
  });
});
