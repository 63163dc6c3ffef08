import { type ChainId, NATIVE_CHAIN } from "../../rules/assets/chains.ts";
import { assert } from "../../util/assert.ts";
import { type AssetLedger, type ChainState, type ChainSums, entitlementOn, lockKey } from "./ledger.ts";
import type { AssetFact, Entitlement, Lock } from "./records.ts";

/** A term that amounts move between. */
type Term = Exclude<keyof ChainSums, "inFlight">;

function withChain(ledger: AssetLedger, chain: ChainId, change: Partial<ChainState>): AssetLedger {
  return { ...ledger, chains: ledger.chains.with(chain, { ...ledger.chains[chain]!, ...change }) };
}

/** Moves `amount` between two terms of a chain. No other function changes a term, so no chain's sum ever changes. */
function move(ledger: AssetLedger, chain: ChainId, from: Term, to: Term, amount: bigint): AssetLedger {
  const state = ledger.chains[chain]!;
  return withChain(ledger, chain, { [from]: state[from] - amount, [to]: state[to] + amount });
}

const addInFlight = (ledger: AssetLedger, source: ChainId, amount: bigint): AssetLedger =>
  withChain(ledger, source, { inFlight: ledger.chains[source]!.inFlight + amount });

/** Adds `fact` to the ledger; the operation's rules have been checked. */
export function record(ledger: AssetLedger, fact: AssetFact): AssetLedger {
  switch (fact.type) {
    case "mined": {
      const mined = move(ledger, NATIVE_CHAIN, "unemitted", "circulating", fact.amount);
      return fact.entitlement === undefined ? mined : entitle(mined, fact.key, fact.entitlement);
    }
    case "snapshot": {
      const taken = withChain(ledger, fact.chain, { snapshotAt: fact.height });
      return fact.airdrops.reduce((next, [key, airdrop]) => entitle(next, key, airdrop), taken);
    }
    case "released":
      return withChain(ledger, fact.chain, { released: true });
    case "reserveReleased":
      return move(ledger, fact.chain, "reserve", "circulating", fact.amount);
    case "claimed":
      return fact.keys.reduce((next, key) => claim(next, fact.chain, key), ledger);
    case "locked":
      return lock(ledger, fact.lock, fact.height);
    case "unlocked":
      return unlock(ledger, fact.lock, fact.height);
    case "cancelled":
      return cancel(ledger, fact.lock, fact.height);
  }
}

/** Takes back a fact that {@link record} added. Facts of one chain are taken back newest first. */
export function retract(ledger: AssetLedger, fact: AssetFact): AssetLedger {
  switch (fact.type) {
    case "mined": {
      const unmined = move(ledger, NATIVE_CHAIN, "circulating", "unemitted", fact.amount);
      return fact.entitlement === undefined ? unmined : disentitle(unmined, fact.key, fact.entitlement);
    }
    case "snapshot": {
      const undone = withChain(ledger, fact.chain, { snapshotAt: undefined });
      return fact.airdrops.reduce((next, [key, airdrop]) => disentitle(next, key, airdrop), undone);
    }
    case "released":
      return withChain(ledger, fact.chain, { released: false });
    case "reserveReleased":
      return move(ledger, fact.chain, "circulating", "reserve", fact.amount);
    case "claimed":
      return fact.keys.reduce((next, key) => unclaim(next, fact.chain, key), ledger);
    case "locked":
      return removeLock(ledger, fact.lock);
    case "unlocked":
      return relock(ledger, fact.lock);
    case "cancelled":
      return uncancel(ledger, fact.lock);
  }
}

function entitle(ledger: AssetLedger, key: string, entitlement: Entitlement): AssetLedger {
  return { ...assign(ledger, entitlement, 1n), entitlements: ledger.entitlements.set(key, entitlement) };
}

function disentitle(ledger: AssetLedger, key: string, entitlement: Entitlement): AssetLedger {
  return { ...assign(ledger, entitlement, -1n), entitlements: ledger.entitlements.delete(key) };
}

/** Sets aside what an entitlement is worth on every chain; with sign -1 puts it back. */
function assign(ledger: AssetLedger, entitlement: Entitlement, sign: 1n | -1n): AssetLedger {
  const chains = ledger.chains.map((state, chain) => {
    const worth = sign * entitlementOn(ledger, entitlement, chain);
    if (worth === 0n) return state;
    return { ...state, unemitted: state.unemitted - worth, unclaimed: state.unclaimed + worth };
  });
  return { ...ledger, chains };
}

function claim(ledger: AssetLedger, chain: ChainId, key: string): AssetLedger {
  const entitlement = ledger.entitlements.get(key)!;
  const paid = move(ledger, chain, "unclaimed", "circulating", entitlementOn(ledger, entitlement, chain));
  const claimedOn = entitlement.claimedOn | (1 << chain);
  return { ...paid, entitlements: ledger.entitlements.set(key, { ...entitlement, claimedOn }) };
}

function unclaim(ledger: AssetLedger, chain: ChainId, key: string): AssetLedger {
  const entitlement = ledger.entitlements.get(key);
  assert(entitlement !== undefined, `native facts fall newest first, so ${key} outlives its claim`);
  const unpaid = move(ledger, chain, "circulating", "unclaimed", entitlementOn(ledger, entitlement, chain));
  const claimedOn = entitlement.claimedOn & ~(1 << chain);
  return { ...unpaid, entitlements: ledger.entitlements.set(key, { ...entitlement, claimedOn }) };
}

/** The lock as the ledger has it now, which may be newer than the one a fact remembers. */
function present(ledger: AssetLedger, { source, id }: Lock): Lock {
  const found = ledger.locks.get(lockKey(source, id));
  assert(found !== undefined, `lock ${id} of chain ${source} is remembered while a fact about it stands`);
  return found;
}

const putLock = (ledger: AssetLedger, lock: Lock): AssetLedger => ({
  ...ledger,
  locks: ledger.locks.set(lockKey(lock.source, lock.id), lock),
});

const dropLock = (ledger: AssetLedger, { source, id }: Lock): AssetLedger => ({
  ...ledger,
  locks: ledger.locks.delete(lockKey(source, id)),
});

function lock(ledger: AssetLedger, incoming: Lock, height: number): AssetLedger {
  const { source, id, amount } = incoming;
  const orphan = ledger.locks.get(lockKey(source, id));
  const locked = putLock(move(ledger, source, "circulating", "swapLocked", amount), {
    ...(orphan ?? incoming),
    lockedAt: height,
  });
  // A lock that comes back after a reorganisation backs its unlock again.
  return orphan === undefined
    ? addInFlight(locked, source, amount)
    : { ...locked, orphaned: locked.orphaned - amount };
}

function removeLock(ledger: AssetLedger, removed: Lock): AssetLedger {
  const { source, amount } = removed;
  const standing = present(ledger, removed);
  const freed = move(ledger, source, "swapLocked", "circulating", amount);
  if (standing.unlockedAt === undefined) return dropLock(addInFlight(freed, source, -amount), removed);
  const orphaned = putLock(freed, { ...standing, lockedAt: undefined });
  return { ...orphaned, orphaned: orphaned.orphaned + amount };
}

function unlock(ledger: AssetLedger, { source, target, amount, id }: Lock, height: number): AssetLedger {
  const standing = ledger.locks.get(lockKey(source, id))!;
  const paid = move(ledger, target, "swapLocked", "circulating", amount);
  return putLock(addInFlight(paid, source, -amount), { ...standing, unlockedAt: height });
}

function relock(ledger: AssetLedger, undone: Lock): AssetLedger {
  const { source, target, amount } = undone;
  const standing = present(ledger, undone);
  const unpaid = move(ledger, target, "circulating", "swapLocked", amount);
  if (standing.lockedAt === undefined) {
    return { ...dropLock(unpaid, undone), orphaned: unpaid.orphaned - amount };
  }
  return putLock(addInFlight(unpaid, source, amount), { ...standing, unlockedAt: undefined });
}

function cancel(ledger: AssetLedger, { source, amount, id }: Lock, height: number): AssetLedger {
  const standing = ledger.locks.get(lockKey(source, id))!;
  const returned = move(ledger, source, "swapLocked", "circulating", amount);
  return putLock(addInFlight(returned, source, -amount), { ...standing, cancelledAt: height });
}

function uncancel(ledger: AssetLedger, undone: Lock): AssetLedger {
  const { source, amount } = undone;
  const standing = present(ledger, undone);
  const taken = move(ledger, source, "circulating", "swapLocked", amount);
  return putLock(addInFlight(taken, source, amount), { ...standing, cancelledAt: undefined });
}
