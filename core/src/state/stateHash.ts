import { sha256 } from "@noble/hashes/sha2.js";
import { compareBytes } from "../bytes/compare.ts";
import { toWireHex } from "../bytes/hex.ts";
import { Writer } from "../bytes/writer.ts";
import { writeOutpoint } from "../primitives/outpoint.ts";
import { TIER_CODE, TIERS } from "../primitives/tier.ts";
import { writeOutput } from "../primitives/transactionCodec.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import type { StateContents } from "./stateView.ts";

/**
 * SHA-256 (hex) of everything a state holds: equal for equal states, however they were reached and whatever keeps them.
 * Everything is gone through and sorted, nothing remembered, so that a table gone wrong cannot hide: for comparing nodes, runs
 * and machines now and then, not for every block.
 */
export function stateHash(state: StateContents): string {
  const writer = new Writer();
  writer.u32(state.height);
  writer.bytes(state.blockHash);
  writer.i64(state.supply.transparent);
  writer.i64(state.supply.sprout);
  writer.bytes(state.sproutTree.root);
  writeSorted(writer, state.coins(), (entry, [outpoint, coin]) => {
    writeOutpoint(entry, outpoint);
    writeOutput(entry, coin);
    entry.u32(coin.height);
    entry.bool(coin.coinbase);
  });
  writeSorted(writer, state.fluxnodes(), writeNode);
  // The order of a queue follows from its nodes; that the tables keep to it is part of what is compared.
  for (const tier of TIERS) {
    writer.vector([...state.queue(tier)], (each, { outpoint }) => writeOutpoint(each, outpoint));
  }
  writeSorted(writer, state.allDelegates(), (entry, [outpoint, keys]) => {
    writeOutpoint(entry, outpoint);
    entry.vector(keys, (each, key) => each.varBytes(key));
  });
  writeSorted(writer, state.sproutNullifiers(), (entry, nullifier) => entry.bytes(nullifier));
  writeSorted(writer, state.sproutAnchors(), (entry, root) => entry.bytes(root));
  return toWireHex(sha256(writer.view()));
}

/** A count, then the entries in the order of their bytes. */
function writeSorted<T>(writer: Writer, things: Iterable<T>, write: (entry: Writer, thing: T) => void): void {
  const unsorted = new Writer();
  const starts: number[] = [];
  for (const thing of things) {
    starts.push(unsorted.length);
    write(unsorted, thing);
  }
  const bytes = unsorted.view();
  const entries = starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
  writer.vector(entries.sort(compareBytes), (each, entry) => each.bytes(entry));
}

const STATUS_CODE = { started: 1, dos: 2, confirmed: 3 } as const;

function writeNode(entry: Writer, record: FluxnodeRecord): void {
  const { identity } = record;
  writeOutpoint(entry, record.outpoint);
  entry.u8(STATUS_CODE[record.status]);
  entry.u8(TIER_CODE[identity.tier]);
  entry.i64(identity.collateralAmount);
  entry.u32(identity.addedHeight);
  entry.varBytes(identity.pubkey);
  entry.varBytes(identity.collateralPubkey);
  entry.varBytes(identity.redeemScript);
  entry.u32(record.confirmedHeight);
  entry.u32(record.lastConfirmedHeight);
  entry.u32(record.lastPaidHeight);
  entry.varBytes(record.ip);
}
