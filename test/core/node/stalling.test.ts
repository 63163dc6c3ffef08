import {
  type Block,
  type BlockHeader,
  blockHash,
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type Message,
  modelledSolution,
  nextBits,
  PeerRows,
  plainEquihash,
  regtest,
  SharedChains,
  SharedMessages,
} from "@fluxlab/core";
import { beforeAll, expect, test } from "vitest";
import { labNetwork } from "../../../sim/src/world/labGenesis.ts";
import { ChainBuilder } from "../../support/chainBuilder.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { BENCH_VERSION } from "../../support/nodeBench.ts";
import { linkTo, RecordingPorts } from "../../support/recordingPorts.ts";

// fluxd src/main.cpp FindNextBlocksToDownload: whoever keeps the window of 8,192 blocks from moving while others have nothing to do has
// two seconds (BLOCK_STALLING_TIMEOUT). 64 peers of 128 blocks each fill the window.

const WINDOW = 8_192;
const PEERS = WINDOW / 128;
const SPACING = 60;
const START = 1_700_000_000;

const { params, genesis } = labNetwork(regtest, START);
let first: Block;
/** By height. */
const headers: BlockHeader[] = [genesis.header];

beforeAll(() => {
  const builder = new ChainBuilder(params);
  builder.connect(genesis);
  const made = builder.block([]);
  for (let height = 1; height <= WINDOW + 8; height++) {
    const time = START + height * SPACING;
    const { header } = made;
    if (header.kind !== "pow") throw new Error("the laboratory begins with proof of work");
    headers.push({
      ...header,
      previousHash: blockHash(headers[height - 1]!),
      time,
      bits: nextBits(historyOf(headers), time, params),
      solution: modelledSolution(height, params),
    });
  }
  first = { header: headers[1]!, transactions: made.transactions };
});

/** A node that is told of all headers by peers 1 to 64, each of which was asked for 128 blocks. */
function filled(): { node: FullNode; ports: RecordingPorts; ask: (peer: number) => string[] } {
  const chains = new SharedChains(genesis, {
    ecdsa: fastEcdsa,
    trust: "signatures",
    equihash: plainEquihash,
  });
  const shared = chains.under(params);
  const ports = new RecordingPorts(headers.at(-1)!.time);
  const settings = { ...DEFAULT_NODE_SETTINGS, useCheckpoints: false, keepAlive: false };
  const stores = { chain: shared, messages: new SharedMessages(shared, 170_021), peers: new PeerRows() };
  const node = new FullNode(stores, ports, settings);
  const ask = (peer: number): string[] => {
    node.connected(peer, linkTo(peer, "outbound"));
    node.receive(peer, { ...BENCH_VERSION, nonce: BigInt(peer + 2) } as Message);
    node.receive(peer, { command: "headers", headers: [headers.at(-1)!] });
    return wantedOf(ports, peer);
  };
  node.connected(1, linkTo(1, "outbound"));
  node.receive(1, BENCH_VERSION);
  for (let at = 1; at < headers.length; at += 160)
    node.receive(1, { command: "headers", headers: headers.slice(at, at + 160) });
  expect(wantedOf(ports, 1)).toEqual(hashesOf(1, 128));
  for (let peer = 2; peer <= PEERS; peer++)
    expect(ask(peer)).toEqual(hashesOf(128 * (peer - 1) + 1, 128 * peer));
  expect(node.blocksInFlight).toBe(WINDOW);
  return { node, ports, ask };
}

const hashesOf = (from: number, to: number): string[] =>
  headers.slice(from, to + 1).map((header) => Buffer.from(blockHash(header)).toString("hex"));
const wantedOf = (ports: RecordingPorts, peer: number): string[] =>
  ports
    .take(peer)
    .flatMap((message) => (message.command === "getdata" ? message.items : []))
    .map(({ hash }) => Buffer.from(hash).toString("hex"));

function pass({ node, ports }: { node: FullNode; ports: RecordingPorts }, microseconds: number): void {
  const end = ports.time + microseconds;
  while (ports.wakes !== undefined && ports.wakes <= end) {
    ports.time = Math.max(ports.time, ports.wakes);
    ports.wakes = undefined;
    node.wake();
  }
  ports.time = end;
}

test("who keeps the window from moving has two seconds once somebody has nothing to do, and then others get his blocks", () => {
  const full = filled();
  pass(full, 60_000_000); // slow is nothing bad as long as nobody waits
  expect([...full.ports.closed]).toEqual([]);
  expect(full.ask(PEERS + 1)).toEqual([]);
  pass(full, 1_999_999);
  expect([...full.ports.closed]).toEqual([]);
  pass(full, 1);
  expect([...full.ports.closed]).toEqual([1]);
  expect(full.ports.bans).toEqual([]); // slow is not evil
  expect(wantedOf(full.ports, PEERS + 1)).toEqual(hashesOf(1, 128));
});

test("a block in time takes the suspicion away", () => {
  const full = filled();
  expect(full.ask(PEERS + 1)).toEqual([]);
  pass(full, 1_500_000);
  full.node.receive(1, { command: "block", block: first });
  expect(full.node.chain.tipHeight).toBe(1);
  pass(full, 1_500_000);
  expect([...full.ports.closed]).toEqual([]);
});
