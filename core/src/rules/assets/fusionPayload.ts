import { utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "../../bytes/compare.ts";
import { toWireHex } from "../../bytes/hex.ts";
import type { ParseError } from "../../bytes/parseError.ts";
import { parseWhole, type Reader } from "../../bytes/reader.ts";
import { Writer } from "../../bytes/writer.ts";
import { assert } from "../../util/assert.ts";
import type { ChainId } from "./chains.ts";

// What Fusion operations say in an OP_RETURN output of a native transaction. Integers are little-endian. Source: spec 05 §6.

/** First bytes of every payload. */
export const FUSION_MAGIC: Uint8Array = utf8ToBytes("FUSN");

/** Longest payload: more is not relayed as data. */
export const MAX_FUSION_BYTES = 80;

const VERSION = 1;
const HASH_BYTES = 32;

/** Numbers of the opcodes. */
const OPCODE = { lock: 1, unlock: 2, claim: 3, release: 4, cancel: 5 } as const;

/**
 * An account on a parallel chain. The kind byte tells its length; the specification gives the two lengths and leaves the
 * numbers open: 1 is a 20-byte account (such as Ethereum's), 2 a 32-byte one (a public key, such as Solana's).
 */
export interface Recipient {
  readonly kind: 1 | 2;
  readonly account: Uint8Array;
}

const RECIPIENT_BYTES: Readonly<Record<Recipient["kind"], number>> = { 1: 20, 2: 32 };

/** Lock ids and txids are 32 bytes in wire order; heights are u32; chains are one byte. */
export type FusionPayload =
  | { readonly type: "lock"; readonly target: ChainId; readonly recipient: Recipient }
  | { readonly type: "unlock"; readonly source: ChainId; readonly lockId: Uint8Array }
  | {
      readonly type: "claim";
      readonly chain: ChainId;
      /** Native heights covered, both included. */
      readonly firstHeight: number;
      readonly lastHeight: number;
      readonly recipient: Recipient;
    }
  | { readonly type: "release"; readonly chain: ChainId; readonly snapshotHeight: number }
  | { readonly type: "cancel"; readonly lockTxid: Uint8Array };

/** Whether an OP_RETURN's data means to be a payload, of whatever version. */
export const isFusionPayload = (data: Uint8Array): boolean =>
  data.length >= FUSION_MAGIC.length && equalBytes(data.subarray(0, FUSION_MAGIC.length), FUSION_MAGIC);

/** The payload, or where it cannot be read. Bytes after it are an error. */
export const parseFusionPayload = (data: Uint8Array): FusionPayload | ParseError =>
  parseWhole(data, readFusionPayload);

function readFusionPayload(reader: Reader): FusionPayload {
  const magic = reader.bytes(FUSION_MAGIC.length, "magic");
  if (!equalBytes(magic, FUSION_MAGIC)) reader.fail("unknownValue", "magic", 0);
  knownByte(reader, "version", [VERSION]);
  switch (knownByte(reader, "opcode", Object.values(OPCODE))) {
    case OPCODE.lock:
      return { type: "lock", target: reader.u8("target"), recipient: readRecipient(reader) };
    case OPCODE.unlock:
      return { type: "unlock", source: reader.u8("source"), lockId: reader.bytes(HASH_BYTES, "lockId") };
    case OPCODE.claim:
      return {
        type: "claim",
        chain: reader.u8("chain"),
        firstHeight: reader.u32("firstHeight"),
        lastHeight: reader.u32("lastHeight"),
        recipient: readRecipient(reader),
      };
    case OPCODE.release:
      return { type: "release", chain: reader.u8("chain"), snapshotHeight: reader.u32("snapshotHeight") };
    default: // also after a failure, when what is returned means nothing
      return { type: "cancel", lockTxid: reader.bytes(HASH_BYTES, "lockTxid") };
  }
}

/** A byte that must be one of `known`. */
function knownByte(reader: Reader, field: string, known: readonly number[]): number {
  const { offset } = reader;
  const value = reader.u8(field);
  if (!known.includes(value)) reader.fail("unknownValue", field, offset);
  return value;
}

function readRecipient(reader: Reader): Recipient {
  const kind = knownByte(reader, "recipientKind", [1, 2]) === 2 ? 2 : 1;
  return { kind, account: reader.bytes(RECIPIENT_BYTES[kind], "recipient") };
}

/** The reverse of {@link parseFusionPayload}. */
export function fusionPayloadBytes(payload: FusionPayload): Uint8Array {
  const writer = new Writer();
  writer.bytes(FUSION_MAGIC);
  writer.u8(VERSION);
  writer.u8(OPCODE[payload.type]);
  switch (payload.type) {
    case "lock":
      writer.u8(payload.target);
      writeRecipient(writer, payload.recipient);
      break;
    case "unlock":
      writer.u8(payload.source);
      writeHash(writer, payload.lockId);
      break;
    case "claim":
      writer.u8(payload.chain);
      writer.u32(payload.firstHeight);
      writer.u32(payload.lastHeight);
      writeRecipient(writer, payload.recipient);
      break;
    case "release":
      writer.u8(payload.chain);
      writer.u32(payload.snapshotHeight);
      break;
    case "cancel":
      writeHash(writer, payload.lockTxid);
      break;
  }
  return writer.copy();
}

function writeHash(writer: Writer, hash: Uint8Array): void {
  assert(hash.length === HASH_BYTES, `an id has ${HASH_BYTES} bytes, not ${toWireHex(hash)}`);
  writer.bytes(hash);
}

function writeRecipient(writer: Writer, { kind, account }: Recipient): void {
  assert(account.length === RECIPIENT_BYTES[kind], `recipient of kind ${kind} has ${account.length} bytes`);
  writer.u8(kind);
  writer.bytes(account);
}
