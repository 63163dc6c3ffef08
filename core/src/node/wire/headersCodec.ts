import type { Reader } from "../../bytes/reader.ts";
import type { Writer } from "../../bytes/writer.ts";
import {
  type BlockHeader,
  blockHash,
  HEADER_COMMON_BYTES,
  PON_VERSION,
  readHeader,
  readHeaderCommon,
  writeHeader,
  writeHeaderCommon,
} from "../../primitives/header.ts";
import type { BlockHash } from "../../primitives/ids.ts";
import { readOutpoint, writeOutpoint } from "../../primitives/outpoint.ts";
import type { CompactHeader } from "../messages.ts";

// Headers as they follow one another in `headers` and `cmpheaders`.

/** The shortest entry of `headers`: a proof-of-work header with an empty solution, and its count of transactions. */
export const MIN_LISTED_HEADER_BYTES = HEADER_COMMON_BYTES + 32 + 1 + 1;

/** A header, and the count of transactions of a block that brings none; fluxd does not look at the number. */
export function readListedHeader(reader: Reader): BlockHeader {
  const header = readHeader(reader);
  reader.compactSize("transactions");
  return header;
}

/** The reverse of {@link readListedHeader}. */
export function writeListedHeader(writer: Writer, header: BlockHeader): void {
  writeHeader(writer, header);
  writer.compactSize(0);
}

/** The shortest entry of `cmpheaders`: a proof-of-node header with an empty signature. */
export const MIN_COMPACT_HEADER_BYTES = HEADER_COMMON_BYTES + 36 + 1;

/**
 * A proof-of-work header brings its hash, which cannot be checked without the solution; for proof of node it is computed.
 * Source: fluxd src/primitives/block.h CCompactBlockHeader.
 */
export function readCompactHeader(reader: Reader): CompactHeader {
  const common = readHeaderCommon(reader);
  if (common.version >= PON_VERSION) {
    const collateral = readOutpoint(reader, "collateral");
    const header = { kind: "pon" as const, ...common, collateral, signature: reader.varBytes("signature") };
    return { ...header, hash: blockHash(header) };
  }
  const nonce = reader.bytes(32, "nonce");
  return { kind: "pow", ...common, nonce, hash: reader.bytes(32, "hash") as BlockHash };
}

/** The reverse of {@link readCompactHeader}. */
export function writeCompactHeader(writer: Writer, header: CompactHeader): void {
  writeHeaderCommon(writer, header);
  if (header.kind === "pon") {
    writeOutpoint(writer, header.collateral);
    writer.varBytes(header.signature);
  } else {
    writer.bytes(header.nonce);
    writer.bytes(header.hash);
  }
}
