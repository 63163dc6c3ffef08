import {
  type AssetLedger,
  applyNativeBlock,
  brokenInvariants,
  chainTerms,
  type FusionPayload,
  findLock,
  flux,
  fusionPayloadBytes,
  ledgerDigest,
  NATIVE_CHAIN,
  type NativeContext,
  type NativeTransaction,
  nullDataScript,
  openLedger,
  payToKeyHash,
  payToScriptHash,
  rollback,
  scriptOwner,
  type TxOutput,
  toDisplayHex,
  txid,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { accepted, ETH, fewChains, HOLDERS, KDA, lockId } from "../../../support/assets.ts";
import { plainTransaction } from "../../../support/plainTransaction.ts";

const POOL = payToScriptHash(new Uint8Array(20).fill(9));
const FOUNDATION = payToScriptHash(new Uint8Array(20).fill(8));
const ALICE = payToKeyHash(new Uint8Array(20).fill(1));
const BOB = payToKeyHash(new Uint8Array(20).fill(2));
const NOBODY = payToKeyHash(new Uint8Array(20).fill(3));
const alice = scriptOwner(ALICE)!;
const bob = scriptOwner(BOB)!;

const CONTEXT: NativeContext = {
  poolScript: POOL,
  reserveScripts: [FOUNDATION],
  balancesAt: (height) =>
    height < 5
      ? [
          { owner: alice, amount: flux(1_000n) },
          { owner: bob, amount: 19n },
        ]
      : undefined,
};

const pays = (scriptPubKey: Uint8Array, value: bigint): TxOutput => ({ scriptPubKey, value });
const says = (value: FusionPayload): TxOutput => pays(nullDataScript(fusionPayloadBytes(value)), 0n);
const to = { kind: 1 as const, account: new Uint8Array(20).fill(7) };

let nonce = 0;
function transaction(spent: readonly TxOutput[], ...outputs: readonly TxOutput[]): NativeTransaction {
  const tx = plainTransaction(spent.length, outputs, nonce++);
  return { txid: txid(tx), tx, spent };
}

const block = (ledger: AssetLedger, ...transactions: readonly NativeTransaction[]) =>
  applyNativeBlock(
    ledger,
    { height: ledger.chains[NATIVE_CHAIN]!.tip + 1, rewards: [], transactions },
    CONTEXT,
  );

const release = (chain: number, snapshotHeight: number): NativeTransaction =>
  transaction([pays(POOL, 9n)], says({ type: "release", chain, snapshotHeight }), pays(POOL, 9n));
const claim = (chain: number, by: Uint8Array, lastHeight: number): NativeTransaction =>
  transaction([pays(by, 9n)], says({ type: "claim", chain, firstHeight: 0, lastHeight, recipient: to }));
const lock = (target: number, amount: bigint): NativeTransaction =>
  transaction([pays(ALICE, amount)], says({ type: "lock", target, recipient: to }), pays(POOL, amount));
const unlock = (source: number, id: string, amount: bigint): NativeTransaction =>
  transaction(
    [pays(POOL, amount + 5n)],
    says({ type: "unlock", source, lockId: wireHex(id).toReversed() }),
    pays(BOB, amount),
    pays(POOL, 5n),
  );
const cancel = (lockTxid: Uint8Array, amount: bigint): NativeTransaction =>
  transaction([pays(POOL, amount)], says({ type: "cancel", lockTxid }), pays(ALICE, amount));

const reasons = ({ outcomes }: ReturnType<typeof block>): string[] =>
  outcomes.map((outcome) => (outcome.status === "applied" ? "applied" : outcome.rejection.reason));

const opened = openLedger(fewChains(4, 2, 3), { nativeEmitted: HOLDERS });

test("rewards, release, claim, lock, unlock and cancellation ride in native blocks, and come off again without a trace", () => {
  const states = [opened];
  const play = (...transactions: NativeTransaction[]): AssetLedger => {
    const played = block(states.at(-1)!, ...transactions);
    expect(reasons(played)).toEqual(transactions.map(() => "applied"));
    expect(brokenInvariants(played.ledger)).toEqual([]);
    states.push(played.ledger);
    return played.ledger;
  };
  const rewarded = applyNativeBlock(
    opened,
    {
      height: 1,
      rewards: [
        { type: "accrueReward", payee: alice, amount: flux(1n), role: "fluxnodes" },
        { type: "accrueReward", payee: bob, amount: 50n, role: "mining" },
      ],
      transactions: [],
    },
    CONTEXT,
  );
  expect(rewarded.outcomes).toEqual([]);
  states.push(rewarded.ledger);
  play(release(KDA, 1), release(ETH, 2));
  const claimed = play(claim(KDA, ALICE, 9), claim(KDA, BOB, 1), claim(ETH, BOB, 1));
  expect(chainTerms(claimed, KDA)).toMatchObject({
    circulating: flux(100n) + flux(1n) / 10n + 5n + 1n,
    unclaimed: 0n,
  });
  expect(chainTerms(claimed, ETH).circulating).toBe(5n);

  const towards = lock(KDA, 700n);
  const away = lock(ETH, 300n);
  const locked = play(towards, away);
  expect(findLock(locked, NATIVE_CHAIN, toDisplayHex(towards.txid))).toMatchObject({
    owner: alice,
    amount: 700n,
  });
  play();
  play();
  const cancelled = play(cancel(away.txid, 300n));
  expect(chainTerms(cancelled, NATIVE_CHAIN).inFlight).toBe(700n);

  const incoming = {
    type: "lock",
    id: lockId(1),
    source: KDA,
    target: NATIVE_CHAIN,
    owner: "carol",
    amount: 44n,
  };
  const waiting = accepted(accepted(cancelled, KDA, incoming as never), KDA);
  const paid = block(waiting, unlock(KDA, lockId(1), 44n));
  expect(reasons(paid)).toEqual(["applied"]);
  expect(chainTerms(paid.ledger, NATIVE_CHAIN).swapLocked).toBe(flux(220_000_000n) + 700n - 44n);

  for (const before of states.toReversed()) {
    const { tip } = before.chains[NATIVE_CHAIN]!;
    const rolled = rollback(states.at(-1)!, NATIVE_CHAIN, tip);
    expect("reason" in rolled ? rolled : ledgerDigest(rolled.ledger)).toBe(ledgerDigest(before));
  }
});

test("what leaves the foundation's and the exchange fund leaves the reserve, change not counted", () => {
  const spend = transaction([pays(FOUNDATION, 100n)], pays(ALICE, 60n), pays(FOUNDATION, 39n));
  const played = block(opened, spend);
  expect(reasons(played)).toEqual(["applied"]);
  expect(chainTerms(played.ledger, NATIVE_CHAIN)).toMatchObject({
    reserve: flux(10_000_000n) - 61n,
    circulating: HOLDERS + 61n,
  });
});

test("what the ledger does not do is listed with its reason, and with what the pool gained or lost by it", () => {
  const { ledger } = block(opened, release(KDA, 0));
  const mine = lock(KDA, 100n);
  const { ledger: locked } = block(ledger, mine);
  const played = block(
    locked,
    release(KDA, 1),
    release(ETH, 8), // ahead of the chain
    release(9, 1),
    claim(KDA, NOBODY, 9),
    claim(ETH, ALICE, 9),
    lock(ETH, 7n),
    cancel(mine.txid, 99n),
    cancel(mine.txid, 100n), // too early
    unlock(KDA, lockId(1), 8n),
    transaction([pays(POOL, 6n)], pays(BOB, 6n)),
    transaction([pays(ALICE, 6n)], pays(BOB, 6n)),
  );
  expect(reasons(played)).toEqual([
    ...["snapshotTaken", "snapshotAhead", "unknownChain", "nothingToClaim", "nothingToClaim"],
    ...["notReleased", "wrongOutflow", "tooEarly", "unknownLock", "unexplainedOutflow"],
  ]);
  const toPool = played.outcomes.map((outcome) =>
    outcome.status === "rejected" ? outcome.toPool : undefined,
  );
  expect(toPool).toEqual([0n, 0n, 0n, 0n, 0n, 7n, -99n, -100n, -8n, -6n]);
  expect(played.ledger.chains).toEqual(
    locked.chains.map((state, chain) => (chain === NATIVE_CHAIN ? { ...state, tip: state.tip + 1 } : state)),
  );
});

test("a snapshot whose balances are not kept any more is not made", () => {
  const late = [1, 2, 3, 4, 5].reduce((ledger) => block(ledger).ledger, opened);
  expect(reasons(block(late, release(KDA, 5)))).toEqual(["balancesUnknown"]);
});

test("a reward beyond what is left to mine is listed, with its height in the block", () => {
  const beyond = { type: "accrueReward", payee: "a", amount: flux(85_000_001n), role: "none" } as const;
  const played = applyNativeBlock(opened, { height: 1, rewards: [beyond], transactions: [] }, CONTEXT);
  expect(played.outcomes).toMatchObject([
    { txid: undefined, status: "rejected", rejection: { reason: "unemittedExhausted", chain: NATIVE_CHAIN } },
  ]);
});
