import { AddressManager, type Message, type TimedAddress } from "@fluxlab/core";
import { beforeAll, expect } from "vitest";
import { BENCH_VERSION, type Lab, NodeBench, readLab } from "../../support/nodeBench.ts";
import { addressOf, linkTo } from "../../support/recordingPorts.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// Spec 04 §2.9.

const HEIGHT = 20;
const HOUR = 3_600;

let lab: Lab;
beforeAll(() => {
  if (vectorsPresent) lab = readLab();
});

interface Meeting {
  readonly bench: NodeBench;
  readonly addresses: AddressManager;
  /** Unix seconds. */
  readonly now: number;
}

function meeting(listens = false, clockHeight = HEIGHT): Meeting {
  let draw = 1;
  const bits32 = (): number => {
    draw = Math.imul(draw, 1_664_525) + 1_013_904_223;
    return (draw ^ (draw >>> 16)) >>> 0;
  };
  const addresses = new AddressManager(new Uint8Array(32).fill(3), bits32);
  const settings = listens ? { listens: addressOf(9) } : {};
  const bench = new NodeBench(lab, HEIGHT, { settings, addresses, clockHeight });
  return { bench, addresses, now: lab.chain[HEIGHT]!.line.time };
}

/** `count` places in different groups. */
const places = (count: number, time: number): TimedAddress[] =>
  Array.from({ length: count }, (_, i) => {
    const ip = addressOf(i & 0xff).ip.slice();
    [ip[12], ip[13]] = [11 + (i >> 8), i & 0xff];
    return { ...addressOf(1), ip, time };
  });
const tell = ({ bench }: Meeting, peer: number, addresses: readonly TimedAddress[]) =>
  bench.node.receive(peer, { command: "addr", addresses });
const told = ({ bench }: Meeting, peer: number): readonly TimedAddress[] =>
  bench.ports.take(peer).flatMap((message) => (message.command === "addr" ? message.addresses : []));
const introduced = ({ bench }: Meeting, peer: number, direction: "inbound" | "outbound"): Message[] => {
  bench.node.connected(peer, linkTo(peer, direction));
  bench.ports.take(peer);
  bench.node.receive(peer, BENCH_VERSION);
  return bench.ports.take(peer);
};

vectorTest("those we connected to hear where we are and are asked for addresses; others are not", () => {
  const here = meeting(true);
  const said = introduced(here, 1, "outbound");
  expect(said).toContainEqual({ command: "getaddr" });
  expect(said).toContainEqual({ command: "addr", addresses: [{ ...addressOf(9), time: here.now }] });
  const commands = introduced(here, 2, "inbound").map(({ command }) => command);
  expect(commands).not.toContain("getaddr");
  expect(commands).not.toContain("addr");
});

vectorTest("a node that is catching up does not say where it is", () => {
  const here = meeting(true, 2_000);
  expect(here.bench.node.catchingUp).toBe(true);
  expect(introduced(here, 1, "outbound").map(({ command }) => command)).not.toContain("addr");
});

vectorTest(
  "unasked, a peer may tell one address at once and one in ten seconds, and no flood is stored",
  () => {
    const here = meeting();
    here.bench.meet(1);
    for (let i = 0; i < 50; i++) tell(here, 1, places(1_000, here.now));
    expect(here.addresses.size).toBe(1);
    expect(here.bench.node.peers[0]).toMatchObject({ addressesProcessed: 1, addressesRateLimited: 49_999 });
    here.bench.ports.time += 100_000_000;
    tell(here, 1, places(1_000, here.now));
    expect(here.bench.node.peers[0]!.addressesProcessed).toBe(11);
    expect(here.bench.ports.score(1)).toBe(0);
  },
);

vectorTest("asked, it may tell a thousand more; a trusted one all it likes", () => {
  const here = meeting();
  here.bench.meet(1, linkTo(1, "outbound"));
  tell(here, 1, places(1_000, here.now));
  tell(here, 1, places(1_000, here.now));
  expect(here.bench.node.peers[0]!.addressesProcessed).toBe(1_001);
  here.bench.meet(2, linkTo(2, "inbound", true));
  for (let i = 0; i < 3; i++) tell(here, 2, places(1_000, here.now));
  expect(here.bench.node.peers[1]!.addressesProcessed).toBe(3_000);
});

vectorTest("more than a thousand in a message: 20, and none is looked at", () => {
  const here = meeting();
  here.bench.meet(1);
  tell(here, 1, places(1_001, here.now));
  expect([here.bench.ports.score(1), here.addresses.size]).toEqual([20, 0]);
});

vectorTest("fresh gossip goes to two others, once a day; what is old, long or an answer goes nowhere", () => {
  const here = meeting();
  for (const id of [1, 2, 3, 4, 5]) here.bench.meet(id, linkTo(id, "inbound", true));
  const [place, other] = places(2, here.now);
  const receivers = () => [2, 3, 4, 5].filter((id) => told(here, id).length > 0);
  tell(here, 1, [place!]);
  expect(told(here, 1)).toEqual([]);
  expect(receivers()).toHaveLength(2);
  tell(here, 1, [place!]);
  expect(receivers()).toEqual([]);
  here.bench.ports.time += 24 * HOUR * 1_000_000;
  tell(here, 1, [{ ...place!, time: here.now + 24 * HOUR }]);
  expect(receivers()).toHaveLength(2);
  const later = here.now + 24 * HOUR;
  tell(here, 1, [{ ...other!, time: later - 601 }]);
  tell(here, 1, [{ ...other!, time: 5 }]); // no time: five days old
  tell(here, 1, [{ ...other!, ip: addressOf(1).ip.map((byte, i) => (i === 12 ? 10 : byte)), time: later }]);
  tell(here, 1, places(11, later));
  here.bench.meet(6, linkTo(6, "outbound"));
  tell(here, 6, [{ ...other!, time: later }]); // the answer to what it was asked
  expect(receivers()).toEqual([]);
});

vectorTest(
  "who connected to us is told addresses once, a thousand in a message; whom we connected to, none",
  () => {
    const here = meeting();
    for (const each of places(2_000, here.now)) here.addresses.add(each, each.ip, here.now);
    here.bench.meet(1);
    here.bench.node.receive(1, { command: "getaddr" });
    const messages = here.bench.ports.take(1).filter(({ command }) => command === "addr");
    const count = messages.reduce((sum, m) => sum + (m.command === "addr" ? m.addresses.length : 0), 0);
    // 23 in a hundred of the table, at most 2,500.
    expect(count).toBe(Math.floor((here.addresses.size * 23) / 100));
    for (let i = 0; i < 100; i++) here.bench.node.receive(1, { command: "getaddr" });
    expect(told(here, 1)).toEqual([]);
    here.bench.meet(2, linkTo(2, "outbound"));
    here.bench.node.receive(2, { command: "getaddr" });
    expect(told(here, 2)).toEqual([]);
  },
);

vectorTest("who was asked for nothing but addresses is dropped once it told them", () => {
  const here = meeting();
  here.bench.meet(1, { ...linkTo(1, "outbound"), purpose: "oneShot" });
  tell(here, 1, places(5, here.now));
  expect([...here.bench.ports.closed]).toEqual([1]);
  expect(here.addresses.size).toBeGreaterThan(0);
});
