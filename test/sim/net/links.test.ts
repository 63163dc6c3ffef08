import { Random } from "@fluxlab/core";
import { expect, test } from "vitest";
import { LinkFaults } from "../../../sim/src/net/linkFaults.ts";
import { Links } from "../../../sim/src/net/links.ts";

const regions = {
  names: ["here", "there"],
  shares: [1, 1],
  meanLatencyMs: [
    [20, 20],
    [20, 20],
  ],
  upload: [8e6, 4e6],
  download: [16e6, 2e6],
};

/** Nodes 0 and 1 are here, 2 is there. */
function make() {
  const faults = new LinkFaults(3, Random.root("faults"));
  const links = new Links(Uint8Array.of(0, 0, 1), {
    regions,
    random: Random.root("latency"),
    faults,
  });
  return { links, faults };
}

/** When a message sent now arrives. */
function sent(links: Links, link: number, from: number, bytes: number, now: number): number {
  links.now = now;
  links.transmit(link, from, bytes);
  return links.arrival;
}

test("a large message takes its bytes over the slower end; the next waits for it", () => {
  const { links } = make();
  const [near, far] = [links.add(0, 1), links.add(0, 2)];
  // 1 MB at 2 Mbit/s, the download there, is 4 s; then 1 MB at 8 Mbit/s, the upload here, is 1 s.
  const first = sent(links, far, 0, 1e6, 0);
  const second = sent(links, near, 0, 1e6, 0);
  expect(first).toBeGreaterThanOrEqual(4_015_000);
  expect(first).toBeLessThan(4_200_000);
  expect(second - 5_000_000).toBeGreaterThanOrEqual(15_000);
  expect(second - 5_000_000).toBeLessThan(200_000);
});

test("what fits a packet does not wait for other connections, and overtakes nothing on its own", () => {
  const { links } = make();
  const [near, far] = [links.add(0, 1), links.add(0, 2)];
  const large = sent(links, far, 0, 1e6, 0);
  expect(sent(links, near, 0, 100, 0)).toBeLessThan(200_000);
  expect(sent(links, far, 0, 100, 0)).toBeGreaterThanOrEqual(large);
  expect(links.underWay(far, 0)).toBe(1e6 + 100);
  links.arrived(links.end(far, 2), 1e6);
  expect(links.underWay(far, 0)).toBe(100);
  expect(links.underWay(far, 2)).toBe(0);
});

test("each end opens and closes by itself, and rows do not run out", () => {
  const { links } = make();
  const ids = Array.from({ length: 3_000 }, () => links.add(1, 2));
  const last = ids.at(-1)!;
  expect(new Set(ids).size).toBe(3_000);
  links.setOpen(last, 1, true);
  expect([links.isOpen(last, 1), links.isOpen(last, 2), links.isOpen(ids[0]!, 1)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([links.other(last, 1), links.other(last, 2)]).toEqual([2, 1]);
});

test("faults are those of the way between two groups, one way", () => {
  const { links, faults } = make();
  const link = links.add(0, 2);
  faults.setGroup(2, 3);
  faults.set(0, 3, { cut: true });
  expect(sent(links, link, 0, 10, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(links.underWay(link, 0)).toBe(0);
  expect(sent(links, link, 2, 10, 0)).toBeLessThan(200_000);
  faults.set(0, 3, { delay: 1e6, corruptedPerMillion: 1_000_000, duplicatedPerMillion: 1_000_000 });
  expect(sent(links, link, 0, 10, 0)).toBeGreaterThan(1e6);
  expect(links.corrupted).toBe(true);
  expect(links.again).toBeGreaterThan(links.arrival);
  faults.set(0, 3, { bandwidth: 8_000 });
  expect(sent(links, link, 0, 1_000, 10e6)).toBeGreaterThan(11e6);
  faults.set(0, 3, { reorderedPerMillion: 1_000_000 });
  const late = sent(links, link, 0, 10, 20e6);
  faults.set(0, 3, {});
  expect(faults.active).toBe(false);
  expect(sent(links, link, 0, 10, 20e6)).toBeLessThan(late + 100_000);
});

test("chances are kept to", () => {
  const { faults } = make();
  faults.set(0, 0, { lostPerMillion: 100_000 });
  const path = faults.path(0, 1);
  let lost = 0;
  for (let i = 0; i < 20_000; i++) if (faults.loses(path)) lost++;
  expect(Math.abs(lost / 20_000 - 0.1)).toBeLessThan(0.01);
});
