import type { Satoshi } from "../../primitives/money.ts";
import {
  type AssetParams,
  assertAssetParams,
  type ChainId,
  chainAllocation,
  NATIVE_CHAIN,
} from "../../rules/assets/chains.ts";
import { parallelReward } from "../../rules/assets/reward.ts";
import { assert } from "../../util/assert.ts";
import { PersistentMap } from "../../util/persistentMap.ts";
import type { AssetFact, Entitlement, Lock, Owner } from "./records.ts";

// The ledger of the parallel assets. It is the sum of facts, each of which stands in one block of one chain: a lock on its
// source, an unlock on its target, a claim on the native chain, and so on. Chains reorganise one by one, so a fact may lose
// what it rested on while it stands itself; because every amount below is a sum over the facts that stand, taking one back
// is exact, and facts may be taken back in any order among chains.

/** Facts of one block, newest block first. */
export interface Journal {
  readonly height: number;
  readonly facts: readonly AssetFact[];
  readonly previous: Journal | undefined;
}

/** One chain's sums over facts, satoshi. {@link chainTerms} turns them into the terms of spec 05 §5. */
export interface ChainSums {
  /** Below zero when a native reorganisation took back a claim whose coins had already been locked. */
  readonly circulating: bigint;
  readonly swapLocked: bigint;
  readonly unclaimed: bigint;
  readonly unemitted: bigint;
  readonly reserve: bigint;
  /** Locked here and not yet unlocked elsewhere; a part of `swapLocked`. */
  readonly inFlight: bigint;
}

export interface ChainState extends ChainSums {
  /** Height of the latest block told of. */
  readonly tip: number;
  /** Native height of the airdrop snapshot. */
  readonly snapshotAt: number | undefined;
  /** Whether swaps and claims are open. */
  readonly released: boolean;
  readonly journal: Journal | undefined;
  /** A rollback may go back to here and no further. */
  readonly rollbackFloor: number;
}

/** The ledger at one moment; immutable. */
export interface AssetLedger {
  readonly params: AssetParams;
  readonly chains: readonly ChainState[];
  /** By {@link lockKey}. */
  readonly locks: PersistentMap<Lock>;
  /** By {@link entitlementKey}. */
  readonly entitlements: PersistentMap<Entitlement>;
  /** Amounts unlocked whose locks have been reorganised away, satoshi. */
  readonly orphaned: bigint;
}

/** What a ledger begins with. */
export interface LedgerOpening {
  /** Heights of the chains as the ledger opens, by id; 0 where none is given. */
  readonly tips?: readonly number[];
  /** Native coins mined by then, without special funding, satoshi. They circulate and have earned nothing. */
  readonly nativeEmitted: bigint;
}

/** A ledger before its first fact: on every chain the allocation table, and of the native chain only mined coins about. */
export function openLedger(params: AssetParams, { tips = [], nativeEmitted }: LedgerOpening): AssetLedger {
  assertAssetParams(params);
  const chains = params.chains.map(({ id }): ChainState => {
    const { natural, reserve, swap } = chainAllocation(id);
    const emitted = id === NATIVE_CHAIN ? nativeEmitted : 0n;
    assert(emitted >= 0n && emitted <= natural, `${emitted} sat cannot have been mined of ${natural}`);
    return {
      circulating: emitted,
      swapLocked: swap,
      unclaimed: 0n,
      unemitted: natural - emitted,
      reserve,
      inFlight: 0n,
      tip: tips[id] ?? 0,
      snapshotAt: undefined,
      released: id === NATIVE_CHAIN,
      journal: undefined,
      rollbackFloor: tips[id] ?? 0,
    };
  });
  return { params, chains, locks: PersistentMap.empty(), entitlements: PersistentMap.empty(), orphaned: 0n };
}

/** The terms of spec 05 §5 for one chain, satoshi; each is 0 or more. */
export interface ChainTerms extends ChainSums {
  /** Coins that left this chain by swaps and rest on claims that a native reorganisation took back. */
  readonly deficit: bigint;
}

/** What `chain` holds. Coins that it does not have but has locked away are no longer counted as locked: the pool lacks them. */
export function chainTerms(ledger: AssetLedger, chain: ChainId): ChainTerms {
  const { circulating, swapLocked, unclaimed, unemitted, reserve, inFlight } = ledger.chains[chain]!;
  const deficit = circulating < 0n ? -circulating : 0n;
  return {
    circulating: circulating + deficit,
    swapLocked: swapLocked - deficit,
    unclaimed,
    unemitted,
    reserve,
    inFlight,
    deficit,
  };
}

/** Circulating coins of all chains, satoshi. */
export const totalCirculating = (ledger: AssetLedger): bigint =>
  ledger.params.chains.reduce((sum, { id }) => sum + chainTerms(ledger, id).circulating, 0n);

/** Amounts locked on a source and not yet unlocked on the target, over all chains, satoshi. */
export const totalInFlight = (ledger: AssetLedger): bigint =>
  ledger.chains.reduce((sum, { inFlight }) => sum + inFlight, 0n);

/** Coins let out by swaps that nothing backs any more because a chain reorganised, satoshi. */
export const shortfall = (ledger: AssetLedger): bigint =>
  ledger.params.chains.reduce((sum, { id }) => sum + chainTerms(ledger, id).deficit, ledger.orphaned);

/** Lock ids are unique on their source only. */
export const lockKey = (source: ChainId, id: string): string => `${source}/${id}`;

/** A lock, or an unlock whose lock is gone, by the lock's id. */
export const findLock = (ledger: AssetLedger, source: ChainId, id: string): Lock | undefined =>
  ledger.locks.get(lockKey(source, id));

/** What an entitlement is worth on `chain`, claimed or not, rounded down to the satoshi. */
export function entitlementOn(
  { params }: AssetLedger,
  { from, native }: Entitlement,
  chain: ChainId,
): Satoshi {
  if (chain === NATIVE_CHAIN) return 0n as Satoshi;
  if ("party" in from) return parallelReward(params.rewardModel, from.party, native);
  return (from.airdropOn === chain ? airdropShare(native) : 0n) as Satoshi;
}

/** A tenth, rounded down to the satoshi. Source: spec 05 §5. */
export const airdropShare = (native: bigint): bigint => native / 10n;

const HEIGHT_DIGITS = 10;
const heightText = (height: number): string => height.toString().padStart(HEIGHT_DIGITS, "0");

/** Sorts by owner, then by native height, so that a claim over a range of heights is a range of keys. */
export function entitlementKey(owner: Owner, height: number, label: string): string {
  assert(!owner.includes("/"), `an owner's text has no "/": ${owner}`);
  return `${owner}/${heightText(height)}/${label}`;
}

/** Keys of what `owner` may still claim on `chain` and earned in native blocks `first` to `last`, in order. */
export function openEntitlements(
  ledger: AssetLedger,
  owner: Owner,
  chain: ChainId,
  first: number,
  last: number,
): string[] {
  const keys: string[] = [];
  const range = ledger.entitlements.entries(
    `${owner}/${heightText(first)}/`,
    `${owner}/${heightText(last)}/~`,
  );
  for (const [key, entitlement] of range) {
    if (!isClaimed(entitlement, chain) && entitlementOn(ledger, entitlement, chain) > 0n) keys.push(key);
  }
  return keys;
}

/** Whether the entitlement has been claimed on `chain`. */
export const isClaimed = ({ claimedOn }: Entitlement, chain: ChainId): boolean =>
  (claimedOn & (1 << chain)) !== 0;
