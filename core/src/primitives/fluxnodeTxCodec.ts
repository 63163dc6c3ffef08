import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import {
  DELEGATES_UPDATE,
  DELEGATES_VERSION,
  type Delegates,
  FLUXNODE_CONFIRM,
  FLUXNODE_START,
  type FluxnodeConfirm,
  type FluxnodeStart,
  type FluxnodeTransaction,
  type FluxnodeVersion,
  fluxTxFlags,
  publicKeySize,
} from "./fluxnodeTx.ts";
import { NULL_OUTPOINT, readOutpoint, writeOutpoint } from "./outpoint.ts";

// Layouts of FluxNode transactions, after the version word. Source: fluxd src/primitives/transaction.h CTransaction.

const NO_BYTES = new Uint8Array(0);

/** Room fluxd has for a key; longer ones are skipped and read as invalid. Source: fluxd src/pubkey.h. */
const MAX_PUBLIC_KEY_BYTES = 65;

/**
 * A public key in the form it is written again: cut to the size its first byte calls for, empty if that is no key.
 * Source: fluxd src/pubkey.h CPubKey::Unserialize.
 */
export function readPublicKey(reader: Reader, field: string): Uint8Array {
  const start = reader.offset;
  const bytes = reader.varBytes(field);
  if (bytes.length > MAX_PUBLIC_KEY_BYTES) return NO_BYTES;
  const size = publicKeySize(bytes[0]);
  if (bytes.length < size) reader.fail("publicKeyTooShort", field, start);
  return bytes.length === size ? bytes : bytes.subarray(0, size);
}

/** What follows the version in a FluxNode transaction. Of a type fluxd does not know nothing follows. */
export function readFluxnodeTx(reader: Reader, version: FluxnodeVersion): FluxnodeTransaction {
  const type = reader.i8("type");
  if (type === FLUXNODE_START) return readStart(reader, version);
  if (type === FLUXNODE_CONFIRM) return readConfirm(reader, version);
  return { kind: "fluxnodeUnknown", version, type };
}

function readStart(reader: Reader, version: FluxnodeVersion): FluxnodeStart {
  const fluxTxVersion = version === 6 ? reader.i32("fluxTxVersion") : 0;
  const layout = startLayout(version, fluxTxVersion);
  const hasBody = layout !== "none";
  const p2sh = layout === "p2sh";
  return {
    kind: "fluxnodeStart",
    version,
    fluxTxVersion,
    collateral: hasBody ? readOutpoint(reader, "collateral") : NULL_OUTPOINT,
    collateralPubkey: hasBody && !p2sh ? readPublicKey(reader, "collateralPubkey") : NO_BYTES,
    pubkey: hasBody ? readPublicKey(reader, "pubkey") : NO_BYTES,
    redeemScript: p2sh ? reader.varBytes("redeemScript") : NO_BYTES,
    sigTime: hasBody ? reader.u32("sigTime") : 0,
    sig: hasBody ? reader.varBytes("sig") : NO_BYTES,
    delegates: fluxTxFlags(fluxTxVersion).delegates ? readDelegates(reader) : undefined,
  };
}

/** Which fields a START has between fluxTxVersion and the delegates. Both bits set is written in the P2SH layout. */
function startLayout(version: FluxnodeVersion, fluxTxVersion: number): "normal" | "p2sh" | "none" {
  if (version === 5) return "normal";
  const flags = fluxTxFlags(fluxTxVersion);
  if (flags.p2sh || flags.conflicting) return "p2sh";
  return flags.normal ? "normal" : "none";
}

/** Source: fluxd src/primitives/transaction.h CFluxnodeDelegates SerializationOp. */
export function readDelegates(reader: Reader): Delegates {
  const using = reader.bool("delegates.using");
  const version = using ? reader.i8("delegates.version") : 0;
  const type = using ? reader.i8("delegates.type") : 0;
  const keys = carriesKeys(version, type) ? reader.vector("delegates.keys", 1, readDelegateKey) : [];
  return { using, version, type, keys };
}

const readDelegateKey = (reader: Reader): Uint8Array => readPublicKey(reader, "key");

const carriesKeys = (version: number, type: number): boolean =>
  version === DELEGATES_VERSION && type === DELEGATES_UPDATE;

function readConfirm(reader: Reader, version: FluxnodeVersion): FluxnodeConfirm {
  return {
    kind: "fluxnodeConfirm",
    version,
    collateral: readOutpoint(reader, "collateral"),
    sigTime: reader.u32("sigTime"),
    benchmarkTier: reader.i8("benchmarkTier"),
    benchmarkSigTime: reader.u32("benchmarkSigTime"),
    updateType: reader.i8("updateType"),
    ip: reader.varBytes("ip"),
    sig: reader.varBytes("sig"),
    benchmarkSig: reader.varBytes("benchmarkSig"),
  };
}

/** Without `signatures` it writes what the id covers: `sig` and `benchmarkSig` are left out, lengths included. */
export function writeFluxnodeTx(writer: Writer, tx: FluxnodeTransaction, signatures: boolean): void {
  writer.u32(tx.version);
  if (tx.kind === "fluxnodeStart") writeStart(writer, tx, signatures);
  else if (tx.kind === "fluxnodeConfirm") writeConfirm(writer, tx, signatures);
  else writer.u8(tx.type);
}

function writeStart(writer: Writer, tx: FluxnodeStart, signatures: boolean): void {
  const layout = startLayout(tx.version, tx.fluxTxVersion);
  writer.u8(FLUXNODE_START);
  if (tx.version === 6) writer.u32(tx.fluxTxVersion);
  if (layout !== "none") {
    writeOutpoint(writer, tx.collateral);
    if (layout === "normal") writer.varBytes(tx.collateralPubkey);
    writer.varBytes(tx.pubkey);
    if (layout === "p2sh") writer.varBytes(tx.redeemScript);
    writer.u32(tx.sigTime);
    if (signatures) writer.varBytes(tx.sig);
  }
  if (tx.delegates !== undefined) writeDelegates(writer, tx.delegates);
}

/** The last field of a start transaction; the keys follow only where carriesKeys says so. */
export function writeDelegates(writer: Writer, delegates: Delegates): void {
  writer.bool(delegates.using);
  if (!delegates.using) return;
  writer.u8(delegates.version);
  writer.u8(delegates.type);
  if (carriesKeys(delegates.version, delegates.type)) writer.vector(delegates.keys, writeDelegateKey);
}

const writeDelegateKey = (writer: Writer, key: Uint8Array): void => writer.varBytes(key);

function writeConfirm(writer: Writer, tx: FluxnodeConfirm, signatures: boolean): void {
  writer.u8(FLUXNODE_CONFIRM);
  writeOutpoint(writer, tx.collateral);
  writer.u32(tx.sigTime);
  writer.u8(tx.benchmarkTier);
  writer.u32(tx.benchmarkSigTime);
  writer.u8(tx.updateType);
  writer.varBytes(tx.ip);
  if (!signatures) return;
  writer.varBytes(tx.sig);
  writer.varBytes(tx.benchmarkSig);
}
