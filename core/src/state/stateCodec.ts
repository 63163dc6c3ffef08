import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Satoshi } from "../primitives/money.ts";
import { type Outpoint, readOutpoint, writeOutpoint } from "../primitives/outpoint.ts";
import { SproutTree } from "../primitives/sproutTree.ts";
import { TIER_CODE, TIERS } from "../primitives/tier.ts";
import type { Coin } from "../rules/coin.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import { BaseState } from "./base.ts";
import type { StateContents } from "./stateView.ts";

// A whole state as bytes, for disks. Lists have no count before them but a byte before each entry, so that whoever writes need
// not hold everything at once.

const MORE = 1;
const END = 0;
const STATUSES = ["started", "dos", "confirmed"] as const;

/**
 * Writes all of a state. `spill` is called between entries, for whoever wants to take what is written so far out of the writer
 * and reset it.
 */
export function writeState(writer: Writer, state: StateContents, spill: () => void): void {
  writer.u32(state.height + 1);
  writer.bytes(state.blockHash);
  writer.i64(state.supply.transparent);
  writer.i64(state.supply.sprout);
  writeTree(writer, state.sproutTree);
  const each = <T>(things: Iterable<T>, write: (thing: T) => void): void => {
    for (const thing of things) {
      writer.u8(MORE);
      write(thing);
      spill();
    }
    writer.u8(END);
  };
  each(state.coins(), ([outpoint, coin]) => writeCoin(writer, outpoint, coin));
  each(nodesInOrder(state), (record) => writeNode(writer, record));
  each(state.allDelegates(), ([outpoint, keys]) => {
    writeOutpoint(writer, outpoint);
    writer.vector(keys, (to, key) => to.varBytes(key));
  });
  each(state.sproutNullifiers(), (nullifier) => writer.bytes(nullifier));
  each(state.sproutAnchors(), (root) => writeTree(writer, state.sproutTreeAt(root)!));
}

/** Confirmed nodes as they queue: so each goes to the end of its queue when it is read. */
function* nodesInOrder(state: StateContents): Generator<FluxnodeRecord> {
  for (const tier of TIERS) yield* state.queue(tier);
  for (const record of state.fluxnodes()) if (record.status !== "confirmed") yield record;
}

/** The reverse of {@link writeState}. The reader has failed where the bytes are none of a state. */
export function readState(reader: Reader): BaseState {
  const state = new BaseState();
  const height = reader.u32("height") - 1;
  const blockHash = reader.bytes(32, "block hash").slice();
  const supply = { transparent: reader.i64("transparent supply"), sprout: reader.i64("Sprout supply") };
  const sproutTree = readTree(reader);
  const each = (read: () => void): void => {
    while (reader.u8("entry") === MORE && !reader.failed) read();
  };
  each(() => {
    const [outpoint, coin] = readCoin(reader);
    if (!reader.failed) state.addCoin(outpoint, coin);
  });
  each(() => {
    const record = readNode(reader);
    if (!reader.failed) state.addFluxnode(record);
  });
  each(() => {
    const outpoint = readKeptOutpoint(reader);
    const keys = reader.vector("delegates", 1, (from) => from.varBytes("delegate").slice());
    if (!reader.failed) state.addDelegates(outpoint, keys);
  });
  each(() => state.addNullifier(reader.bytes(32, "nullifier").slice()));
  each(() => state.addAnchor(readTree(reader)));
  if (!reader.failed) state.standAfter(height, blockHash, sproutTree, supply);
  return state;
}

function writeCoin(writer: Writer, outpoint: Outpoint, coin: Coin): void {
  writeOutpoint(writer, outpoint);
  writer.u32(coin.height * 2 + (coin.coinbase ? 1 : 0));
  writer.i64(coin.value);
  writer.varBytes(coin.scriptPubKey);
}

function readCoin(reader: Reader): readonly [Outpoint, Coin] {
  const outpoint = readOutpoint(reader, "coin");
  const origin = reader.u32("coin height");
  const value = reader.i64("coin value");
  const scriptPubKey = reader.varBytes("coin script");
  return [outpoint, { value, scriptPubKey, height: origin >>> 1, coinbase: (origin & 1) === 1 }];
}

function writeNode(writer: Writer, record: FluxnodeRecord): void {
  const { identity } = record;
  writeOutpoint(writer, record.outpoint);
  writer.u8(STATUSES.indexOf(record.status));
  writer.u8(TIER_CODE[identity.tier]);
  writer.i64(identity.collateralAmount);
  writer.u32(identity.addedHeight);
  writer.varBytes(identity.pubkey);
  writer.varBytes(identity.collateralPubkey);
  writer.varBytes(identity.redeemScript);
  writer.u32(record.confirmedHeight);
  writer.u32(record.lastConfirmedHeight);
  writer.u32(record.lastPaidHeight);
  writer.varBytes(record.ip);
}

function readNode(reader: Reader): FluxnodeRecord {
  const outpoint = readKeptOutpoint(reader);
  const status = STATUSES[reader.u8("list")];
  const code = reader.u8("tier");
  const tier = TIERS.find((each) => TIER_CODE[each] === code);
  if (status === undefined || tier === undefined) reader.fail("unknownValue", "FluxNode", reader.offset);
  const identity = {
    outpoint,
    tier: tier ?? "cumulus",
    collateralAmount: reader.i64("collateral") as Satoshi,
    addedHeight: reader.u32("added height"),
    pubkey: reader.varBytes("key").slice(),
    collateralPubkey: reader.varBytes("collateral key").slice(),
    redeemScript: reader.varBytes("redeem script").slice(),
  };
  return {
    outpoint,
    identity,
    status: status ?? "started",
    confirmedHeight: reader.u32("confirmed height"),
    lastConfirmedHeight: reader.u32("last confirmed height"),
    lastPaidHeight: reader.u32("last paid height"),
    ip: reader.varBytes("IP").slice(),
  };
}

/** A copy: what is read are views of all bytes, and would keep them. */
function readKeptOutpoint(reader: Reader): Outpoint {
  const { txid, index } = readOutpoint(reader, "outpoint");
  return { txid: txid.slice(), index };
}

function writeTree(writer: Writer, tree: SproutTree): void {
  const { waiting } = tree;
  writer.u8(waiting.length);
  for (const half of waiting) {
    writer.u8(half === undefined ? END : MORE);
    if (half !== undefined) writer.bytes(half);
  }
}

function readTree(reader: Reader): SproutTree {
  const levels = reader.u8("levels");
  const waiting: (Uint8Array | undefined)[] = [];
  for (let level = 0; level < levels && !reader.failed; level++)
    waiting.push(reader.u8("half") === MORE ? reader.bytes(32, "half").slice() : undefined);
  return reader.failed ? SproutTree.EMPTY : SproutTree.of(waiting);
}
