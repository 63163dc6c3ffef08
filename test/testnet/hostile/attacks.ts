import {
  type Block,
  type BlockHash,
  compactBlock,
  frameBytes,
  INV_BLOCK,
  INV_TX,
  type Message,
  type OrdinaryTransaction,
  payloadBytes,
} from "@fluxlab/core";
import { BENCH_VERSION, type Lab } from "../../support/nodeBench.ts";
import { addressOf } from "../../support/recordingPorts.ts";

// What a peer may do to a node, and what it gets for it. Sources: spec 04 §1.1 (frames), §1.5 (handshake), §2.1 (points), §2.5 to §2.11,
// §3.3 (bans); fluxd src/main.cpp ProcessMessage, ProcessMessages, Misbehaving, src/net.cpp ReceiveMsgBytes.

/** Bytes as they are, or a message that is written into a frame. */
export type Utterance = Message | Uint8Array;

export interface Attack {
  readonly name: string;
  /** Left out: the peer has introduced itself before. */
  readonly stranger?: true;
  /** `height`: of the victim's tip. */
  readonly say: (lab: Lab, height: number) => readonly Utterance[];
  /** Points in all; 100 or more ban. */
  readonly score: number;
  /** How it ends: it may stay, is parted from, or is banned too. A ban leaves the connection open only where fluxd does. */
  readonly end: "stays" | "dropped" | "banned" | "banned, stays";
  /** Reasons of the `reject`s it is sent, each once. */
  readonly rejects?: readonly string[];
}

const MAGIC = (lab: Lab): Uint8Array => Uint8Array.from(Buffer.from(lab.shared.params.messageStart, "hex"));
const raw = (lab: Lab, command: string, payload: readonly number[] | Uint8Array): Uint8Array =>
  frameBytes(MAGIC(lab), command, Uint8Array.from(payload));
const changed = (bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};
const ping = (lab: Lab): Uint8Array => raw(lab, "ping", [1, 2, 3, 4, 5, 6, 7, 8]);
const times = <T>(count: number, each: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => each(i));

/** A hash of nothing. */
const hash = (n: number): BlockHash => {
  const bytes = new Uint8Array(32).fill(0xee);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes as BlockHash;
};
const items = (count: number, type: number) => times(count, (i) => ({ type, hash: hash(i) }));
const headers = ({ chain }: Lab, from: number, to: number) =>
  chain.slice(from, to + 1).map(({ block }) => block.header);
const hollow = ({ header, transactions }: Block): Block => ({
  header,
  transactions: [...transactions, transactions[0]!],
});
const emptyLocator = { locator: { version: 1, hashes: [] }, stop: new Uint8Array(32) };

/** A payment of coins that nobody has. */
function orphan(n: number, { chain }: Lab, height: number): OrdinaryTransaction {
  const [coinbase] = chain[height]!.block.transactions;
  if (coinbase?.kind !== "ordinary") throw new Error("the first transaction is a coinbase");
  const input = { prevout: { txid: hash(n) as never, index: 0 }, scriptSig: new Uint8Array(), sequence: 0 };
  return { ...coinbase, inputs: [input] };
}

/** The next header with something in it that its proof does not prove. */
function forged(lab: Lab, height: number) {
  const [header] = headers(lab, height + 1, height + 1);
  return { ...header!, merkleRoot: new Uint8Array(32).fill(1) } as typeof header & {};
}

const FRAMES: readonly Attack[] = [
  {
    name: "garbage",
    stranger: true,
    say: () => [new Uint8Array(4_096).map((_, i) => (i * 167 + 13) & 0xff)],
    ...{ score: 0, end: "dropped" },
  },
  {
    name: "a browser",
    stranger: true,
    say: () => [new Uint8Array(Buffer.from("GET / HTTP/1.1\r\nHost: node\r\n\r\n"))],
    ...{ score: 0, end: "dropped" },
  },
  {
    name: "another network's magic",
    say: (lab) => [changed(ping(lab), 0, 0xf9, 0xbe, 0xb4, 0xd9)],
    ...{ score: 0, end: "dropped" },
  },
  {
    name: "a length above two megabytes",
    say: (lab) => [changed(ping(lab), 16, 1, 0, 0x20, 0)],
    ...{ score: 0, end: "dropped" },
  },
  {
    name: "the longest length there is",
    say: (lab) => [changed(ping(lab), 16, 0xff, 0xff, 0xff, 0xff)],
    ...{ score: 0, end: "dropped" },
  },
  {
    name: "a thousand wrong checksums",
    say: (lab) => times(1_000, () => changed(ping(lab), 20, 0, 0, 0, 0)),
    ...{ score: 0, end: "stays" },
  },
  {
    name: "commands that are no text",
    say: (lab) => [changed(ping(lab), 4, 0x01), changed(ping(lab), 15, 0x41)],
    ...{ score: 0, end: "stays" },
  },
  {
    name: "commands that nobody knows",
    say: (lab) => times(500, (i) => raw(lab, `nonsense${i % 10}`, [1, 2, 3])),
    ...{ score: 0, end: "stays" },
  },
];

const PAYLOADS: readonly Attack[] = [
  {
    name: "a list that ends too early",
    say: (lab) => [raw(lab, "inv", [5, 1, 0, 0, 0])],
    ...{ score: 0, end: "stays", rejects: ["error parsing message"] },
  },
  {
    name: "a list of four billion items",
    say: (lab) =>
      ["inv", "getdata", "addr", "headers"].map((command) =>
        raw(lab, command, [0xfe, 0xff, 0xff, 0xff, 0xff]),
      ),
    ...{ score: 0, end: "stays", rejects: ["error parsing message"] },
  },
  {
    name: "a count in too many bytes",
    say: (lab) => [raw(lab, "inv", [0xfd, 1, 0, ...new Array<number>(36).fill(0)])],
    ...{ score: 0, end: "stays", rejects: ["error parsing message"] },
  },
  {
    name: "bytes behind a message",
    say: (lab) => [raw(lab, "ping", new Uint8Array(5_000))],
    ...{ score: 0, end: "stays" },
  },
  {
    name: "a transaction of no known format",
    say: (lab) => [raw(lab, "tx", [9, 0, 0, 0x80, 0, 0, 0, 0])],
    ...{ score: 0, end: "banned, stays", rejects: ["error parsing message"] },
  },
  {
    name: "an alert that nobody signed", // fluxd: 10; a node without alerts looks at none (spec 04 §2.11)
    say: () => [{ command: "alert", message: new Uint8Array(100), signature: new Uint8Array(72) }],
    ...{ score: 0, end: "stays" },
  },
];

const HANDSHAKES: readonly Attack[] = [
  {
    name: "99 messages before the version",
    stranger: true,
    say: () => times(99, () => ({ command: "ping", nonce: 1n })),
    ...{ score: 99, end: "stays" },
  },
  {
    name: "99 broken messages before the version",
    stranger: true,
    say: (lab) => times(99, () => raw(lab, "inv", [9])),
    ...{ score: 99, end: "stays" },
  },
  {
    name: "99 commands that nobody knows before the version",
    stranger: true,
    say: (lab) => times(99, (i) => raw(lab, `nonsense${i % 10}`, [1, 2, 3])),
    ...{ score: 99, end: "stays" },
  },
  {
    name: "100 messages before the version",
    stranger: true,
    say: () => times(100, () => ({ command: "mempool" })),
    ...{ score: 100, end: "banned" },
  },
  {
    name: "three versions more",
    say: () => times(3, () => BENCH_VERSION),
    ...{ score: 3, end: "stays", rejects: ["Duplicate version message"] },
  },
  {
    name: "a hundred versions more",
    say: () => times(100, () => BENCH_VERSION),
    ...{ score: 100, end: "banned", rejects: ["Duplicate version message"] },
  },
  {
    name: "a version of long ago",
    stranger: true,
    say: () => [{ ...BENCH_VERSION, version: 170_001 } as Message],
    ...{ score: 0, end: "dropped", rejects: ["Version must be 170006 or greater"] },
  },
];

const LISTS: readonly Attack[] = [
  {
    name: "an inv of 50,001",
    say: () => [{ command: "inv", items: items(50_001, INV_TX) }],
    ...{ score: 20, end: "stays" },
  },
  {
    name: "five such getdata",
    say: () => times(5, () => ({ command: "getdata", items: items(50_001, INV_BLOCK) })),
    ...{ score: 100, end: "banned" },
  },
  {
    name: "an addr of 1,001",
    say: () => [{ command: "addr", addresses: times(1_001, (i) => ({ ...addressOf(i), time: 1 })) }],
    ...{ score: 20, end: "stays" },
  },
  {
    name: "a flood of addresses",
    say: ({ chain }, height) =>
      times(100, (i) => ({
        command: "addr",
        addresses: times(1_000, (j) => ({ ...addressOf(i * 500 + j), time: chain[height]!.line.time })),
      })),
    ...{ score: 0, end: "stays" },
  },
  {
    name: "a flood of announced transactions",
    say: () =>
      times(4, (i) => ({
        command: "inv",
        items: times(50_000, (j) => ({ type: INV_TX, hash: hash(1_000_000 * (i + 1) + j) })),
      })),
    ...{ score: 0, end: "stays" },
  },
  {
    name: "a flood of announced blocks",
    say: () => times(500, (i) => ({ command: "inv", items: [{ type: INV_BLOCK, hash: hash(i) }] })),
    ...{ score: 0, end: "stays" },
  },
];

const HEADERS: readonly Attack[] = [
  {
    name: "161 headers",
    say: (lab) => [{ command: "headers", headers: headers(lab, 1, 161) }],
    ...{ score: 20, end: "stays" },
  },
  {
    name: "headers that do not follow each other",
    say: (lab) => [{ command: "headers", headers: [...headers(lab, 3, 3), ...headers(lab, 5, 5)] }],
    ...{ score: 20, end: "stays" },
  },
  {
    name: "the same headers again and again",
    say: (lab) => times(200, () => ({ command: "headers", headers: headers(lab, 1, 100) })),
    ...{ score: 0, end: "stays" },
  },
  {
    // fluxd: 10 each, for which it bans the honest too (spec 04 §2.3): here it is a question, and a fault after ten of them.
    name: "headers that hang in the air",
    say: (lab, height) =>
      times(9, (i) => ({ command: "headers", headers: headers(lab, height + 40 + i, height + 40 + i) })),
    ...{ score: 0, end: "stays" },
  },
  {
    name: "a header whose work is not done",
    say: (lab, height) => [{ command: "headers", headers: [forged(lab, height)] }],
    ...{ score: 100, end: "banned" },
  },
  {
    name: "headers of the future",
    say: (lab, height) => {
      const [next] = headers(lab, height + 1, height + 1);
      return [{ command: "headers", headers: [{ ...next!, time: next!.time + 1_000_000 }] }];
    },
    // The proof is looked at first, and does not cover that time.
    ...{ score: 100, end: "banned" },
  },
  {
    name: "2,001 compact headers",
    say: (lab) => {
      const [header] = headers(lab, 1, 1);
      return [{ command: "cmpheaders", headers: times(2_001, () => ({ ...header!, hash: hash(1) })) }];
    },
    ...{ score: 20, end: "stays" },
  },
];

const BLOCKS: readonly Attack[] = [
  {
    name: "a block that is not the one of its header",
    say: ({ chain }, height) => [{ command: "block", block: hollow(chain[height + 1]!.block) }],
    ...{ score: 100, end: "banned", rejects: ["bad-txnmrklroot"] },
  },
  {
    name: "blocks that are known, unasked",
    say: ({ chain }) => times(200, (i) => ({ command: "block", block: chain[1 + (i % 50)]!.block })),
    ...{ score: 0, end: "stays" },
  },
  {
    name: "blocks of nowhere, whose time has not come",
    say: ({ chain }, height) =>
      times(9, (i) => ({ command: "block", block: chain[height + 100 + i]!.block })),
    ...{ score: 0, end: "stays", rejects: ["time-too-new"] },
  },
  {
    name: "a compact block of nothing",
    say: ({ chain }, height) => [
      { ...compactBlock(chain[height + 1]!.block, 1n), shortIds: [], prefilled: [] } as Message,
    ],
    ...{ score: 100, end: "banned" },
  },
  {
    name: "a wish for a transaction that a block does not have",
    say: (lab, height) => [
      {
        command: "getblocktxn",
        block: lab.shared.tree.hashOf(lab.chain[height]!.block.header),
        indexes: [0, 60_000],
      },
    ],
    ...{ score: 100, end: "banned" },
  },
];

const TRANSACTIONS: readonly Attack[] = [
  {
    name: "a coinbase without a block",
    say: ({ chain }, height) => [{ command: "tx", tx: chain[height]!.block.transactions[0]! }],
    ...{ score: 100, end: "banned", rejects: ["coinbase"] },
  },
  {
    name: "a thousand payments of coins that nobody has",
    say: (lab, height) => times(1_000, (i) => ({ command: "tx", tx: orphan(i, lab, height) })),
    ...{ score: 0, end: "stays" },
  },
];

const FILTERS: readonly Attack[] = [
  {
    name: "a filter of 36,001 bytes",
    say: () => [{ command: "filterload", data: new Uint8Array(36_001), functions: 1, tweak: 0, flags: 0 }],
    ...{ score: 100, end: "banned" },
  },
  {
    name: "a filter of 51 functions",
    say: () => [{ command: "filterload", data: new Uint8Array(8), functions: 51, tweak: 0, flags: 0 }],
    ...{ score: 100, end: "banned" },
  },
  {
    name: "the largest filter, a hundred times",
    say: () =>
      times(100, () => ({
        command: "filterload",
        data: new Uint8Array(36_000).fill(0xff),
        ...{ functions: 50, tweak: 5, flags: 1 },
      })),
    ...{ score: 0, end: "stays" },
  },
  {
    name: "a filter's element of 521 bytes",
    say: () => [
      { command: "filterload", data: new Uint8Array(8), functions: 1, tweak: 0, flags: 0 },
      { command: "filteradd", data: new Uint8Array(521) },
    ],
    ...{ score: 100, end: "banned" },
  },
  {
    name: "an element for no filter",
    say: () => [{ command: "filteradd", data: new Uint8Array(5) }],
    ...{ score: 0, end: "stays" },
  },
];

const WISHES: readonly Attack[] = [
  {
    name: "wishes for everything there is, and is not",
    say: ({ chain, shared }, height) => [
      {
        command: "getdata",
        items: times(2_000, (i) => ({
          type: [INV_BLOCK, 3, 11][i % 3]!,
          hash: shared.tree.hashOf(chain[i % (height + 1)]!.block.header),
        })),
      },
      { command: "getdata", items: items(40_000, INV_BLOCK) },
      { command: "getdata", items: items(40_000, INV_TX) },
      { command: "getdata", items: items(1_000, 77) },
    ],
    ...{ score: 0, end: "stays" },
  },
  {
    name: "the same questions for ever",
    say: () =>
      times(300, () => [
        { command: "getheaders", ...emptyLocator } as Message,
        { command: "getblocks", ...emptyLocator } as Message,
        { command: "getaddr" } as Message,
        { command: "mempool" } as Message,
      ]).flat(),
    ...{ score: 0, end: "stays" },
  },
];

/** The table. */
export const ATTACKS: readonly Attack[] = [
  ...FRAMES,
  ...PAYLOADS,
  ...HANDSHAKES,
  ...LISTS,
  ...HEADERS,
  ...BLOCKS,
  ...TRANSACTIONS,
  ...FILTERS,
  ...WISHES,
];

/** As it goes over the wire. */
export const bytesOf = (lab: Lab, what: Utterance): Uint8Array =>
  what instanceof Uint8Array ? what : frameBytes(MAGIC(lab), what.command, payloadBytes(what));
