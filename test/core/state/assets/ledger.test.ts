import {
  type AssetLedger,
  type AssetOperation,
  brokenInvariants,
  chainTerms,
  DEFAULT_ASSETS,
  flux,
  ledgerDigest,
  NATIVE_CHAIN,
  openEntitlements,
  openLedger,
  rollback,
  settle,
  shortfall,
  totalCirculating,
  totalInFlight,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import {
  accepted,
  BSC,
  ETH,
  fewChains,
  HOLDERS,
  KDA,
  lockId,
  next,
  released,
} from "../../../support/assets.ts";

const PARAMS = fewChains(4, 3, 5);

const lock = (n: number, source: number, target: number, amount: bigint): AssetOperation => ({
  type: "lock",
  id: lockId(n),
  source,
  target,
  owner: "alice",
  amount,
});
const unlock = (n: number, source: number): AssetOperation => ({ type: "unlock", source, id: lockId(n) });
const cancel = (n: number, source: number): AssetOperation => ({ type: "cancel", source, id: lockId(n) });

/** `blocks` blocks of `chain` that carry nothing. */
const wait = (ledger: AssetLedger, chain: number, blocks: number): AssetLedger =>
  blocks === 0 ? ledger : wait(accepted(ledger, chain), chain, blocks - 1);

function back(ledger: AssetLedger, chain: number, height: number) {
  const rolled = rollback(ledger, chain, height);
  if ("reason" in rolled) throw new Error(rolled.reason);
  return rolled;
}

test("a ledger opens with the allocation table of all eleven chains", () => {
  const ledger = openLedger(DEFAULT_ASSETS, { nativeEmitted: HOLDERS });
  expect(chainTerms(ledger, NATIVE_CHAIN)).toEqual({
    circulating: flux(125_000_000n),
    swapLocked: flux(220_000_000n),
    unclaimed: 0n,
    unemitted: flux(85_000_000n),
    reserve: flux(10_000_000n),
    inFlight: 0n,
    deficit: 0n,
  });
  for (let chain = 1; chain <= 10; chain++) {
    expect(chainTerms(ledger, chain)).toMatchObject({
      circulating: 0n,
      swapLocked: flux(418_000_000n),
      unemitted: flux(21_000_000n),
      reserve: flux(1_000_000n),
    });
  }
  expect(brokenInvariants(ledger)).toEqual([]);
});

test("WP2.1's example: 2,000 FLUX go from BSC to native, and the sum over chains stays", () => {
  const before = released(PARAMS, BSC);
  const swapped = flux(2_000n);
  const locked = accepted(before, BSC, lock(1, BSC, NATIVE_CHAIN, swapped));
  expect(totalCirculating(locked)).toBe(totalCirculating(before) - swapped);
  expect(totalInFlight(locked)).toBe(swapped);
  const after = accepted(wait(locked, BSC, 2), NATIVE_CHAIN, unlock(1, BSC));
  expect(totalCirculating(after)).toBe(totalCirculating(before));
  expect(totalInFlight(after)).toBe(0n);
  expect(chainTerms(after, BSC).swapLocked - chainTerms(before, BSC).swapLocked).toBe(swapped);
  expect(chainTerms(before, NATIVE_CHAIN).swapLocked - chainTerms(after, NATIVE_CHAIN).swapLocked).toBe(
    swapped,
  );
  for (const ledger of [before, locked, after]) expect(brokenInvariants(ledger)).toEqual([]);
});

test("the wiki's Cumulus payout: 2.8125 native FLUX carry 0.28125 on each of ten chains, and a miner's 37.5 carry 3.75", () => {
  const opened = openLedger(DEFAULT_ASSETS, { nativeEmitted: HOLDERS });
  const ledger = accepted(
    opened,
    NATIVE_CHAIN,
    { type: "accrueReward", payee: "node", amount: 281_250_000n, role: "fluxnodes" },
    { type: "accrueReward", payee: "miner", amount: 3_750_000_000n, role: "mining" },
    { type: "accrueReward", payee: "devFund", amount: 100n, role: "none" },
  );
  for (let chain = 1; chain <= 10; chain++)
    expect(chainTerms(ledger, chain).unclaimed).toBe(28_125_000n + 375_000_000n);
  expect(chainTerms(ledger, NATIVE_CHAIN).circulating).toBe(HOLDERS + 281_250_000n + 3_750_000_000n + 100n);
});

test("under WP1's table miners earn a twentieth of a parallel chain: 425,000 to 8,075,000 of 8,500,000", () => {
  const opened = openLedger({ ...PARAMS, rewardModel: "wp1-table" }, { nativeEmitted: HOLDERS });
  const half = flux(42_500_000n);
  const ledger = accepted(
    opened,
    NATIVE_CHAIN,
    { type: "accrueReward", payee: "miners", amount: half, role: "mining" },
    { type: "accrueReward", payee: "nodes", amount: half, role: "fluxnodes" },
  );
  expect(chainTerms(ledger, ETH).unclaimed).toBe(flux(8_500_000n));
  expect(chainTerms(ledger, NATIVE_CHAIN).unemitted).toBe(0n);
  const one: AssetOperation = { type: "accrueReward", payee: "late", amount: 1n, role: "none" };
  expect(next(ledger, NATIVE_CHAIN, one).reasons).toEqual(["unemittedExhausted"]);
});

test("what a snapshot rounds away stays unemitted, and what was earned before a release is claimed after it", () => {
  const opened = openLedger(PARAMS, { nativeEmitted: HOLDERS });
  const earned = accepted(opened, NATIVE_CHAIN, {
    type: "accrueReward",
    payee: "bob",
    amount: 1_000n,
    role: "fluxnodes",
  });
  const balances = [
    { owner: "alice", amount: 19n },
    { owner: "bob", amount: 29n },
    { owner: "dust", amount: 9n },
  ];
  const taken = accepted(earned, NATIVE_CHAIN, { type: "snapshot", chain: KDA, height: 1, balances });
  expect(chainTerms(taken, KDA).unclaimed).toBe(100n + 1n + 2n);
  expect(openEntitlements(taken, "dust", KDA, 0, 9)).toEqual([]);
  const entitlements = openEntitlements(taken, "bob", KDA, 0, 9);
  expect(entitlements).toHaveLength(2);
  const claim: AssetOperation = { type: "claim", chain: KDA, owner: "bob", entitlements };
  expect(next(taken, NATIVE_CHAIN, claim).reasons).toEqual(["notReleased"]);
  const open = accepted(taken, NATIVE_CHAIN, { type: "releaseChain", chain: KDA }, claim);
  expect(chainTerms(open, KDA)).toMatchObject({ circulating: 102n, unclaimed: 1n });
  expect(openEntitlements(open, "bob", KDA, 0, 9)).toEqual([]);
  expect(openEntitlements(open, "bob", ETH, 0, 9)).toHaveLength(1);
});

describe("what the ledger rejects, and why", () => {
  const ready = released(PARAMS, KDA, ETH);
  const pending = accepted(ready, KDA, lock(1, KDA, ETH, 100n));
  const confirmed = wait(pending, KDA, 2);
  const paid = accepted(confirmed, ETH, unlock(1, KDA));
  const late = wait(pending, KDA, 4);
  const returned = accepted(late, KDA, cancel(1, KDA));
  const [airdrop] = [...ready.entitlements.entries()].map(([key]) => key);
  const claim = (owner: string, ...entitlements: string[]): AssetOperation => ({
    type: "claim",
    chain: KDA,
    owner,
    entitlements,
  });
  const CASES: readonly (readonly [string, AssetLedger, number, AssetOperation])[] = [
    ["unknownChain", ready, KDA, lock(2, KDA, 9, 1n)],
    ["unknownChain", ready, NATIVE_CHAIN, { type: "releaseChain", chain: -1 }],
    ["wrongChain", ready, ETH, lock(2, KDA, ETH, 1n)],
    ["wrongChain", confirmed, KDA, unlock(1, KDA)],
    ["badAmount", ready, KDA, lock(2, KDA, ETH, 0n)],
    ["badAmount", ready, KDA, lock(2, KDA, ETH, 2n ** 62n)],
    ["badAmount", ready, NATIVE_CHAIN, { type: "accrueReward", payee: "a", amount: -1n, role: "none" }],
    ["badAmount", ready, KDA, { type: "releaseReserve", chain: KDA, amount: 0n }],
    ["notReleased", ready, KDA, lock(2, KDA, BSC, 1n)],
    ["notReleased", ready, NATIVE_CHAIN, { ...claim("alice", airdrop!), chain: BSC } as AssetOperation],
    ["alreadyReleased", ready, NATIVE_CHAIN, { type: "releaseChain", chain: KDA }],
    ["snapshotTaken", ready, NATIVE_CHAIN, { type: "snapshot", chain: KDA, height: 0, balances: [] }],
    ["snapshotAhead", ready, NATIVE_CHAIN, { type: "snapshot", chain: BSC, height: 99, balances: [] }],
    ["sameChain", ready, NATIVE_CHAIN, { type: "snapshot", chain: NATIVE_CHAIN, height: 0, balances: [] }],
    [
      "unemittedExhausted",
      ready,
      NATIVE_CHAIN,
      { type: "snapshot", chain: BSC, height: 0, balances: [{ owner: "whale", amount: flux(210_000_010n) }] },
    ],
    ["reserveExhausted", ready, KDA, { type: "releaseReserve", chain: KDA, amount: flux(1_000_000n) + 1n }],
    ["nothingToClaim", ready, NATIVE_CHAIN, claim("alice")],
    ["nothingToClaim", ready, NATIVE_CHAIN, { ...claim("alice", airdrop!), chain: ETH } as AssetOperation],
    ["unknownEntitlement", ready, NATIVE_CHAIN, claim("alice", "alice/9/none")],
    ["notTheOwner", ready, NATIVE_CHAIN, claim("bob", airdrop!)],
    ["alreadyClaimed", ready, NATIVE_CHAIN, claim("alice", airdrop!)],
    ["sameChain", ready, KDA, lock(2, KDA, KDA, 1n)],
    ["lockIdTaken", pending, KDA, lock(1, KDA, ETH, 100n)],
    ["circulatingExhausted", ready, KDA, lock(2, KDA, ETH, flux(12_500_000n) + 1n)],
    ["unknownLock", ready, ETH, unlock(1, KDA)],
    ["unknownLock", ready, KDA, cancel(1, KDA)],
    ["tooFewConfirmations", pending, ETH, unlock(1, KDA)],
    ["alreadyUnlocked", paid, ETH, unlock(1, KDA)],
    ["alreadyUnlocked", wait(paid, KDA, 9), KDA, cancel(1, KDA)],
    ["lockCancelled", returned, ETH, unlock(1, KDA)],
    ["lockCancelled", returned, KDA, cancel(1, KDA)],
    ["tooEarly", confirmed, KDA, cancel(1, KDA)],
  ];

  test.each(CASES)("%s", (reason, ledger, chain, operation) => {
    const after = next(ledger, chain, operation);
    expect(after.reasons).toEqual([reason]);
    const untouched = accepted(ledger, chain);
    expect(ledgerDigest(after.ledger)).toBe(ledgerDigest(untouched));
  });

  test("a cancelled lock gives its coins back", () => {
    expect(chainTerms(returned, KDA).circulating).toBe(chainTerms(ready, KDA).circulating);
    expect(totalInFlight(returned)).toBe(0n);
  });
});

test("a pool pays what it has, less what may still be cancelled", () => {
  // Two chains only, so that one holder can empty a pool: 210,000,000 native coins towards KDA's 418,000,000.
  const params = fewChains(2, 1, 5);
  const all = flux(12_500_000n);
  let ledger = released(params, KDA);
  ledger = accepted(ledger, KDA, lock(1, KDA, NATIVE_CHAIN, all));
  ledger = accepted(ledger, NATIVE_CHAIN, unlock(1, KDA));
  expect(chainTerms(ledger, NATIVE_CHAIN).swapLocked).toBe(flux(207_500_000n));
  // Nothing left in the pool but what is in flight from it: made up, since no history of two chains gets there.
  const native = ledger.chains[NATIVE_CHAIN]!;
  const drained: AssetLedger = {
    ...ledger,
    chains: ledger.chains.with(NATIVE_CHAIN, { ...native, swapLocked: 150n, inFlight: 100n }),
  };
  const waiting = accepted(
    { ...drained, chains: drained.chains.with(KDA, { ...drained.chains[KDA]!, circulating: 51n }) },
    KDA,
    lock(2, KDA, NATIVE_CHAIN, 51n),
  );
  expect(next(waiting, NATIVE_CHAIN, unlock(2, KDA)).reasons).toEqual(["poolDry"]);
});

test("a lock that its source reorganises away before the unlock is gone, and nothing is short", () => {
  const ready = released(PARAMS, KDA, ETH);
  const pending = wait(accepted(ready, KDA, lock(1, KDA, ETH, 100n)), KDA, 2);
  const { ledger, reports } = back(pending, KDA, 0);
  expect(reports).toEqual([]);
  expect(ledgerDigest(ledger)).toBe(ledgerDigest(ready));
  expect(next(ledger, ETH, unlock(1, KDA)).reasons).toEqual(["unknownLock"]);
});

test("one that goes after the unlock is reported, breaks invariant 2 by its amount, and is made good when it returns", () => {
  const ready = released(PARAMS, KDA, ETH);
  const paid = accepted(wait(accepted(ready, KDA, lock(1, KDA, ETH, 100n)), KDA, 2), ETH, unlock(1, KDA));
  const { ledger, reports } = back(paid, KDA, 0);
  expect(reports).toEqual([{ type: "SourceReorged", source: KDA, id: lockId(1), target: ETH, amount: 100n }]);
  expect(shortfall(ledger)).toBe(100n);
  expect(brokenInvariants(ledger)).toEqual([{ invariant: "swapConservation", excess: 100n }]);
  expect(next(ledger, KDA, lock(1, KDA, ETH, 99n)).reasons).toEqual(["lockIdTaken"]);
  expect(next(ledger, ETH, unlock(1, KDA)).reasons).toEqual(["alreadyUnlocked"]);
  const healed = accepted(ledger, KDA, lock(1, KDA, ETH, 100n));
  expect(brokenInvariants(healed)).toEqual([]);
  expect(shortfall(healed)).toBe(0n);
  expect(totalInFlight(healed)).toBe(0n);
  // The unlock may go too; then nothing ever happened.
  expect(ledgerDigest(back(ledger, ETH, 0).ledger)).toBe(ledgerDigest(ready));
  expect(shortfall(back(healed, ETH, 0).ledger)).toBe(0n);
  expect(totalInFlight(back(healed, ETH, 0).ledger)).toBe(100n);
});

test("a claim that the native chain takes back after its coins left the parallel chain is reported as well", () => {
  const ready = released(PARAMS, KDA, ETH);
  const claimedAt = ready.chains[NATIVE_CHAIN]!.tip;
  const all = chainTerms(ready, KDA).circulating;
  const left = accepted(wait(accepted(ready, KDA, lock(1, KDA, ETH, all)), KDA, 2), ETH, unlock(1, KDA));
  const { ledger, reports } = back(left, NATIVE_CHAIN, claimedAt - 3);
  expect(reports).toEqual([{ type: "ClaimReorged", chain: KDA, amount: all }]);
  expect(chainTerms(ledger, KDA)).toMatchObject({ circulating: 0n, unclaimed: all, deficit: all });
  const broken = brokenInvariants(ledger);
  expect(broken).toContainEqual({ invariant: "swapConservation", excess: all });
  expect(broken.map(({ invariant }) => invariant)).not.toContain("chainConservation");
});

test("a rollback goes back to the opening and no further, or to what was settled", () => {
  const opened = openLedger(PARAMS, { nativeEmitted: HOLDERS, tips: [7] });
  const played = wait(opened, NATIVE_CHAIN, 5);
  expect(rollback(played, NATIVE_CHAIN, 6)).toEqual({ reason: "tooDeep", height: 6, floor: 7 });
  expect(ledgerDigest(back(played, NATIVE_CHAIN, 7).ledger)).toBe(ledgerDigest(opened));

  const reward: AssetOperation = { type: "accrueReward", payee: "a", amount: 10n, role: "mining" };
  const rewarded = [1, 2, 3].reduce((ledger) => accepted(ledger, NATIVE_CHAIN, reward), opened);
  const settled = settle(rewarded, NATIVE_CHAIN, 9);
  expect(ledgerDigest(settled)).toBe(ledgerDigest(rewarded));
  expect(rollback(settled, NATIVE_CHAIN, 8)).toMatchObject({ reason: "tooDeep", floor: 9 });
  expect(ledgerDigest(back(settled, NATIVE_CHAIN, 9).ledger)).toBe(
    ledgerDigest(back(rewarded, NATIVE_CHAIN, 9).ledger),
  );
});

test("a broken ledger is told apart by the invariant it breaks", () => {
  const ledger = accepted(released(PARAMS, KDA, ETH), KDA, lock(1, KDA, ETH, 100n));
  const bend = (change: Partial<AssetLedger["chains"][number]>): string[] => {
    const bent = { ...ledger, chains: ledger.chains.with(KDA, { ...ledger.chains[KDA]!, ...change }) };
    return brokenInvariants(bent).map(({ invariant }) => invariant);
  };
  const kda = ledger.chains[KDA]!;
  expect(bend({ reserve: kda.reserve + 1n })).toEqual(["chainConservation"]);
  expect(bend({ reserve: -1n, unemitted: kda.unemitted + kda.reserve + 1n })).toEqual(["nonNegative"]);
  expect(bend({ swapLocked: kda.swapLocked - 1n, reserve: kda.reserve + 1n })).toEqual([
    "swapConservation",
    "countedOnce",
  ]);
  expect(bend({ unclaimed: kda.unclaimed + 1n, reserve: kda.reserve - 1n })).toEqual(["countedOnce"]);
  const capped = { ...ledger, params: { ...PARAMS, circulationCap: flux(125_000_000n) } };
  expect(brokenInvariants(capped)).toMatchObject([{ invariant: "circulationCap" }]);
});
