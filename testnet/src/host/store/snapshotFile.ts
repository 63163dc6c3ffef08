import { createHash } from "node:crypto";
import {
  displayHash,
  equalBytes,
  type Foundation,
  type Params,
  ParseError,
  parseFoundation,
  Reader,
  rulesId,
  type SharedChain,
  Writer,
  writeFoundation,
} from "@fluxlab/core";
import type { BlockPlace } from "./blockFiles.ts";
import type { StoreFolder } from "./storeFolder.ts";

// One file: heading, what it belongs to, where the blocks lie that it speaks of, what chains stand on, and a checksum over all.

export const SNAPSHOT = "chains.snapshot";

/** The last character is the version: of another one, blocks are read instead. */
const HEADING = new Uint8Array(Buffer.from("fluxlab chains 1"));
const CHECKSUM_BYTES = 32;
/** Bytes that are gathered before they are written. */
const PIECE = 1024 * 1024;
const WORD = 2 ** 32;

/** Chains as they were, and where to go on reading blocks. */
export interface Snapshot {
  readonly foundation: Foundation;
  /** By height from 1 to the root's: where the block lies. */
  readonly places: Float64Array;
  /** The place of the first block that the chains need besides. */
  readonly replayFrom: BlockPlace;
}

const place = (writer: Writer, value: BlockPlace): void => {
  writer.u32(Math.floor(value / WORD));
  writer.u32(value % WORD);
};
const readPlace = (reader: Reader): BlockPlace => reader.u32("file") * WORD + reader.u32("place");

/** Writes what the chain stands on in the place of the snapshot before. `placeOf`: by row of the tree. Bytes written. */
export function writeSnapshot(
  folder: StoreFolder,
  chain: SharedChain,
  placeOf: (row: number) => BlockPlace,
  replayFrom: BlockPlace,
): number {
  const { tree, params } = chain;
  let end = 0;
  folder.replaceBy(SNAPSHOT, (file) => {
    const writer = new Writer();
    const hash = createHash("sha256");
    const flush = (): void => {
      hash.update(writer.view());
      file.write(end, writer.view());
      end += writer.length;
      writer.reset();
    };
    const spill = (): void => {
      if (writer.length >= PIECE) flush();
    };
    writer.bytes(HEADING);
    writer.bytes(displayHash(params.genesis.hash));
    writer.bytes(Buffer.from(rulesId(params), "hex"));
    place(writer, replayFrom);
    const height = tree.height(tree.root);
    writer.u32(height);
    for (let at = 1; at <= height; at++) {
      place(writer, placeOf(tree.ancestor(tree.root, at)));
      spill();
    }
    writeFoundation(writer, chain, spill);
    flush();
    file.write(end, hash.digest());
    end += CHECKSUM_BYTES;
  });
  return end;
}

/** The snapshot of a folder; why it is of no use, as text; undefined if there is none. */
export function readSnapshot(folder: StoreFolder, params: Params): Snapshot | string | undefined {
  const bytes = folder.bytes(SNAPSHOT);
  if (bytes === undefined) return undefined;
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  const reader = new Reader(body);
  const heading = reader.bytes(HEADING.length, "heading");
  if (!equalBytes(heading, HEADING)) return "it was written by another version of this program";
  if (!equalBytes(createHash("sha256").update(body).digest(), bytes.subarray(-CHECKSUM_BYTES)))
    return "it is damaged";
  if (!equalBytes(reader.bytes(32, "genesis"), displayHash(params.genesis.hash)))
    return "it is of another network";
  if (!equalBytes(reader.bytes(32, "rules"), Buffer.from(rulesId(params), "hex")))
    return "it was made under other rules";
  const replayFrom = readPlace(reader);
  const places = new Float64Array(reader.u32("height"));
  for (let at = 0; at < places.length; at++) places[at] = readPlace(reader);
  const foundation = parseFoundation(body.subarray(reader.offset));
  return foundation instanceof ParseError
    ? `it cannot be read (${foundation})`
    : { foundation, places, replayFrom };
}
