import { parseSatoshi } from "../../primitives/money.ts";
import { type ChainId, NATIVE_CHAIN } from "../../rules/assets/chains.ts";
import { assert } from "../../util/assert.ts";
import {
  type AssetLedger,
  airdropShare,
  chainTerms,
  entitlementKey,
  entitlementOn,
  findLock,
  isClaimed,
} from "./ledger.ts";
import type { AssetOperation, AssetRejection } from "./operations.ts";
import type { AssetFact, Entitlement, Lock } from "./records.ts";

// The rules of spec 05 §5: what an operation does, or why it does nothing.

/** Where an operation stands. */
export interface BlockPlace {
  readonly chain: ChainId;
  readonly height: number;
  /** Of the facts of its block. */
  readonly index: number;
}

/** The chain in whose blocks `operation` stands; undefined for the unlock of a lock that is not known. */
function chainOf(ledger: AssetLedger, operation: AssetOperation): ChainId | undefined {
  switch (operation.type) {
    case "snapshot":
    case "accrueReward":
    case "releaseChain":
    case "claim":
      return NATIVE_CHAIN;
    case "releaseReserve":
      return operation.chain;
    case "lock":
    case "cancel":
      return operation.source;
    case "unlock":
      return findLock(ledger, operation.source, operation.id)?.target;
  }
}

/** What `operation` does to the ledger at `place`, or why it does nothing. */
export function judge(
  ledger: AssetLedger,
  operation: AssetOperation,
  place: BlockPlace,
): AssetFact | AssetRejection {
  const unknown = namedChains(operation).find((chain) => ledger.chains[chain] === undefined);
  if (unknown !== undefined) return { reason: "unknownChain", chain: unknown };
  const expected = chainOf(ledger, operation);
  if (expected !== undefined && expected !== place.chain)
    return { reason: "wrongChain", expected, found: place.chain };
  switch (operation.type) {
    case "snapshot":
      return judgeSnapshot(ledger, operation, place);
    case "accrueReward":
      return judgeReward(ledger, operation, place);
    case "releaseChain": {
      const { chain } = operation;
      return ledger.chains[chain]!.released
        ? { reason: "alreadyReleased", chain }
        : { type: "released", chain };
    }
    case "releaseReserve":
      return judgeReserve(ledger, operation);
    case "claim":
      return judgeClaim(ledger, operation);
    case "lock":
      return judgeLock(ledger, operation, place.height);
    case "unlock":
      return judgeUnlock(ledger, operation, place.height);
    case "cancel":
      return judgeCancel(ledger, operation, place.height);
  }
}

type Operation<T extends AssetOperation["type"]> = Extract<AssetOperation, { readonly type: T }>;

function namedChains(operation: AssetOperation): readonly ChainId[] {
  if (operation.type === "accrueReward") return [];
  if (operation.type === "lock") return [operation.source, operation.target];
  return [operation.type === "unlock" || operation.type === "cancel" ? operation.source : operation.chain];
}

const isPositive = (amount: bigint): boolean => amount > 0n && parseSatoshi(amount) !== undefined;

function judgeSnapshot(
  ledger: AssetLedger,
  { chain, height, balances }: Operation<"snapshot">,
  place: BlockPlace,
): AssetFact | AssetRejection {
  const { snapshotAt, unemitted } = ledger.chains[chain]!;
  if (chain === NATIVE_CHAIN) return { reason: "sameChain", chain };
  if (snapshotAt !== undefined) return { reason: "snapshotTaken", chain, height: snapshotAt };
  if (height > place.height) return { reason: "snapshotAhead", height, tip: place.height };
  const airdrops = balances
    .filter(({ amount }) => airdropShare(amount) > 0n)
    .map(({ owner, amount: native }) => {
      const airdrop: Entitlement = { owner, height, native, from: { airdropOn: chain }, claimedOn: 0 };
      return [entitlementKey(owner, height, `airdrop${chain}`), airdrop] as const;
    });
  assert(new Set(airdrops.map(([key]) => key)).size === airdrops.length, "a snapshot has each owner once");
  const needed = airdrops.reduce((sum, [, { native }]) => sum + airdropShare(native), 0n);
  if (needed > unemitted) return { reason: "unemittedExhausted", chain, needed, left: unemitted };
  return { type: "snapshot", chain, height, airdrops };
}

function judgeReward(
  ledger: AssetLedger,
  { payee, amount, role }: Operation<"accrueReward">,
  { height, index }: BlockPlace,
): AssetFact | AssetRejection {
  if (!isPositive(amount)) return { reason: "badAmount", amount };
  const entitlement: Entitlement | undefined =
    role === "none"
      ? undefined
      : { owner: payee, height, native: amount, from: { party: role }, claimedOn: 0 };
  for (const [chain, { unemitted }] of ledger.chains.entries()) {
    const earned = entitlement === undefined ? 0n : entitlementOn(ledger, entitlement, chain);
    const needed = chain === NATIVE_CHAIN ? amount : earned;
    if (needed > unemitted) return { reason: "unemittedExhausted", chain, needed, left: unemitted };
  }
  return { type: "mined", amount, key: entitlementKey(payee, height, `reward${index}`), entitlement };
}

function judgeReserve(
  ledger: AssetLedger,
  { chain, amount }: Operation<"releaseReserve">,
): AssetFact | AssetRejection {
  if (!isPositive(amount)) return { reason: "badAmount", amount };
  const { reserve } = ledger.chains[chain]!;
  if (amount > reserve) return { reason: "reserveExhausted", chain, needed: amount, left: reserve };
  return { type: "reserveReleased", chain, amount };
}

function judgeClaim(
  ledger: AssetLedger,
  { chain, owner, entitlements }: Operation<"claim">,
): AssetFact | AssetRejection {
  if (!ledger.chains[chain]!.released) return { reason: "notReleased", chain };
  if (entitlements.length === 0) return { reason: "nothingToClaim" };
  const keys = new Set<string>();
  for (const key of entitlements) {
    const entitlement = ledger.entitlements.get(key);
    if (entitlement === undefined) return { reason: "unknownEntitlement", entitlement: key };
    if (entitlement.owner !== owner) return { reason: "notTheOwner", entitlement: key, owner };
    if (keys.has(key) || isClaimed(entitlement, chain)) return { reason: "alreadyClaimed", entitlement: key };
    if (entitlementOn(ledger, entitlement, chain) === 0n) return { reason: "nothingToClaim" };
    keys.add(key);
  }
  return { type: "claimed", chain, keys: [...keys] };
}

function judgeLock(
  ledger: AssetLedger,
  { id, source, target, owner, amount }: Operation<"lock">,
  height: number,
): AssetFact | AssetRejection {
  if (source === target) return { reason: "sameChain", chain: source };
  if (!isPositive(amount)) return { reason: "badAmount", amount };
  for (const chain of [source, target])
    if (!ledger.chains[chain]!.released) return { reason: "notReleased", chain };
  const before = findLock(ledger, source, id);
  const returns = before?.lockedAt === undefined && before?.target === target && before.amount === amount;
  if (before !== undefined && !returns) return { reason: "lockIdTaken", id };
  const { circulating } = chainTerms(ledger, source);
  if (amount > circulating)
    return { reason: "circulatingExhausted", chain: source, needed: amount, left: circulating };
  const lock: Lock = {
    id,
    source,
    target,
    owner,
    amount,
    lockedAt: height,
    unlockedAt: undefined,
    cancelledAt: undefined,
  };
  return { type: "locked", lock, height };
}

/** The lock, if it waits for its unlock; else why there is nothing to do. */
function pendingLock(ledger: AssetLedger, source: ChainId, id: string): Lock | AssetRejection {
  const lock = findLock(ledger, source, id);
  if (lock?.unlockedAt !== undefined) return { reason: "alreadyUnlocked", id };
  if (lock === undefined) return { reason: "unknownLock", id };
  return lock.cancelledAt === undefined ? lock : { reason: "lockCancelled", id };
}

function judgeUnlock(
  ledger: AssetLedger,
  { source, id }: Operation<"unlock">,
  height: number,
): AssetFact | AssetRejection {
  const lock = pendingLock(ledger, source, id);
  if ("reason" in lock) return lock;
  const have = ledger.chains[source]!.tip - lock.lockedAt! + 1;
  const needed = ledger.params.chains[source]!.confirmations;
  if (have < needed) return { reason: "tooFewConfirmations", have, needed };
  const { target, amount } = lock;
  // What is in flight from the target may still be cancelled, so it is not there to be paid out.
  const { swapLocked, inFlight } = chainTerms(ledger, target);
  const left = swapLocked - inFlight;
  if (amount > left) return { reason: "poolDry", chain: target, needed: amount, left };
  return { type: "unlocked", lock, height };
}

function judgeCancel(
  ledger: AssetLedger,
  { source, id }: Operation<"cancel">,
  height: number,
): AssetFact | AssetRejection {
  const lock = pendingLock(ledger, source, id);
  if ("reason" in lock) return lock;
  const due = lock.lockedAt! + ledger.params.chains[source]!.cancelAfterBlocks;
  if (height < due) return { reason: "tooEarly", height, due };
  // A reorganisation of the target may have put a lock back in flight after its coins were paid out to others.
  const { swapLocked } = chainTerms(ledger, source);
  if (lock.amount > swapLocked)
    return { reason: "poolDry", chain: source, needed: lock.amount, left: swapLocked };
  return { type: "cancelled", lock, height };
}
