import { compareBytes } from "../bytes/compare.ts";
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";

/** Names one output of one transaction. */
export interface Outpoint {
  /** 32 bytes in wire order: the reverse of the displayed hex. */
  readonly txid: Uint8Array;
  /** Output index, u32. */
  readonly index: number;
}

/**
 * Negative if `a` comes first: txid by unsigned bytes in wire order, then index unsigned.
 * Source: fluxd src/primitives/transaction.h COutPoint operator<, src/uint256.h base_blob.
 */
export function compareOutpoints(a: Outpoint, b: Outpoint): number {
  const byTxid = compareBytes(a.txid, b.txid);
  return byTxid !== 0 ? byTxid : a.index - b.index;
}

/** Output index of the null outpoint. */
const NULL_INDEX = 0xffff_ffff;

/** Names no output: what a coinbase spends. Source: fluxd src/primitives/transaction.h BaseOutPoint::SetNull. */
export const NULL_OUTPOINT: Outpoint = { txid: new Uint8Array(32), index: NULL_INDEX };

/** Whether it is {@link NULL_OUTPOINT}. */
export const isNullOutpoint = ({ txid, index }: Outpoint): boolean =>
  index === NULL_INDEX && txid.every((byte) => byte === 0);

/** On the wire: txid, then index as u32. */
export const OUTPOINT_BYTES = 36;

/** Reads {@link OUTPOINT_BYTES}; `field` names the place in an error. */
export function readOutpoint(reader: Reader, field: string): Outpoint {
  const txid = reader.bytes(32, field);
  return { txid, index: reader.u32(field) };
}

/** The reverse of {@link readOutpoint}. */
export function writeOutpoint(writer: Writer, outpoint: Outpoint): void {
  writer.bytes(outpoint.txid);
  writer.u32(outpoint.index);
}
