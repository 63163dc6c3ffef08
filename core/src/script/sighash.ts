import { blake2b256, personalisation, sha256d } from "../bytes/hash.ts";
import { Writer } from "../bytes/writer.ts";
import { writeOutpoint } from "../primitives/outpoint.ts";
import { SHIELDED_SPEND_SIGNED_BYTES } from "../primitives/shielded.ts";
import { isSaplingFormat, type OrdinaryTransaction } from "../primitives/transaction.ts";
import { writeOutput } from "../primitives/transactionCodec.ts";

// What a signature signs. Source: fluxd src/script/interpreter.cpp SignatureHash; ZIP 143, ZIP 243.

/** Hash types: what of the transaction a signature commits to. */
export const SIGHASH = {
  ALL: 1,
  NONE: 2,
  SINGLE: 3,
  /** Added to one of the others: the other inputs are not signed. */
  ANYONE_CAN_PAY: 0x80,
} as const;

/** Bits of a hash type that select NONE or SINGLE; all other values mean ALL. */
const BASE_MASK = 0x1f;

const PERSONAL = {
  prevouts: personalisation("ZcashPrevoutHash"),
  sequences: personalisation("ZcashSequencHash"),
  outputs: personalisation("ZcashOutputsHash"),
  joinSplits: personalisation("ZcashJSplitsHash"),
  spends: personalisation("ZcashSSpendsHash"),
  shieldedOutputs: personalisation("ZcashSOutputHash"),
} as const;

const SIGHASH_PREFIX = "ZcashSigHash";
const JOIN_SPLIT_VERSION = 2;
const JOIN_SPLIT_SIG_BYTES = 64;
const OVERWINTERED_BIT = 0x8000_0000;
const ZERO_DIGEST = new Uint8Array(32);
const NO_BYTES = new Uint8Array(0);

/** Of an output that SINGLE blanks: value -1, no script. */
const BLANK_OUTPUT = { value: -1n, scriptPubKey: NO_BYTES };

/** The input a signature is for, and what it spends. */
export interface SignedInput {
  readonly index: number;
  /** The script being run: scriptPubKey, or the redeem script of a P2SH output. */
  readonly scriptCode: Uint8Array;
  /** Value of the output it spends, satoshi. Only overwintered formats commit to it. */
  readonly amount: bigint;
}

/**
 * Signature hashes of one transaction. The parts that all inputs share are hashed once, when first needed, so n inputs
 * of an overwintered transaction take time in proportion to n; the older format hashes everything anew for each.
 */
export class SignatureHasher {
  readonly tx: OrdinaryTransaction;
  readonly #branchId: number;
  readonly #writer: Writer;
  #personal: Uint8Array | undefined;
  #prevouts: Uint8Array | undefined;
  #sequences: Uint8Array | undefined;
  #outputs: Uint8Array | undefined;
  #shielded: Uint8Array | undefined;

  /** `branchId`: of the block that contains `tx`, or of the next block. Only overwintered formats commit to it. */
  constructor(tx: OrdinaryTransaction, branchId: number) {
    this.tx = tx;
    this.#branchId = branchId;
    this.#writer = new Writer();
    this.#personal = undefined;
    this.#prevouts = undefined;
    this.#sequences = undefined;
    this.#outputs = undefined;
    this.#shielded = undefined;
  }

  /**
   * The digest that a transparent input's signature signs. `hashType` is an i32, all bits of which are committed to.
   * Undefined where the older format has none: SINGLE without an output of that index. A signature is then not valid.
   */
  digest(input: SignedInput, hashType: number): Uint8Array | undefined {
    return this.tx.overwintered ? this.#overwintered(input, hashType) : this.#original(input, hashType);
  }

  /** The digest that joinsplit, spend and binding signatures sign: ALL, without an input. */
  shieldedDigest(): Uint8Array {
    // Without an input index every input of the older format is written with an empty script: there is always a digest.
    return this.tx.overwintered
      ? this.#overwintered(undefined, SIGHASH.ALL)
      : this.#original(undefined, SIGHASH.ALL)!;
  }

  /** Versions 1 and 2. Source: fluxd src/script/interpreter.cpp CTransactionSignatureSerializer. */
  #original(signed: SignedInput | undefined, hashType: number): Uint8Array | undefined {
    const { tx } = this;
    const base = hashType & BASE_MASK;
    const index = signed?.index ?? -1;
    if (base === SIGHASH.SINGLE && index >= tx.outputs.length) return undefined;
    const writer = this.#writer.reset();
    writer.u32(tx.version);
    const only = (hashType & SIGHASH.ANYONE_CAN_PAY) !== 0;
    const first = only ? index : 0;
    const end = only ? index + 1 : tx.inputs.length;
    writer.compactSize(end - first);
    const othersSequence = base !== SIGHASH.NONE && base !== SIGHASH.SINGLE;
    for (let i = first; i < end; i++) {
      const input = tx.inputs[i]!;
      writeOutpoint(writer, input.prevout);
      writer.varBytes(i === index ? signed!.scriptCode : NO_BYTES);
      writer.u32(i === index || othersSequence ? input.sequence : 0);
    }
    this.#writeOriginalOutputs(writer, base, index);
    writer.u32(tx.lockTime);
    this.#writeOriginalJoinSplits(writer);
    writer.u32(hashType);
    return sha256d(writer.view());
  }

  #writeOriginalOutputs(writer: Writer, base: number, index: number): void {
    const { outputs } = this.tx;
    let count = outputs.length;
    if (base === SIGHASH.NONE) count = 0;
    else if (base === SIGHASH.SINGLE) count = index + 1;
    writer.compactSize(count);
    for (let i = 0; i < count; i++) {
      writeOutput(writer, base === SIGHASH.SINGLE && i !== index ? BLANK_OUTPUT : outputs[i]!);
    }
  }

  #writeOriginalJoinSplits(writer: Writer): void {
    const { version, shielded } = this.tx;
    if (version < JOIN_SPLIT_VERSION) return;
    writer.compactSize(shielded.joinSplits.length);
    if (shielded.joinSplits.length === 0) return;
    for (const joinSplit of shielded.joinSplits) writer.bytes(joinSplit);
    writer.bytes(shielded.joinSplitPubKey);
    writer.bytes(new Uint8Array(JOIN_SPLIT_SIG_BYTES));
  }

  /** ZIP 143 for version 3, ZIP 243 for version 4. */
  #overwintered(signed: SignedInput | undefined, hashType: number): Uint8Array {
    const { tx } = this;
    const base = hashType & BASE_MASK;
    const single = base === SIGHASH.SINGLE;
    const none = base === SIGHASH.NONE;
    const alone = (hashType & SIGHASH.ANYONE_CAN_PAY) !== 0;
    // The digests of shared parts go first: they use the writer too.
    const prevouts = alone ? ZERO_DIGEST : this.#hashPrevouts();
    const sequences = alone || single || none ? ZERO_DIGEST : this.#hashSequences();
    const outputs = this.#hashOutputs(single, none, signed?.index);
    const shielded = this.#shieldedDigests();

    const writer = this.#writer.reset();
    writer.u32(tx.version + OVERWINTERED_BIT);
    writer.u32(tx.versionGroupId);
    writer.bytes(prevouts);
    writer.bytes(sequences);
    writer.bytes(outputs);
    writer.bytes(shielded);
    writer.u32(tx.lockTime);
    writer.u32(tx.expiryHeight);
    if (isSaplingFormat(tx)) writer.i64(tx.shielded.valueBalance);
    writer.u32(hashType);
    if (signed !== undefined) {
      const input = tx.inputs[signed.index]!;
      writeOutpoint(writer, input.prevout);
      writer.varBytes(signed.scriptCode);
      writer.i64(signed.amount);
      writer.u32(input.sequence);
    }
    return blake2b256(writer.view(), this.#personalisation());
  }

  #personalisation(): Uint8Array {
    if (this.#personal === undefined) {
      const personal = new Uint8Array(16);
      for (let i = 0; i < SIGHASH_PREFIX.length; i++) personal[i] = SIGHASH_PREFIX.charCodeAt(i);
      new DataView(personal.buffer).setUint32(SIGHASH_PREFIX.length, this.#branchId, true);
      this.#personal = personal;
    }
    return this.#personal;
  }

  /** Digest of what `write` writes. */
  #hash(personal: Uint8Array, write: (writer: Writer) => void): Uint8Array {
    const writer = this.#writer.reset();
    write(writer);
    return blake2b256(writer.view(), personal);
  }

  #hashPrevouts(): Uint8Array {
    this.#prevouts ??= this.#hash(PERSONAL.prevouts, (writer) => {
      for (const { prevout } of this.tx.inputs) writeOutpoint(writer, prevout);
    });
    return this.#prevouts;
  }

  #hashSequences(): Uint8Array {
    this.#sequences ??= this.#hash(PERSONAL.sequences, (writer) => {
      for (const { sequence } of this.tx.inputs) writer.u32(sequence);
    });
    return this.#sequences;
  }

  /** All of them, or one, or none; zeros for none and for SINGLE without an output of that index. */
  #hashOutputs(single: boolean, none: boolean, index: number | undefined): Uint8Array {
    const { outputs } = this.tx;
    if (none) return ZERO_DIGEST;
    if (single) {
      const output = index === undefined ? undefined : outputs[index];
      return output === undefined
        ? ZERO_DIGEST
        : this.#hash(PERSONAL.outputs, (writer) => writeOutput(writer, output));
    }
    this.#outputs ??= this.#hash(PERSONAL.outputs, (writer) => {
      for (const output of outputs) writeOutput(writer, output);
    });
    return this.#outputs;
  }

  /** The digest of the joinsplits and, in version 4, those of spends and outputs: 32 bytes each, zeros for what is absent. */
  #shieldedDigests(): Uint8Array {
    this.#shielded ??= this.#hashShielded();
    return this.#shielded;
  }

  #hashShielded(): Uint8Array {
    const { joinSplits, joinSplitPubKey, spends, outputs } = this.tx.shielded;
    const digests = new Uint8Array(isSaplingFormat(this.tx) ? 96 : 32);
    const joinSplitParts = joinSplits.length === 0 ? [] : [...joinSplits, joinSplitPubKey];
    // A spend is signed without its own signature, which comes last.
    const signedSpends = spends.map((spend) => spend.subarray(0, SHIELDED_SPEND_SIGNED_BYTES));
    this.#putDigest(digests, 0, PERSONAL.joinSplits, joinSplitParts);
    if (digests.length > 32) {
      this.#putDigest(digests, 32, PERSONAL.spends, signedSpends);
      this.#putDigest(digests, 64, PERSONAL.shieldedOutputs, outputs);
    }
    return digests;
  }

  /** Leaves zeros if there are no parts. */
  #putDigest(target: Uint8Array, at: number, personal: Uint8Array, parts: readonly Uint8Array[]): void {
    if (parts.length === 0) return;
    const digest = this.#hash(personal, (writer) => {
      for (const part of parts) writer.bytes(part);
    });
    target.set(digest, at);
  }
}
