import { sha256 } from "@noble/hashes/sha2.js";
import { compareBytes } from "../bytes/compare.ts";
import { UPGRADES, type UpgradeSchedule } from "../params/upgrades.ts";
import { networkGroup, networkGroupKey } from "./networkAddress.ts";
import type { PeerId } from "./ports.ts";

// Who has to go when all inbound places are taken. What protects a peer is hard to fake from afar: its network, its
// distance, its patience. Source: fluxd src/net.cpp AttemptToEvictConnection.

/** An inbound peer that is neither whitelisted nor about to go. */
export interface EvictionCandidate {
  readonly peer: PeerId;
  readonly ip: Uint8Array;
  readonly version: number;
  /** Shortest round trip so far, microseconds; infinite if none was measured. */
  readonly shortestPing: number;
  /** Microseconds. */
  readonly connectedAt: number;
}

/** How the choice is made. */
export interface EvictionRules {
  /** Secret of this node, so that nobody can aim for a protected network. */
  readonly key: Uint8Array;
  /** What {@link upcomingVersion} says. */
  readonly upcomingVersion: number | undefined;
  /** The newcomer is whitelisted: then a group need not have two members to lose one. */
  readonly preferNewcomer: boolean;
}

const PROTECTED_BY_GROUP = 4;
const PROTECTED_BY_PING = 8;

/** Blocks before an upgrade in which peers that cannot follow it go first: three days of proof of work. Source: fluxd src/main.h. */
const PREFERENCE_BLOCKS = 1_728;

/** The version that peers will need soon, if an upgrade is near. */
export function upcomingVersion(schedule: UpgradeSchedule, height: number): number | undefined {
  const next = UPGRADES.map((upgrade) => schedule[upgrade]).find((upgrade) => upgrade.height > height);
  return next !== undefined && height >= next.height - PREFERENCE_BLOCKS ? next.protocolVersion : undefined;
}

/** The peer to disconnect, or undefined: then the newcomer is refused. */
export function peerToEvict(
  candidates: readonly EvictionCandidate[],
  { key, upcomingVersion: needed, preferNewcomer }: EvictionRules,
): PeerId | undefined {
  const leftBehind = needed === undefined ? [] : candidates.filter(({ version }) => version < needed);
  let left = leftBehind.length > 0 ? leftBehind : candidates;
  left = withoutLast(byKeyedGroup(left, key), PROTECTED_BY_GROUP);
  left = withoutLast(
    sorted(left, (a, b) => compareNumbers(b.shortestPing, a.shortestPing)),
    PROTECTED_BY_PING,
  );
  left = sorted(left, (a, b) => b.connectedAt - a.connectedAt);
  left = withoutLast(left, Math.floor(left.length / 2));
  const group = largestGroup(left);
  return group.length > 1 || preferNewcomer ? group[0]?.peer : undefined;
}

/** Numbers may be infinite, which cannot be subtracted. */
const compareNumbers = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Ties by the number of the peer, so that the answer does not depend on the order of the list. */
const sorted = (
  list: readonly EvictionCandidate[],
  compare: (a: EvictionCandidate, b: EvictionCandidate) => number,
): EvictionCandidate[] => list.toSorted((a, b) => compare(a, b) || a.peer - b.peer);

const withoutLast = (list: readonly EvictionCandidate[], count: number): readonly EvictionCandidate[] =>
  list.slice(0, Math.max(0, list.length - count));

function byKeyedGroup(list: readonly EvictionCandidate[], key: Uint8Array): EvictionCandidate[] {
  const order = new Map(
    list.map((each) => [each, sha256(Uint8Array.of(...networkGroup(each.ip), ...key))] as const),
  );
  return sorted(list, (a, b) => compareBytes(order.get(a)!, order.get(b)!));
}

/** Of groups of one size, that with the youngest first member. `youngestFirst` is in that order. */
function largestGroup(youngestFirst: readonly EvictionCandidate[]): readonly EvictionCandidate[] {
  const groups = new Map<string, EvictionCandidate[]>();
  for (const each of youngestFirst) {
    const key = networkGroupKey(each.ip);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [each]);
    else members.push(each);
  }
  let largest: readonly EvictionCandidate[] = [];
  for (const members of groups.values()) if (members.length > largest.length) largest = members;
  return largest;
}
