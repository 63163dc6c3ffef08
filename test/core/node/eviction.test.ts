import { type EvictionCandidate, mainnet, peerToEvict, upcomingVersion } from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

const RULES = { key: new Uint8Array(32).fill(5), upcomingVersion: undefined, preferNewcomer: false };

/** Peers of networks 1.`net`.*, connected one after the other. */
const peers = (nets: readonly number[]): EvictionCandidate[] =>
  nets.map((net, i) => ({
    peer: i,
    ip: ip(`1.${net}.0.${i}`),
    version: 170_021,
    shortestPing: 1_000 * (i + 1),
    connectedAt: i,
  }));
const same = (count: number): EvictionCandidate[] => peers(Array.from({ length: count }, () => 7));

describe("who has to go", () => {
  test("nobody while all are protected: four by group, eight by ping, half of the rest by age, and a group of one", () => {
    expect(peerToEvict([], RULES)).toBeUndefined();
    expect(peerToEvict(same(12), RULES)).toBeUndefined();
    expect(peerToEvict(same(13), RULES)).toBeUndefined(); // one left, alone in its group
    expect(peerToEvict(same(15), RULES)).not.toBeUndefined();
  });

  test("the youngest of the largest group, of those that are left", () => {
    // One group: those protected by it are the last by number, by ping the first eight.
    expect(peerToEvict(same(40), RULES)).toBe(35);
    const crowd = peers(Array.from({ length: 40 }, (_, i) => (i < 30 ? i : 100 + (i % 2))));
    const evicted = peerToEvict(crowd, RULES)!;
    expect(evicted).toBeGreaterThanOrEqual(30);
  });

  test("a group of one only for a newcomer on the whitelist", () => {
    const alone = peers(Array.from({ length: 30 }, (_, i) => i));
    expect(peerToEvict(alone, RULES)).toBeUndefined();
    expect(peerToEvict(alone, { ...RULES, preferNewcomer: true })).not.toBeUndefined();
  });

  test("before an upgrade, one of those that cannot follow it", () => {
    const old = same(40).map((each) => (each.peer % 2 === 0 ? each : { ...each, version: 170_019 }));
    const evicted = peerToEvict(old, { ...RULES, upcomingVersion: 170_020 })!;
    expect(evicted % 2).toBe(1);
    expect(peerToEvict(same(40), { ...RULES, upcomingVersion: 170_020 })).toBe(35);
  });

  test("the same whatever the order of the list", () => {
    const nets = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 10, maxLength: 40 });
    fc.assert(
      fc.property(nets.map(peers), fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list
          .map((each) => [order.next().value as number, each] as const)
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each);
        expect(peerToEvict(shuffled, RULES)).toBe(peerToEvict(list, RULES));
      }),
    );
  });

  test("an upgrade is near for 1728 blocks", () => {
    const { upgrades } = mainnet;
    const { height, protocolVersion } = upgrades.pon;
    expect(upcomingVersion(upgrades, height - 1_729)).toBeUndefined();
    expect(upcomingVersion(upgrades, height - 1_728)).toBe(protocolVersion);
    expect(upcomingVersion(upgrades, height - 1)).toBe(protocolVersion);
    expect(upcomingVersion(upgrades, height)).toBeUndefined();
  });
});
