import { sha256d } from "../bytes/hash.ts";
import type { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { BlockHash, ContentId } from "./ids.ts";
import { type Outpoint, readOutpoint, writeOutpoint } from "./outpoint.ts";

// Block headers. The version alone decides the form. Source: fluxd src/primitives/block.h CBlockHeader.

/** What headers of both proofs begin with. */
export interface HeaderCommon {
  /** i32 */
  readonly version: number;
  readonly previousHash: Uint8Array;
  readonly merkleRoot: Uint8Array;
  /** Root of the Sapling note tree after the block; unconstrained before Acadia. */
  readonly saplingRoot: Uint8Array;
  /** Unix seconds, u32. */
  readonly time: number;
  /** Compact target (nBits), u32. */
  readonly bits: number;
}

/** Header of a proof-of-work block. */
export interface PowHeader extends HeaderCommon {
  readonly kind: "pow";
  /** 32 bytes. */
  readonly nonce: Uint8Array;
  /** Equihash solution. */
  readonly solution: Uint8Array;
}

/** Header of a proof-of-node block. */
export interface PonHeader extends HeaderCommon {
  readonly kind: "pon";
  /** Collateral of the producing FluxNode. */
  readonly collateral: Outpoint;
  /** DER signature of the block hash, or {@link isEmergencyHeader}'s list of them. Not part of the hash. */
  readonly signature: Uint8Array;
}

/** A header of either proof. */
export type BlockHeader = PowHeader | PonHeader;

/** From this version (signed) on a header is a proof-of-node one. Source: fluxd src/primitives/block.h PON_VERSION. */
export const PON_VERSION = 100;

/** Bytes of {@link HeaderCommon}. */
export const HEADER_COMMON_BYTES = 4 + 3 * 32 + 4 + 4;

/** What the two forms share, here and in compact headers. */
export const readHeaderCommon = (reader: Reader): HeaderCommon => ({
  version: reader.i32("version"),
  previousHash: reader.bytes(32, "previousHash"),
  merkleRoot: reader.bytes(32, "merkleRoot"),
  saplingRoot: reader.bytes(32, "saplingRoot"),
  time: reader.u32("time"),
  bits: reader.u32("bits"),
});

/** The reverse of {@link readHeaderCommon}. */
export function writeHeaderCommon(writer: Writer, header: HeaderCommon): void {
  writer.u32(header.version);
  writer.bytes(header.previousHash);
  writer.bytes(header.merkleRoot);
  writer.bytes(header.saplingRoot);
  writer.u32(header.time);
  writer.u32(header.bits);
}

/** Ends where the header ends. What it returns means nothing if the reader has failed. */
export function readHeader(reader: Reader): BlockHeader {
  // Spelled out: one shape a kind, however many headers a process holds.
  const { version, previousHash, merkleRoot, saplingRoot, time, bits } = readHeaderCommon(reader);
  if (version >= PON_VERSION) {
    const collateral = readOutpoint(reader, "collateral");
    const signature = reader.varBytes("signature");
    return { kind: "pon", version, previousHash, merkleRoot, saplingRoot, time, bits, collateral, signature };
  }
  const nonce = reader.bytes(32, "nonce");
  const solution = reader.varBytes("solution");
  return { kind: "pow", version, previousHash, merkleRoot, saplingRoot, time, bits, nonce, solution };
}

/** The whole header, a producer's signature included. */
export function writeHeader(writer: Writer, header: BlockHeader): void {
  writeHashedPart(writer, header);
  if (header.kind === "pon") writer.varBytes(header.signature);
}

/** What the block hash covers: everything, but for the signature of a proof-of-node header. */
function writeHashedPart(writer: Writer, header: BlockHeader): void {
  writeHeaderCommon(writer, header);
  if (header.kind === "pon") {
    writeOutpoint(writer, header.collateral);
  } else {
    writer.bytes(header.nonce);
    writer.varBytes(header.solution);
  }
}

/** Reused by the functions below, each of which is done with it when it returns. */
const scratch = new Writer();

/** Source: fluxd src/primitives/block.cpp CBlockHeader::GetHash. */
export function blockHash(header: BlockHeader): BlockHash {
  writeHashedPart(scratch.reset(), header);
  return sha256d(scratch.view()) as BlockHash;
}

/** Tells apart headers that share a block hash and differ in the producer's signature. */
export function headerContentId(header: BlockHeader): ContentId {
  writeHeader(scratch.reset(), header);
  return sha256d(scratch.view()) as ContentId;
}

/** Bytes of a proof-of-work header up to and with its nonce. */
const EQUIHASH_INPUT_BYTES = 140;

/** What an Equihash solution is for: all but the solution. Source: fluxd src/pow.cpp CheckEquihashSolution. */
export function equihashInput(header: PowHeader): Uint8Array {
  writeHashedPart(scratch.reset(), header);
  return scratch.copy().subarray(0, EQUIHASH_INPUT_BYTES);
}

/**
 * Whether the header is signed by emergency keys instead of a FluxNode. `marker` is the collateral txid that says so, wire
 * order. Source: fluxd src/emergencyblock.cpp IsEmergencyBlock.
 */
export const isEmergencyHeader = (header: BlockHeader, marker: Uint8Array): header is PonHeader =>
  header.kind === "pon" &&
  header.collateral.index === 0 &&
  header.collateral.txid.every((byte, i) => byte === marker[i]);
