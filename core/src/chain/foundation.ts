import type { ParseError } from "../bytes/parseError.ts";
import { parseWhole, Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import { type Block, blockBytes, readBlock, writeBlock } from "../primitives/block.ts";
import { type BlockHeader, readHeader, writeHeader } from "../primitives/header.ts";
import type { BaseState } from "../state/base.ts";
import { readState, writeState } from "../state/stateCodec.ts";
import type { SharedChain } from "./sharedChain.ts";

/**
 * What folded chains stand on, as a disk or another process keeps it: enough to go on from the root without any block below it. The
 * state is the one before the root's block, which is connected once more when chains are put on it: that shows whether both belong
 * together, and gives the root what all connected blocks have.
 */
export interface Foundation {
  /** Between genesis and the root, lowest first. */
  readonly headers: readonly BlockHeader[];
  /** The block at the root. */
  readonly root: Block;
  /** Taken over by the chains that are put on it. */
  readonly before: BaseState;
}

/** Writes what the chain stands on. `spill` as for `writeState`. */
export function writeFoundation(writer: Writer, chain: SharedChain, spill: () => void): void {
  const { tree } = chain;
  const height = tree.height(tree.root);
  writer.u32(height);
  for (let at = 1; at < height; at++) {
    writeHeader(writer, tree.header(tree.ancestor(tree.root, at)));
    spill();
  }
  chain.atRoot((before, root) => {
    writeBlock(writer, root);
    writeState(writer, before, spill);
  });
}

/** The reverse of {@link writeFoundation}. */
export const parseFoundation = (bytes: Uint8Array): Foundation | ParseError =>
  parseWhole(bytes, readFoundation);

function readFoundation(reader: Reader): Foundation {
  const height = reader.u32("height");
  const headers: BlockHeader[] = [];
  while (headers.length < height - 1 && !reader.failed) headers.push(readHeader(reader));
  // What is read are views of all bytes; the chains keep the root's block, and not those.
  const root = readBlock(new Reader(blockBytes(readBlock(reader))));
  return { headers, root, before: readState(reader) };
}
