import {
  type BlockHash,
  type BlockHeader,
  blockHash,
  type CompactHeader,
  type Message,
  type NetworkAddress,
  type PonHeader,
  type PowHeader,
  type PrefilledTx,
} from "@fluxlab/core";
import fc from "fast-check";
import { anyTransaction } from "./arbitraries.ts";

// Any message that the wire can carry, whether or not a node would say it.

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const i32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const bytes = fc.uint8Array({ maxLength: 300 });
const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hash = fixed(32);
const hash32 = hash.map((each) => each as BlockHash);
const text = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes));

const common = {
  previousHash: hash,
  merkleRoot: hash,
  saplingRoot: hash,
  time: u32,
  bits: u32,
};
const powVersion = fc.integer({ min: -(2 ** 31), max: 99 });
const powHeader: fc.Arbitrary<PowHeader> = fc.record({
  kind: fc.constant("pow" as const),
  version: powVersion,
  ...common,
  nonce: hash,
  solution: bytes,
});
const ponHeader: fc.Arbitrary<PonHeader> = fc.record({
  kind: fc.constant("pon" as const),
  version: fc.integer({ min: 100, max: 2 ** 31 - 1 }),
  ...common,
  collateral: fc.record({ txid: hash, index: u32 }),
  signature: bytes,
});

/** A header of either proof. */
export const anyHeader: fc.Arbitrary<BlockHeader> = fc.oneof(powHeader, ponHeader);

const compactHeader: fc.Arbitrary<CompactHeader> = fc.oneof(
  fc.record({ kind: fc.constant("pow" as const), version: powVersion, ...common, nonce: hash, hash: hash32 }),
  ponHeader.map((header) => ({ ...header, hash: blockHash(header) })),
);

const address: fc.Arbitrary<NetworkAddress> = fc.record({ services: u64, ip: fixed(16), port: u16 });
const timedAddress = fc.tuple(u32, address).map(([time, rest]) => ({ time, ...rest }));
const items = fc.array(fc.record({ type: u32, hash }), { maxLength: 300 });
const locator = fc.record({ version: i32, hashes: fc.array(hash32, { maxLength: 40 }) });
const transactions = fc.array(anyTransaction, { maxLength: 3 });

/** Positions rise by any step. */
const prefilled: fc.Arbitrary<PrefilledTx[]> = fc
  .array(fc.record({ step: u16, tx: anyTransaction }), { maxLength: 3 })
  .map((entries) => {
    let next = 0;
    return entries.map(({ step, tx }) => {
      const index = next + step;
      next = index + 1;
      return { index, tx };
    });
  });

const command = <const C extends string>(name: C) => fc.constant(name);

const version = fc.record({
  command: command("version"),
  version: i32.filter((number) => number !== 10_300),
  services: u64,
  time: i64,
  receiver: address,
  sender: address,
  nonce: u64,
  userAgent: text(256),
  startHeight: i32,
  relay: fc.boolean(),
});

const reject: fc.Arbitrary<Message> = fc
  .record({
    command: command("reject"),
    message: fc.oneof(text(12), fc.constantFrom("tx", "block")),
    code: fc.integer({ min: 0, max: 255 }),
    reason: text(111),
    hash: fc.option(hash32, { nil: undefined }),
  })
  .map((each) => (["tx", "block"].includes(each.message) ? each : { ...each, hash: undefined }));

/** One of every command. */
export const MESSAGES: { readonly [C in Message["command"]]: fc.Arbitrary<Message> } = {
  version,
  verack: fc.record({ command: command("verack") }),
  sendheaders: fc.record({ command: command("sendheaders") }),
  getaddr: fc.record({ command: command("getaddr") }),
  mempool: fc.record({ command: command("mempool") }),
  filterclear: fc.record({ command: command("filterclear") }),
  sendcmpct: fc.record({ command: command("sendcmpct"), announce: fc.boolean(), version: u64 }),
  addr: fc.record({ command: command("addr"), addresses: fc.array(timedAddress, { maxLength: 300 }) }),
  inv: fc.record({ command: command("inv"), items }),
  getdata: fc.record({ command: command("getdata"), items }),
  notfound: fc.record({ command: command("notfound"), items }),
  getblocks: fc.record({ command: command("getblocks"), locator, stop: hash }),
  getheaders: fc.record({ command: command("getheaders"), locator, stop: hash }),
  headers: fc.record({ command: command("headers"), headers: fc.array(anyHeader, { maxLength: 5 }) }),
  cmpheaders: fc.record({
    command: command("cmpheaders"),
    headers: fc.array(compactHeader, { maxLength: 5 }),
  }),
  tx: fc.record({ command: command("tx"), tx: anyTransaction }),
  block: fc.record({ command: command("block"), block: fc.record({ header: anyHeader, transactions }) }),
  merkleblock: fc.record({
    command: command("merkleblock"),
    header: anyHeader,
    transactions: u32,
    hashes: fc.array(hash, { maxLength: 9 }),
    flags: bytes,
  }),
  cmpctblock: fc.record({
    command: command("cmpctblock"),
    header: anyHeader,
    nonce: u64,
    shortIds: fc.array(fc.integer({ min: 0, max: 2 ** 48 - 1 }), { maxLength: 300 }),
    prefilled,
  }),
  getblocktxn: fc.record({
    command: command("getblocktxn"),
    block: hash32,
    indexes: fc.array(u16, { maxLength: 300 }),
  }),
  blocktxn: fc.record({ command: command("blocktxn"), block: hash32, transactions }),
  ping: fc.record({ command: command("ping"), nonce: fc.option(u64, { nil: undefined }) }),
  pong: fc.record({ command: command("pong"), nonce: fc.option(u64, { nil: undefined }) }),
  alert: fc.record({ command: command("alert"), message: bytes, signature: bytes }),
  filterload: fc.record({
    command: command("filterload"),
    data: bytes,
    functions: u32,
    tweak: u32,
    flags: fc.integer({ min: 0, max: 255 }),
  }),
  filteradd: fc.record({ command: command("filteradd"), data: bytes }),
  reject,
};

/** Any message. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(MESSAGES));
