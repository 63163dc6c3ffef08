import type { ParseError } from "../../bytes/parseError.ts";
import { parse, type Reader } from "../../bytes/reader.ts";
import { Writer } from "../../bytes/writer.ts";
import { readBlock, writeBlock } from "../../primitives/block.ts";
import { readHeader, writeHeader } from "../../primitives/header.ts";
import type { BlockHash } from "../../primitives/ids.ts";
import {
  MIN_TRANSACTION_BYTES,
  readTransaction,
  writeTransaction,
} from "../../primitives/transactionCodec.ts";
import type { InventoryItem, Locator, Message } from "../messages.ts";
import { readTimedAddress, TIMED_ADDRESS_BYTES, writeTimedAddress } from "./addressCodec.ts";
import {
  readBlockTxsRequest,
  readCompactBlock,
  writeBlockTxsRequest,
  writeCompactBlock,
} from "./compactBlockCodec.ts";
import {
  MIN_COMPACT_HEADER_BYTES,
  MIN_LISTED_HEADER_BYTES,
  readCompactHeader,
  readListedHeader,
  writeCompactHeader,
  writeListedHeader,
} from "./headersCodec.ts";
import { readReject, writeReject } from "./rejectCodec.ts";
import { readVersion, writeVersion } from "./versionCodec.ts";

// Payloads of messages and back. Counts are bounded by the payload's length only: how many items of a kind a node puts up
// with is its own affair, and costs points there. Source: fluxd src/main.cpp ProcessMessage.

const ITEM_BYTES = 4 + 32;
const NONCE_BYTES = 8;

/**
 * The message of a payload; undefined for a command that nobody knows, an error for bytes that cannot be read. Bytes after
 * the message are left alone. Byte strings are views of `payload`.
 */
export function readPayload(command: string, payload: Uint8Array): Message | ParseError | undefined {
  return parse(payload, (reader) => readMessage(reader, command));
}

function readMessage(reader: Reader, command: string): Message | undefined {
  switch (command) {
    case "version":
      return readVersion(reader);
    case "verack":
    case "sendheaders":
    case "getaddr":
    case "mempool":
    case "filterclear":
      return { command };
    case "sendcmpct":
      return { command, announce: reader.bool("announce"), version: reader.u64("version") };
    case "addr":
      return { command, addresses: reader.vector("addresses", TIMED_ADDRESS_BYTES, readTimedAddress) };
    case "inv":
    case "getdata":
    case "notfound":
      return { command, items: reader.vector("items", ITEM_BYTES, readItem) };
    case "getblocks":
    case "getheaders":
      return { command, locator: readLocator(reader), stop: reader.bytes(32, "stop") };
    case "headers":
      return { command, headers: reader.vector("headers", MIN_LISTED_HEADER_BYTES, readListedHeader) };
    case "cmpheaders":
      return { command, headers: reader.vector("headers", MIN_COMPACT_HEADER_BYTES, readCompactHeader) };
    case "tx":
      return { command, tx: readTransaction(reader) };
    case "block":
      return { command, block: readBlock(reader) };
    case "merkleblock":
      return {
        command,
        header: readHeader(reader),
        transactions: reader.u32("transactions"),
        hashes: reader.vector("hashes", 32, readHash),
        flags: reader.varBytes("flags"),
      };
    case "cmpctblock":
      return readCompactBlock(reader);
    case "getblocktxn":
      return readBlockTxsRequest(reader);
    case "blocktxn":
      return {
        command,
        block: reader.bytes(32, "block") as BlockHash,
        transactions: reader.vector("transactions", MIN_TRANSACTION_BYTES, readTransaction),
      };
    case "ping":
      return { command, nonce: reader.remaining === 0 ? undefined : reader.u64("nonce") };
    case "pong":
      // One that is too short is not unreadable: it gives up the ping that it answers.
      return { command, nonce: reader.remaining < NONCE_BYTES ? undefined : reader.u64("nonce") };
    case "alert":
      return { command, message: reader.varBytes("message"), signature: reader.varBytes("signature") };
    case "filterload":
      return {
        command,
        data: reader.varBytes("data"),
        functions: reader.u32("functions"),
        tweak: reader.u32("tweak"),
        flags: reader.u8("flags"),
      };
    case "filteradd":
      return { command, data: reader.varBytes("data") };
    case "reject":
      return readReject(reader);
    default:
      return undefined;
  }
}

/** Reused by {@link payloadBytes}, which is done with it when it returns. */
const scratch = new Writer();

/** A message as it travels, without its frame. */
export function payloadBytes(message: Message): Uint8Array {
  writePayload(scratch.reset(), message);
  return scratch.copy();
}

function writePayload(writer: Writer, message: Message): void {
  switch (message.command) {
    case "version":
      return writeVersion(writer, message);
    case "verack":
    case "sendheaders":
    case "getaddr":
    case "mempool":
    case "filterclear":
      return;
    case "sendcmpct":
      writer.bool(message.announce);
      return writer.u64(message.version);
    case "addr":
      return writer.vector(message.addresses, writeTimedAddress);
    case "inv":
    case "getdata":
    case "notfound":
      return writer.vector(message.items, writeItem);
    case "getblocks":
    case "getheaders":
      writeLocator(writer, message.locator);
      return writer.bytes(message.stop);
    case "headers":
      return writer.vector(message.headers, writeListedHeader);
    case "cmpheaders":
      return writer.vector(message.headers, writeCompactHeader);
    case "tx":
      return writeTransaction(writer, message.tx);
    case "block":
      return writeBlock(writer, message.block);
    case "merkleblock":
      writeHeader(writer, message.header);
      writer.u32(message.transactions);
      writer.vector(message.hashes, writeHash);
      return writer.varBytes(message.flags);
    case "cmpctblock":
      return writeCompactBlock(writer, message);
    case "getblocktxn":
      return writeBlockTxsRequest(writer, message);
    case "blocktxn":
      writer.bytes(message.block);
      return writer.vector(message.transactions, writeTransaction);
    case "ping":
    case "pong":
      return message.nonce === undefined ? undefined : writer.u64(message.nonce);
    case "alert":
      writer.varBytes(message.message);
      return writer.varBytes(message.signature);
    case "filterload":
      writer.varBytes(message.data);
      writer.u32(message.functions);
      writer.u32(message.tweak);
      return writer.u8(message.flags);
    case "filteradd":
      return writer.varBytes(message.data);
    case "reject":
      return writeReject(writer, message);
  }
}

function readItem(reader: Reader): InventoryItem {
  const type = reader.u32("type");
  return { type, hash: reader.bytes(32, "hash") };
}

function writeItem(writer: Writer, { type, hash }: InventoryItem): void {
  writer.u32(type);
  writer.bytes(hash);
}

function readLocator(reader: Reader): Locator {
  const version = reader.i32("version");
  return { version, hashes: reader.vector("hashes", 32, readHash) as BlockHash[] };
}

function writeLocator(writer: Writer, { version, hashes }: Locator): void {
  writer.u32(version);
  writer.vector(hashes, writeHash);
}

const readHash = (reader: Reader): Uint8Array => reader.bytes(32, "hash");

const writeHash = (writer: Writer, hash: Uint8Array): void => writer.bytes(hash);

/** Whether bytes were refused because of a transaction format that nobody knows: the sender is banned for it. */
export const isUnknownFormat = (error: ParseError): boolean => error.reason === "unknownTransactionFormat";
