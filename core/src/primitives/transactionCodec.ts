import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import { readFluxnodeTx, writeFluxnodeTx } from "./fluxnodeTxCodec.ts";
import { OUTPOINT_BYTES, readOutpoint, writeOutpoint } from "./outpoint.ts";
import {
  GROTH16_JOIN_SPLIT_BYTES,
  NOTHING_SHIELDED,
  PHGR13_JOIN_SPLIT_BYTES,
  SHIELDED_OUTPUT_BYTES,
  SHIELDED_SPEND_BYTES,
  type ShieldedPart,
} from "./shielded.ts";
import {
  readGroth16JoinSplit,
  readPhgr13JoinSplit,
  readShieldedOutput,
  readShieldedSpend,
  writeDescription,
} from "./shieldedCodec.ts";
import {
  type OrdinaryTransaction,
  OVERWINTER_GROUP_ID,
  OVERWINTER_VERSION,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  type Transaction,
  type TxInput,
  type TxOutput,
  usesGroth16,
} from "./transaction.ts";

// Layouts of transactions. Source: fluxd src/primitives/transaction.h CTransaction SerializationOp.

/** Bit 31 of the first word; the others are the version. */
const OVERWINTERED_BIT = 0x8000_0000;

/** First version whose layout has joinsplits. */
const JOIN_SPLIT_VERSION = 2;

/** The shortest transaction: version and type of a FluxNode transaction of unknown type. */
export const MIN_TRANSACTION_BYTES = 5;

const MIN_INPUT_BYTES = OUTPOINT_BYTES + 1 + 4;
const MIN_OUTPUT_BYTES = 8 + 1;

/** Ends where the transaction ends. What it returns means nothing if the reader has failed. */
export function readTransaction(reader: Reader): Transaction {
  const start = reader.offset;
  const header = reader.u32("version");
  const overwintered = header >= OVERWINTERED_BIT;
  const version = overwintered ? header - OVERWINTERED_BIT : header;
  if (!overwintered && (version === 5 || version === 6)) return readFluxnodeTx(reader, version);

  const versionGroupId = overwintered ? reader.u32("versionGroupId") : 0;
  if (overwintered && !knownFormat(version, versionGroupId)) {
    reader.fail("unknownTransactionFormat", "version", start);
  }
  const inputs = reader.vector("inputs", MIN_INPUT_BYTES, readInput);
  const outputs = reader.vector("outputs", MIN_OUTPUT_BYTES, readOutput);
  const lockTime = reader.u32("lockTime");
  const expiryHeight = overwintered ? reader.u32("expiryHeight") : 0;
  const shielded = hasShieldedPart(version)
    ? readShieldedPart(reader, overwintered, version)
    : NOTHING_SHIELDED;
  return {
    kind: "ordinary",
    overwintered,
    version,
    versionGroupId,
    inputs,
    outputs,
    lockTime,
    expiryHeight,
    shielded,
  };
}

const knownFormat = (version: number, versionGroupId: number): boolean =>
  (version === OVERWINTER_VERSION && versionGroupId === OVERWINTER_GROUP_ID) ||
  (version === SAPLING_VERSION && versionGroupId === SAPLING_GROUP_ID);

/** Overwintered versions are 3 and 4, so every one of them has it. */
const hasShieldedPart = (version: number): boolean => version >= JOIN_SPLIT_VERSION;

const hasSaplingPart = (overwintered: boolean, version: number): boolean =>
  overwintered && version === SAPLING_VERSION;

function readInput(reader: Reader): TxInput {
  const prevout = readOutpoint(reader, "prevout");
  const scriptSig = reader.varBytes("scriptSig");
  return { prevout, scriptSig, sequence: reader.u32("sequence") };
}

function readOutput(reader: Reader): TxOutput {
  const value = reader.i64("value");
  return { value, scriptPubKey: reader.varBytes("scriptPubKey") };
}

function readShieldedPart(reader: Reader, overwintered: boolean, version: number): ShieldedPart {
  const sapling = hasSaplingPart(overwintered, version);
  const valueBalance = sapling ? reader.i64("valueBalance") : 0n;
  const spends = sapling ? reader.vector("spends", SHIELDED_SPEND_BYTES, readShieldedSpend) : [];
  const outputs = sapling ? reader.vector("shieldedOutputs", SHIELDED_OUTPUT_BYTES, readShieldedOutput) : [];
  const joinSplits = usesGroth16(overwintered, version)
    ? reader.vector("joinSplits", GROTH16_JOIN_SPLIT_BYTES, readGroth16JoinSplit)
    : reader.vector("joinSplits", PHGR13_JOIN_SPLIT_BYTES, readPhgr13JoinSplit);
  const bound = spends.length > 0 || outputs.length > 0;
  if (valueBalance === 0n && !bound && joinSplits.length === 0) return NOTHING_SHIELDED;
  return {
    valueBalance,
    spends,
    outputs,
    joinSplits,
    joinSplitPubKey: reader.bytes(joinSplits.length > 0 ? 32 : 0, "joinSplitPubKey"),
    joinSplitSig: reader.bytes(joinSplits.length > 0 ? 64 : 0, "joinSplitSig"),
    bindingSig: reader.bytes(bound ? 64 : 0, "bindingSig"),
  };
}

/** The whole transaction in its canonical form, signatures included. */
export function writeTransaction(writer: Writer, tx: Transaction): void {
  if (tx.kind === "ordinary") writeOrdinary(writer, tx);
  else writeFluxnodeTx(writer, tx, true);
}

/** The bytes whose SHA256d is the id. */
export function writeTxidPreimage(writer: Writer, tx: Transaction): void {
  if (tx.kind === "ordinary") writeOrdinary(writer, tx);
  else writeFluxnodeTx(writer, tx, false);
}

function writeOrdinary(writer: Writer, tx: OrdinaryTransaction): void {
  writer.u32(tx.overwintered ? tx.version + OVERWINTERED_BIT : tx.version);
  if (tx.overwintered) writer.u32(tx.versionGroupId);
  writer.vector(tx.inputs, writeInput);
  writer.vector(tx.outputs, writeOutput);
  writer.u32(tx.lockTime);
  if (tx.overwintered) writer.u32(tx.expiryHeight);
  if (hasShieldedPart(tx.version)) writeShieldedPart(writer, tx);
}

/** An input as it is on the wire. */
export function writeInput(writer: Writer, input: TxInput): void {
  writeOutpoint(writer, input.prevout);
  writer.varBytes(input.scriptSig);
  writer.u32(input.sequence);
}

/** An output as it is on the wire, and as signature hashes take it. */
export function writeOutput(writer: Writer, output: TxOutput): void {
  writer.i64(output.value);
  writer.varBytes(output.scriptPubKey);
}

function writeShieldedPart(writer: Writer, { overwintered, version, shielded }: OrdinaryTransaction): void {
  if (hasSaplingPart(overwintered, version)) {
    writer.i64(shielded.valueBalance);
    writer.vector(shielded.spends, writeDescription);
    writer.vector(shielded.outputs, writeDescription);
  }
  writer.vector(shielded.joinSplits, writeDescription);
  writer.bytes(shielded.joinSplitPubKey);
  writer.bytes(shielded.joinSplitSig);
  writer.bytes(shielded.bindingSig);
}
