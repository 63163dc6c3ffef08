import {
  type Block,
  blockHash,
  type Message,
  ParseError,
  payloadBytes,
  readPayload,
  type SharedChain,
  type Transaction,
  toDisplayHex,
  txid,
} from "@fluxlab/core";
import { beforeAll, expect } from "vitest";
import { type LabChain, readLabChain, sharedChainOf } from "../../support/labChain.ts";
import { type Carry, type NetworkNode, NodeNetwork } from "../../support/nodeNetwork.ts";
import { parseBlock } from "../../support/replay.ts";
import { readJson, vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// Nodes among nodes, on the recorded laboratory chain.

let chain: LabChain[];
let shared: SharedChain;
beforeAll(() => {
  if (!vectorsPresent) return;
  chain = readLabChain();
  shared = sharedChainOf(chain[0]!.block, "signatures");
});

const tipOf = ({ node }: NetworkNode): string => toDisplayHex(node.chain.tipHash);

/** A network whose clock stands at the recorded block of a height. */
const networkAt = (height: number, carry?: Carry): NodeNetwork =>
  new NodeNetwork(shared, { start: chain[height]!.line.time, ...(carry === undefined ? {} : { carry }) });

const feed = ({ node }: NetworkNode, blocks: readonly Block[]): void => {
  for (const block of blocks) node.submitBlock(block);
};
const upTo = (height: number): Block[] => chain.slice(1, height + 1).map(({ block }) => block);

function expectPeace(network: NodeNetwork): void {
  for (const { observed, bans } of network.nodes) {
    expect(observed.filter(({ kind }) => kind === "score" || kind === "banned")).toEqual([]);
    expect(bans).toEqual([]);
  }
}

vectorTest("three nodes in a row sync the recorded chain from genesis and follow new blocks", () => {
  const synced = 1_000;
  const network = networkAt(synced);
  const [a, b, c] = [network.add(), network.add(), network.add()];
  feed(a, upTo(synced));
  expect(tipOf(a)).toBe(chain[synced]!.line.hash);
  network.connect(b, a);
  network.connect(c, b);
  network.run(60);
  expect([tipOf(b), tipOf(c)]).toEqual([tipOf(a), tipOf(a)]);
  for (const { block, line } of chain.slice(synced + 1, synced + 20)) {
    network.time = Math.max(network.time, line.time * 1_000_000);
    a.node.submitBlock(block);
    network.run(5);
    expect([tipOf(b), tipOf(c)]).toEqual([line.hash, line.hash]);
  }
  expectPeace(network);
  for (const node of network.nodes) expect(node.links.size).toBeGreaterThan(0);
});

vectorTest("a chain whose tip is days old is synced all the same", () => {
  const network = networkAt(400);
  const [a, b] = [network.add(), network.add()];
  feed(a, upTo(400));
  network.time += 5 * 86_400 * 1_000_000;
  network.connect(b, a);
  network.run(30);
  expect(tipOf(b)).toBe(chain[400]!.line.hash);
  expectPeace(network);
});

vectorTest("one who knows nothing is passed over for one who does, in whatever order they came", () => {
  const network = networkAt(300);
  const [empty, late, full] = [network.add(), network.add(), network.add()];
  feed(full, upTo(300));
  network.connect(late, empty);
  network.connect(late, full);
  network.run(30);
  expect([tipOf(late), tipOf(empty)]).toEqual([tipOf(full), tipOf(full)]);
});

vectorTest("where the first peer never answers, another is asked after a minute", () => {
  // Nor does the other show by a question of its own that it has more.
  const mute: Carry = (from, _to, message) =>
    (from === 0 && message.command === "headers") || (from !== 1 && message.command === "getheaders")
      ? []
      : [message];
  const network = networkAt(300, mute);
  const [first, late, second] = [network.add(), network.add(), network.add()];
  feed(first, upTo(300));
  feed(second, upTo(300));
  network.time += 2 * 86_400 * 1_000_000; // nobody is nearly synced, so one peer at a time is asked
  network.connect(late, first, 10_000);
  network.connect(late, second, 90_000);
  network.run(50);
  expect(late.node.chain.tipHeight).toBe(0);
  network.run(30);
  expect(tipOf(late)).toBe(tipOf(second));
});

vectorTest("where one peer sends no blocks, it is dropped in time and others send them", () => {
  const mute: Carry = (from, _to, message) => (from === 0 && message.command === "block" ? [] : [message]);
  const network = networkAt(300, mute);
  const [withholding, late, honest] = [network.add(), network.add(), network.add()];
  for (const node of [withholding, honest]) feed(node, upTo(300));
  network.connect(late, withholding, 10_000);
  network.connect(late, honest, 90_000);
  network.run(2_000);
  expect(tipOf(late)).toBe(tipOf(honest));
  const left = late.observed.filter((each) => each.kind === "peer" && each.state === "disconnected");
  expect(left).toMatchObject([{ reason: "did not send a block in time" }]);
});

interface Fork {
  readonly forkHeight: number;
  readonly mockTime: number;
  readonly finalTip: string;
  readonly blocks: Readonly<Record<string, { readonly height: number; readonly hex: string }>>;
}

/** A recorded fork's two branches, lowest block first. */
function branches(file: string): { fork: Fork; x: Block[]; y: Block[] } {
  const fork = readJson<Fork>(`labnet/${file}`);
  const branch = (letter: string): Block[] =>
    Object.entries(fork.blocks)
      .filter(([id]) => id.startsWith(letter))
      .sort(([, a], [, b]) => a.height - b.height)
      .map(([, { hex }]) => parseBlock(Buffer.from(hex, "hex")));
  return { fork, x: branch("x"), y: branch("y") };
}

for (const file of [
  "reorg-09-flux-nodes.json",
  "reorg-12-halving-nodes-30.json",
  "reorg-18-pon-nodes-5.json",
]) {
  vectorTest(`${file}: nodes that lived on two branches meet and agree`, () => {
    const { fork, x, y } = branches(file);
    const network = new NodeNetwork(shared, { start: fork.mockTime });
    const [a, b, c] = [network.add(), network.add(), network.add()];
    for (const node of [a, b, c]) feed(node, upTo(fork.forkHeight));
    feed(a, x);
    feed(b, y);
    expect(tipOf(a)).not.toBe(tipOf(b));
    network.connect(c, a);
    network.run(20);
    expect(tipOf(c)).toBe(tipOf(a));
    network.connect(b, c);
    network.run(60);
    expect(network.nodes.map(tipOf)).toEqual(Array(3).fill(fork.finalTip));
    expectPeace(network);
    const left = a.observed.map((each) => (each.kind === "tip" ? each.disconnected : 0));
    expect(left.filter((blocks) => blocks > 0)).toEqual([x.length]);
  });
}

vectorTest("messages said twice, late and in any order end at the same tip", () => {
  let draw = 1;
  const network: NodeNetwork = networkAt(250, (from, to, message) => {
    draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0;
    if (message.command === "version" || message.command === "verack") return [message];
    // Some come again, much later, by another way.
    const receiver = network.nodes[to]!;
    const peer = [...receiver.links].find(([, link]) => link.to.index === from)?.[0];
    if (peer !== undefined && draw % 3 === 0) network.deliver(receiver, peer, message, draw % 5_000_000);
    return [message];
  });
  const [a, b, c] = [network.add(), network.add(), network.add()];
  feed(a, upTo(250));
  network.connect(b, a);
  network.connect(c, b);
  network.connect(c, a, 300_000);
  network.run(120);
  expect([tipOf(b), tipOf(c)]).toEqual([tipOf(a), tipOf(a)]);
  expectPeace(network);
});

const recoded = (message: Message): Message => {
  const read = readPayload(message.command, payloadBytes(message));
  if (read === undefined || read instanceof ParseError)
    throw new Error(`${message.command} does not come back`);
  return read;
};

vectorTest("passed on as objects or through bytes, the same is said at the same times", () => {
  const talk = (wire: boolean): string[] => {
    const said: string[] = [];
    const network = networkAt(220, (from, to, message, time) => {
      said.push(`${time} ${from}>${to} ${message.command}`);
      return [wire ? recoded(message) : message];
    });
    const [a, b, c] = [network.add(), network.add(), network.add()];
    feed(a, upTo(200));
    network.connect(b, a);
    network.connect(c, b);
    network.run(30);
    for (const { block } of chain.slice(201, 221)) {
      c.node.submitBlock(block);
      network.run(3);
    }
    expect(network.nodes.map(tipOf)).toEqual(Array(3).fill(chain[220]!.line.hash));
    return said;
  };
  expect(talk(true)).toEqual(talk(false));
});

/** The transactions of a recorded conversation, which are good after the block of that height. */
function recordedTransactions(): { height: number; transactions: Transaction[] } {
  const [, second] = readJson<{ messages: { command: string; hex: string }[] }[]>("labnet/p2p-capture.json");
  const transactions = second!.messages.flatMap(({ command, hex }) => {
    const message = readPayload(command, Uint8Array.from(Buffer.from(hex.slice(48), "hex")));
    return message !== undefined && !(message instanceof ParseError) && message.command === "tx"
      ? [message.tx]
      : [];
  });
  return { height: 2_053, transactions };
}

vectorTest(
  "transactions reach everybody, leave the pools with their block, and come back when it does",
  () => {
    const { height, transactions } = recordedTransactions();
    const network = new NodeNetwork(sharedChainOf(chain[0]!.block, "signatures"), {
      start: chain[height]!.line.time,
    });
    for (let i = 0; i < 6; i++) network.add();
    for (const node of network.nodes) feed(node, upTo(height));
    for (const node of network.nodes.slice(1)) network.connect(node, network.nodes[node.index - 1]!);
    network.run(5);
    for (const tx of transactions) expect(network.nodes[0]!.node.submitTransaction(tx).accepted).toBe(true);
    network.run(60);
    const pools = () => network.nodes.map(({ node }) => node.mempool.pool.size);
    expect(transactions).toHaveLength(2);
    expect(pools()).toEqual(Array(6).fill(2));
    expectPeace(network);

    const next = chain[height + 1]!;
    network.time = Math.max(network.time, next.line.time * 1_000_000);
    network.nodes[3]!.node.submitBlock(next.block);
    network.run(20);
    expect(network.nodes.map(tipOf)).toEqual(Array(6).fill(next.line.hash));
    const ids = new Set(next.block.transactions.map((tx) => toDisplayHex(txid(tx))));
    const mined = transactions.filter((tx) => ids.has(toDisplayHex(txid(tx))));
    expect(mined.length).toBeGreaterThan(0);
    expect(pools()).toEqual(Array(6).fill(2 - mined.length));

    const undone = network.nodes[5]!;
    undone.node.invalidateBlock(undone.node.chain.tip);
    const payments = mined.filter(({ kind }) => kind === "ordinary");
    expect(undone.node.mempool.pool.size).toBe(2 - mined.length + payments.length);
    expect(toDisplayHex(blockHash(chain[height]!.block.header))).toBe(tipOf(undone));
  },
);
