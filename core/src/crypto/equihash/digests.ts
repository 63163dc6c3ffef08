import { blake2b } from "@noble/hashes/blake2.js";
import { Writer } from "../../bytes/writer.ts";
import { assert } from "../../util/assert.ts";
import { expandBits } from "./packing.ts";
import type { EquihashShape } from "./params.ts";

/** Digests in one group of the twist. */
const TWIST_GROUP = 16;

/** The digests of ZelHash have no use for the last three of 128 bits. */
const TWIST_MASK = 0xf8;

/** Longest input: a header without its solution has 140 bytes; the rest is room for experiments. */
export const MAX_EQUIHASH_INPUT_BYTES = 256;

/**
 * The hashes that one input (a header up to and with its nonce) is a list of. Pure TypeScript, readable beside the
 * specification; WebAssembly does the same many times as fast. Source: fluxd src/crypto/equihash.cpp GenerateHash.
 */
export class EquihashDigests {
  readonly #shape: EquihashShape;
  /** Hasher that has read the input. */
  readonly #base: ReturnType<typeof blake2b.create>;
  readonly #worker: ReturnType<typeof blake2b.create>;

  constructor(shape: EquihashShape, input: Uint8Array) {
    assert(input.length <= MAX_EQUIHASH_INPUT_BYTES, `an input has ${input.length} bytes`);
    const options = { dkLen: shape.digestBytes, personalization: personalisationBytes(shape) };
    this.#shape = shape;
    this.#base = blake2b.create(options).update(input);
    this.#worker = blake2b.create(options);
  }

  /** Digest number `group`, which holds sub-hashes from `group` * hashesPerDigest on. */
  digest(group: number): Uint8Array {
    return this.#shape.twisted ? this.#twistedDigest(group) : this.#plainDigest(group);
  }

  /** Sub-hash number `index`, cut into cells of c bits, each in whole bytes. */
  row(index: number): Uint8Array {
    const { hashesPerDigest, subHashBytes, collisionBits } = this.#shape;
    const start = (index % hashesPerDigest) * subHashBytes;
    const digest = this.digest(Math.floor(index / hashesPerDigest));
    return expandBits(digest.subarray(start, start + subHashBytes), collisionBits);
  }

  /** All rows from 0 on, 2^indexBits of them: for solving small sets. */
  allRows(): Uint8Array[] {
    const { hashesPerDigest, subHashBytes, collisionBits, indexBits } = this.#shape;
    const count = 1 << indexBits;
    const rows: Uint8Array[] = [];
    for (let group = 0; rows.length < count; group++) {
      const digest = this.digest(group);
      for (let i = 0; i < hashesPerDigest && rows.length < count; i++) {
        rows.push(expandBits(digest.subarray(i * subHashBytes, (i + 1) * subHashBytes), collisionBits));
      }
    }
    return rows;
  }

  #plainDigest(group: number): Uint8Array {
    return this.#base._cloneInto(this.#worker).update(u32Bytes(group)).digest();
  }

  /** The word-wise sum of the digests of the group from its start up to this one, without the bits nobody reads. */
  #twistedDigest(group: number): Uint8Array {
    const first = group - (group % TWIST_GROUP);
    const sum = this.#plainDigest(first);
    const words = new DataView(sum.buffer);
    for (let each = first + 1; each <= group; each++) {
      const term = new DataView(this.#plainDigest(each).buffer);
      for (let at = 0; at < sum.length; at += 4) {
        words.setUint32(at, words.getUint32(at, true) + term.getUint32(at, true), true);
      }
    }
    for (let last = 15; last < sum.length; last += 16) sum[last]! &= TWIST_MASK;
    return sum;
  }
}

const u32Bytes = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

/** 8 ASCII bytes, then n and k. Source: fluxd src/crypto/equihash.cpp Equihash::InitialiseState. */
function personalisationBytes({ personalisation, n, k }: EquihashShape): Uint8Array {
  const writer = new Writer();
  for (let i = 0; i < personalisation.length; i++) writer.u8(personalisation.charCodeAt(i));
  writer.u32(n);
  writer.u32(k);
  return writer.copy();
}
