import { AddressManager, Random, type TimedAddress } from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

const NOW = 1_700_000_000;
const MINUTE = 60;
const DAY = 86_400;
const SOURCE = ip("9.8.7.6");

function manager(seed = "addresses"): AddressManager {
  const random = Random.root(seed);
  return new AddressManager(new Uint8Array(32).fill(3), () => random.bits32());
}

const address = (text: string, changes: Partial<TimedAddress> = {}): TimedAddress => ({
  services: 1n,
  ip: ip(text),
  port: 16_125,
  time: NOW,
  ...changes,
});

/** Addresses of as many networks. */
const many = (count: number): TimedAddress[] =>
  Array.from({ length: count }, (_, i) => address(`${20 + (i >> 8)}.${i & 255}.1.1`));

/** Told by many sources, so that few fall on one place. */
function filled(count: number): AddressManager {
  const addresses = manager();
  for (const [i, each] of many(count).entries())
    addresses.add(each, ip(`${1 + (i % 8)}.${(i >> 3) & 255}.${i >> 11}.1`), NOW);
  return addresses;
}

describe("what is known", () => {
  test("is what was told, made older by the penalty; nowhere in particular is no address", () => {
    const addresses = manager();
    expect(addresses.add(address("1.2.3.4"), SOURCE, NOW, 7_200)).toBe(true);
    expect(addresses.add(address("1.2.3.4"), SOURCE, NOW, 7_200)).toBe(false);
    expect(addresses.add(address("10.0.0.1"), SOURCE, NOW)).toBe(false);
    expect(addresses.size).toBe(1);
    expect(addresses.known()[0]?.address.time).toBe(NOW - 7_200);
  });

  test("gets new services and a new time when an hour has passed, or a day if it was not seen in the last", () => {
    const time = (first: number, second: number, now = NOW) => {
      const addresses = manager();
      addresses.add(address("1.2.3.4", { time: first }), SOURCE, now);
      addresses.add(address("1.2.3.4", { time: second, services: 4n }), SOURCE, now);
      const [known] = addresses.known();
      expect(known?.address.services).toBe(5n);
      return known?.address.time;
    };
    expect(time(NOW - 3_601, NOW)).toBe(NOW);
    expect(time(NOW - 3_600, NOW)).toBe(NOW - 3_600);
    expect(time(NOW - 3_601, NOW, NOW + DAY)).toBe(NOW - 3_601);
    expect(time(NOW - DAY - 1, NOW, NOW + DAY)).toBe(NOW);
  });

  test("is one port an IP, and only that port is tried", () => {
    const addresses = manager();
    addresses.add(address("1.2.3.4"), SOURCE, NOW);
    expect(addresses.add(address("1.2.3.4", { port: 1 }), SOURCE, NOW)).toBe(false);
    addresses.good(address("1.2.3.4", { port: 1 }), NOW);
    expect(addresses.triedCount).toBe(0);
    addresses.good(address("1.2.3.4"), NOW);
    expect(addresses.triedCount).toBe(1);
  });

  test("takes at most 64 buckets of 64 places from one network, whatever it tells", () => {
    const addresses = manager();
    for (const [i, each] of many(20_000).entries()) addresses.add(each, ip(`9.8.${i & 255}.1`), NOW);
    expect(addresses.size).toBeGreaterThan(3_500);
    expect(addresses.size).toBeLessThanOrEqual(64 * 64);
  });

  test("one network's addresses take at most eight buckets of those tried", () => {
    const addresses = manager();
    const neighbours = Array.from({ length: 3_000 }, (_, i) => address(`77.7.${i >> 8}.${i & 255}`));
    for (const [i, each] of neighbours.entries()) {
      addresses.add(each, ip(`${1 + (i % 200)}.${i >> 8}.1.1`), NOW);
      addresses.good(each, NOW);
    }
    expect(addresses.triedCount).toBeGreaterThan(300);
    expect(addresses.triedCount).toBeLessThanOrEqual(8 * 64);
    // Whoever had to go is new again, or gone where its place was taken.
    expect(addresses.size).toBeGreaterThan(addresses.triedCount);
  });

  test("a place goes to a newcomer when what is there is terrible", () => {
    const addresses = manager();
    const stale = many(20_000).map((each) => ({ ...each, time: NOW - 31 * DAY }));
    for (const [i, each] of stale.entries()) addresses.add(each, ip(`9.8.${i & 255}.1`), NOW);
    const before = addresses.size;
    const fresh = Array.from({ length: 500 }, (_, i) => address(`200.${i >> 2}.1.${i & 3}`));
    for (const each of fresh) expect(addresses.add(each, SOURCE, NOW)).toBe(true);
    const kept = addresses.known().filter(({ address: each }) => each.time === NOW);
    expect(kept.length).toBeGreaterThan(400);
    expect(addresses.size).toBeLessThanOrEqual(before + 100);
  });
});

describe("getaddr", () => {
  test("is answered with 23 % of all, and at most 2500", () => {
    const shared = (count: number) => {
      const addresses = filled(count);
      const answer = addresses.shared(NOW);
      expect(new Set(answer.map((each) => each.ip.join("."))).size).toBe(answer.length);
      return [answer.length, Math.floor(addresses.size * 0.23)] as const;
    };
    const [some, share] = shared(1_000);
    expect(some).toBe(share);
    const [most, tooMuch] = shared(14_000);
    expect(tooMuch).toBeGreaterThan(2_500);
    expect(most).toBe(2_500);
  });

  test("leaves out what nobody saw in 30 days, and what was seen in the future", () => {
    const sharesSeenAt = (time: number) => {
      const addresses = manager();
      for (const each of many(10)) addresses.add({ ...each, time }, SOURCE, NOW);
      return addresses.shared(NOW).length > 0;
    };
    expect(sharesSeenAt(NOW)).toBe(true);
    expect(sharesSeenAt(NOW - 30 * DAY)).toBe(true);
    expect(sharesSeenAt(NOW - 30 * DAY - 1)).toBe(false);
    expect(sharesSeenAt(NOW + 10 * MINUTE)).toBe(true);
    expect(sharesSeenAt(NOW + 10 * MINUTE + 1)).toBe(false);
    expect(sharesSeenAt(0)).toBe(false);
  });

  test("leaves out what failed three times and never worked, or ten times in more than a week", () => {
    /** After as many failures 61 seconds ago; it worked so many seconds ago; others worked in between. */
    const isShared = (times: number, worked: number | undefined, othersWork: boolean, ago = 61) => {
      const addresses = manager();
      const each = address("20.1.1.1");
      const helper = address("150.1.1.1");
      for (const other of [each, helper, ...many(8)]) addresses.add(other, SOURCE, NOW);
      if (worked !== undefined) addresses.good(each, NOW - worked);
      for (let i = 0; i < times; i++) {
        addresses.attempt(each, NOW - ago);
        if (othersWork) addresses.good(helper, NOW);
      }
      let found = false;
      for (let i = 0; i < 200; i++)
        found ||= addresses.shared(NOW).some((shared) => shared.ip.join() === each.ip.join());
      return found;
    };
    expect(isShared(2, undefined, true)).toBe(true);
    expect(isShared(3, undefined, true)).toBe(false);
    expect(isShared(3, undefined, true, 60)).toBe(true); // nothing is judged within a minute of its last try
    expect(isShared(9, 7 * DAY + 1, true)).toBe(true);
    expect(isShared(10, 7 * DAY + 1, true)).toBe(false);
    expect(isShared(10, 7 * DAY, true)).toBe(true);
    // Failures count once until something else works: it may be our own network that is down.
    expect(isShared(10, undefined, false)).toBe(true);
  });
});

describe("what to try next", () => {
  test("is nothing if nothing is known, and nothing new if all was tried", () => {
    const addresses = manager();
    expect(addresses.select(NOW, false)).toBeUndefined();
    addresses.add(address("1.2.3.4"), SOURCE, NOW);
    addresses.good(address("1.2.3.4"), NOW);
    expect(addresses.select(NOW, true)).toBeUndefined();
    expect(addresses.select(NOW, false)).toMatchObject({ port: 16_125, ip: ip("1.2.3.4") });
  });

  test("comes from either table with the same chance, however many each has", () => {
    const addresses = filled(400);
    const worked = many(400).slice(0, 4);
    for (const each of worked) addresses.good(each, NOW - DAY);
    const names = new Set(worked.map((each) => each.ip.join()));
    let tried = 0;
    for (let i = 0; i < 2_000; i++) if (names.has(addresses.select(NOW, false)!.ip.join())) tried++;
    expect(tried).toBeGreaterThan(900);
    expect(tried).toBeLessThan(1_100);
    for (let i = 0; i < 100; i++) expect(names.has(addresses.select(NOW, true)!.ip.join())).toBe(false);
  });

  test("rarely is what was tried in the last ten minutes, and less and less what failed", () => {
    const [a, b] = [address("1.2.3.4"), address("5.6.7.8")];
    /** How often `b` comes up, a part of 3000, after this happened to it. */
    const share = (prepare: (addresses: AddressManager) => void) => {
      const addresses = manager();
      for (const each of [a, b]) addresses.add(each, SOURCE, NOW);
      prepare(addresses);
      let count = 0;
      for (let i = 0; i < 3_000; i++) if (addresses.select(NOW, false)!.ip[12] === 5) count++;
      return count / 3_000;
    };
    expect(share(() => {})).toBeCloseTo(0.5, 1);
    // The first draw takes b by its chance only, and a at once: b/(1 + b) for b = 0.66 or 0.01, and a little for impatience.
    expect(share((addresses) => addresses.attempt(b, NOW - 10 * MINUTE))).toBeCloseTo(0.4, 1);
    expect(share((addresses) => addresses.attempt(b, NOW - 10 * MINUTE + 1))).toBeLessThan(0.05);
  });

  test("is remembered with the time of the last try", () => {
    const addresses = manager();
    const each = address("1.2.3.4");
    expect(addresses.lastTry(each)).toBe(0);
    addresses.add(each, SOURCE, NOW);
    addresses.attempt(each, NOW);
    expect(addresses.lastTry(each)).toBe(NOW);
  });
});

describe("a peer's address", () => {
  test("is seen anew when it is older than twenty minutes", () => {
    const addresses = manager();
    const each = address("1.2.3.4", { time: NOW - 1_200 });
    addresses.add(each, SOURCE, NOW);
    addresses.connected(each, NOW);
    expect(addresses.known()[0]?.address.time).toBe(NOW - 1_200);
    addresses.connected(each, NOW + 1);
    expect(addresses.known()[0]?.address.time).toBe(NOW + 1);
  });
});

test("what was known before a restart is known after it", () => {
  const before = filled(300);
  for (const each of many(300).slice(0, 40)) before.good(each, NOW);
  const after = manager("other chance");
  after.restore(before.known(), NOW);
  const byIp = (addresses: AddressManager) =>
    addresses.known().toSorted((a, b) => Buffer.compare(a.address.ip, b.address.ip));
  expect(byIp(after)).toEqual(byIp(before));
  expect(after.triedCount).toBe(before.triedCount);
});

test("equal chance gives equal answers", () => {
  const answers = () => {
    const addresses = filled(500);
    return [addresses.shared(NOW), Array.from({ length: 50 }, () => addresses.select(NOW, false))];
  };
  expect(answers()).toEqual(answers());
});
