import {
  type Block,
  type BlockHash,
  blockHash,
  INV_BLOCK,
  INV_TX,
  type Message,
  maxAhead,
  type NodeSettings,
  type SharedChain,
} from "@fluxlab/core";
import fc from "fast-check";
import { beforeAll, describe, expect } from "vitest";
import { type LabChain, sharedChainOf } from "../../support/labChain.ts";
import { anyMessage } from "../../support/messages.ts";
import { BENCH_VERSION, NodeBench, readLab } from "../../support/nodeBench.ts";
import { addressOf, linkTo } from "../../support/recordingPorts.ts";
import { vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// One node and peers that are made up message by message.

const HEIGHT = 150;

let chain: readonly LabChain[];
let shared: SharedChain;
beforeAll(() => {
  if (!vectorsPresent) return;
  ({ chain, shared } = readLab());
});

const version = BENCH_VERSION;

class Bench extends NodeBench {
  constructor(height: number = HEIGHT, settings: Partial<NodeSettings> = {}) {
    super({ chain, shared }, height, { settings, clockHeight: Math.max(height, HEIGHT) });
  }
}

const hash = (n: number): BlockHash => new Uint8Array(32).fill(n) as BlockHash;
const items = (count: number, type: number) => Array.from({ length: count }, () => ({ type, hash: hash(1) }));
const headersOf = (from: number, to: number) => chain.slice(from, to + 1).map(({ block }) => block.header);

describe("points", () => {
  const cases: readonly (readonly [string, () => Message, number])[] = [
    ["a second version", () => version, 1],
    ["an inv that is too long", () => ({ command: "inv", items: items(50_001, INV_TX) }), 20],
    ["a getdata that is too long", () => ({ command: "getdata", items: items(50_001, INV_BLOCK) }), 20],
    [
      "an addr that is too long",
      () => ({ command: "addr", addresses: Array(1_001).fill({ ...addressOf(1), time: 1 }) }),
      20,
    ],
    ["headers that are too many", () => ({ command: "headers", headers: headersOf(1, 161) }), 20],
    [
      "headers that do not follow each other",
      () => ({ command: "headers", headers: [headersOf(3, 3)[0]!, headersOf(5, 5)[0]!] }),
      20,
    ],
    [
      "compact headers that are too many",
      () => ({
        command: "cmpheaders",
        headers: Array(2_001).fill({ ...headersOf(1, 1)[0]!, hash: hash(1) }),
      }),
      20,
    ],
    ["a filter that is too large", () => ({ command: "filteradd", data: new Uint8Array(521) }), 100],
    // fluxd keeps a filter that matches everything where none was loaded.
    ["an element for no filter", () => ({ command: "filteradd", data: new Uint8Array(5) }), 0],
    [
      "a request for a transaction that no block has",
      () => ({
        command: "getblocktxn",
        block: shared.tree.hash(shared.tree.find(blockHashAt(140))),
        indexes: [999],
      }),
      100,
    ],
  ];
  for (const [what, message, points] of cases) {
    vectorTest(`${what}: ${points}`, () => {
      const bench = new Bench();
      bench.meet(1);
      bench.node.receive(1, message());
      expect(bench.ports.score(1)).toBe(points);
    });
  }

  vectorTest("anything before the version: 1, and it is not looked at", () => {
    const bench = new Bench();
    bench.node.connected(1, linkTo(1, "inbound"));
    bench.node.receive(1, { command: "getheaders", locator: { version: 1, hashes: [] }, stop: hash(0) });
    expect(bench.ports.score(1)).toBe(1);
    expect(bench.ports.sent).toEqual([]);
  });
});

const blockHashAt = (height: number): Uint8Array =>
  Uint8Array.from(Buffer.from(chain[height]!.line.hash, "hex").reverse());

/** A block whose body is not the one its header names. */
const hollow = ({ header, transactions }: Block): Block => ({
  header,
  transactions: [...transactions, transactions[0]!],
});

vectorTest("a bad block costs its sender a ban, after it was told why", () => {
  const bench = new Bench();
  bench.meet(1);
  bench.node.receive(1, { command: "block", block: hollow(chain[HEIGHT + 1]!.block) });
  expect(bench.ports.take(1)).toMatchObject([
    { command: "reject", message: "block", reason: "bad-txnmrklroot", code: 0x10 },
  ]);
  expect(bench.ports.bans).toEqual([{ address: addressOf(1), seconds: 86_400 }]);
  expect([...bench.ports.closed]).toEqual([1]);
  expect(bench.node.peers).toEqual([]);
  // The block itself is not held against its hash.
  bench.ports.time = Math.max(bench.ports.time, chain[HEIGHT + 1]!.line.time * 1_000_000);
  expect(bench.node.submitBlock(chain[HEIGHT + 1]!.block).result.outcome).toBe("active");
});

vectorTest("who is whitelisted is charged and stays; who is on this machine goes without a ban", () => {
  const bench = new Bench();
  const home = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1);
  bench.meet(1, linkTo(1, "inbound", true));
  bench.meet(2, { ...linkTo(2, "inbound"), address: { ...addressOf(2), ip: home } });
  for (const peer of [1, 2])
    bench.node.receive(peer, { command: "block", block: hollow(chain[HEIGHT + 1]!.block) });
  expect([bench.ports.score(1), bench.ports.score(2)]).toEqual([100, 100]);
  expect(bench.ports.bans).toEqual([]);
  expect([...bench.ports.closed]).toEqual([2]);
});

vectorTest("a node whose clock is behind takes the blocks up to where its clock lets it", () => {
  const bench = new Bench();
  bench.meet(1);
  const ahead = maxAhead("pow", HEIGHT, shared.params);
  const last = HEIGHT + 10;
  bench.ports.time = (chain[last]!.line.time - ahead) * 1_000_000;
  bench.node.receive(1, { command: "headers", headers: headersOf(HEIGHT + 1, last + 5) });
  const asked = bench.ports
    .take(1)
    .flatMap((message) => (message.command === "getdata" ? message.items : []));
  const due = headersOf(HEIGHT + 1, last).map((header) => ({ type: INV_BLOCK, hash: blockHash(header) }));
  expect(asked).toEqual(due);
  expect(bench.ports.score(1)).toBe(0);
});

vectorTest(
  "an announcement whose parent is unknown is a question, and a fault only when there is nothing else",
  () => {
    const bench = new Bench(100, { keepAlive: false }); // or the peer is dropped for its silence to pings
    bench.meet(1);
    const announce = (height: number) =>
      bench.node.receive(1, { command: "headers", headers: headersOf(height, height) });
    bench.node.receive(1, { command: "headers", headers: [] }); // the answer to what it was asked on arrival
    announce(120);
    expect(bench.ports.take(1)).toMatchObject([{ command: "getheaders" }]);
    for (let i = 0; i < 12; i++) announce(121 + i);
    expect([bench.ports.score(1), bench.ports.take(1)]).toEqual([0, []]); // an answer is under way
    /** In this time a peer that leaves pings unanswered would be dropped. */
    const passAnswering = () => {
      bench.pass(61);
      for (const message of bench.ports.take(1)) {
        if (message.command === "ping") bench.node.receive(1, { command: "pong", nonce: message.nonce });
      }
    };
    for (let i = 0; i < 9; i++) {
      passAnswering();
      announce(133 + i);
    }
    expect(bench.ports.score(1)).toBe(0);
    passAnswering();
    announce(142);
    expect(bench.ports.score(1)).toBe(10);
    bench.node.receive(1, { command: "headers", headers: headersOf(101, 130) });
    announce(140);
    expect(bench.ports.score(1)).toBe(10);
  },
);

vectorTest("blocks that come in the wrong order wait for each other, and a bad one costs who sent it", () => {
  const bench = new Bench(100);
  bench.meet(1);
  bench.meet(2);
  bench.node.receive(1, { command: "headers", headers: headersOf(101, 110) });
  const asked = bench.ports.take(1);
  expect(asked).toMatchObject([{ command: "getdata" }]);
  expect(bench.node.blocksInFlight).toBe(10);
  for (let height = 110; height > 101; height--) {
    bench.node.receive(height % 2 === 0 ? 1 : 2, { command: "block", block: chain[height]!.block });
    expect(bench.node.chain.tipHeight).toBe(100);
  }
  bench.node.receive(2, { command: "block", block: chain[101]!.block });
  expect(bench.node.chain.tipHeight).toBe(110);
  expect(bench.node.blocksInFlight).toBe(0);
});

vectorTest("no more than 128 blocks are asked of a peer at a time, and none twice", () => {
  const bench = new Bench(0);
  bench.meet(1, linkTo(1, "outbound"));
  bench.meet(2, linkTo(2, "outbound"));
  for (const peer of [1, 2]) {
    bench.node.receive(peer, { command: "headers", headers: headersOf(1, 150) });
    bench.node.receive(peer, { command: "headers", headers: [] });
  }
  const asked = (peer: number) =>
    bench.ports.take(peer).flatMap((message) => (message.command === "getdata" ? message.items : []));
  const [first, second] = [asked(1), asked(2)];
  expect([first.length, second.length]).toEqual([128, 22]);
  expect(new Set([...first, ...second].map(({ hash }) => hash.join())).size).toBe(150);
  // What the first does not send is asked of the second once the first is gone.
  bench.node.disconnected(1);
  expect(asked(2)).toHaveLength(106);
});

vectorTest("versions too old for the tip's epoch are refused, at once and when the epoch comes", () => {
  const bench = new Bench(100);
  bench.node.connected(1, linkTo(1, "inbound"));
  bench.node.receive(1, { ...version, version: 170_001 } as Message);
  expect(bench.ports.take(1)).toMatchObject([
    { command: "reject", code: 0x11, reason: "Version must be 170002 or greater" },
  ]);
  expect([...bench.ports.closed]).toEqual([1]);

  // The test network's least version is above that of its first epochs.
  const testChain = sharedChainOf(chain[0]!.block, "signatures", { ...shared.params, kind: "test" });
  const onTest = new NodeBench({ chain, shared: testChain }, 0);
  for (const [peer, spoken] of [
    [1, 170_015],
    [2, 170_016],
  ] as const) {
    onTest.node.connected(peer, linkTo(peer, "inbound"));
    onTest.node.receive(peer, { ...version, version: spoken } as Message);
  }
  expect([...onTest.ports.closed]).toEqual([1]);

  const acadia = shared.params.upgrades.acadia.height;
  const late = new Bench(acadia - 1);
  late.node.connected(1, linkTo(1, "inbound"));
  late.node.receive(1, { ...version, version: 170_005 } as Message);
  expect([...late.ports.closed]).toEqual([]);
  late.ports.time = Math.max(late.ports.time, chain[acadia]!.line.time * 1_000_000);
  late.node.submitBlock(chain[acadia]!.block);
  late.node.receive(1, { command: "ping", nonce: 5n });
  expect([...late.ports.closed]).toEqual([1]);
});

vectorTest("who falls silent is dropped after six minutes, and who connects to itself at once", () => {
  const bench = new Bench();
  bench.meet(1);
  bench.pass(359);
  expect([...bench.ports.closed]).toEqual([]);
  bench.pass(10);
  expect([...bench.ports.closed]).toEqual([1]);

  const self = new Bench();
  self.node.connected(1, linkTo(1, "outbound"));
  const [own] = self.ports.take(1);
  self.node.connected(2, linkTo(2, "inbound"));
  self.node.receive(2, own!);
  expect([...self.ports.closed]).toEqual([2]);
});

vectorTest("a slow connection gets no more than it takes", () => {
  const bench = new Bench();
  bench.meet(1);
  bench.ports.queued.set(1, 2_000_000);
  const wanted = [100, 101].map((height) => ({ type: INV_BLOCK, hash: blockHashAt(height) }));
  bench.node.receive(1, { command: "getdata", items: wanted });
  bench.pass(1);
  expect(bench.ports.take(1)).toEqual([]);
  bench.ports.queued.clear();
  bench.pass(1);
  expect(bench.ports.take(1)).toMatchObject([{ command: "block" }, { command: "block" }]);
});

vectorTest("whatever peers say in whatever order, nothing is thrown and nothing grows without bound", () => {
  const known = fc.oneof(
    fc
      .integer({ min: 0, max: 160 })
      .map((height): Message => ({ command: "block", block: chain[height]!.block })),
    fc
      .integer({ min: 0, max: 160 })
      .map(
        (height): Message => ({ command: "inv", items: [{ type: INV_BLOCK, hash: blockHashAt(height) }] }),
      ),
    fc
      .tuple(fc.integer({ min: 0, max: 160 }), fc.nat(20))
      .map(
        ([height, count]): Message => ({ command: "headers", headers: headersOf(height, height + count) }),
      ),
    fc.integer({ min: 0, max: 160 }).map(
      (height): Message => ({
        command: "getdata",
        items: [{ type: INV_BLOCK, hash: blockHashAt(height) }],
      }),
    ),
    fc.constant(version),
    fc.constant<Message>({ command: "verack" }),
    fc.constant<Message>({ command: "sendcmpct", announce: true, version: 1n }),
  );
  const step = fc.record({
    peer: fc.integer({ min: 1, max: 4 }),
    act: fc.constantFrom("say", "say", "say", "say", "say", "leave", "garble", "wait", "make"),
    message: fc.oneof(anyMessage, known),
    seconds: fc.nat(400),
  });
  const holds = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const bench = new Bench(20);
    let next = 1;
    const connected = new Map<number, number>();
    for (const { peer, act, message, seconds } of steps) {
      const id = connected.get(peer);
      if (id === undefined || bench.ports.closed.has(id)) {
        connected.set(peer, next);
        bench.node.connected(next, linkTo(peer, peer % 2 === 0 ? "inbound" : "outbound"));
        if (seconds % 8 !== 0) bench.node.receive(next, { ...version, nonce: BigInt(next) } as Message);
        next++;
      } else if (act === "say") bench.node.receive(id, message);
      else if (act === "garble")
        bench.node.unreadable(id, { command: "tx", unknownTransactionFormat: seconds === 0 });
      else if (act === "wait") bench.pass(seconds);
      else if (act === "make")
        bench.node.submitBlock(chain[Math.min(160, bench.node.chain.tipHeight + 1)]!.block);
      else {
        bench.node.disconnected(id);
        connected.delete(peer);
      }
    }
    expect(bench.node.peers.length).toBeLessThanOrEqual(4);
    expect(bench.node.blocksInFlight).toBeLessThanOrEqual(4 * 128);
    expect(bench.node.chain.tipHeight).toBeGreaterThanOrEqual(20);
    // The same again once everybody is gone: nothing is left of them.
    for (const { id } of [...bench.node.peers]) bench.node.disconnected(id);
    expect([bench.node.peers.length, bench.node.blocksInFlight]).toEqual([0, 0]);
  });
  fc.assert(holds, { numRuns: 60 });
});
