import {
  isSaplingFormat,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  ParseError,
  parseFlux,
  parseWhole,
  readTransaction,
  type ShieldedPart,
  type Transaction,
  type TxInput,
  type TxOutput,
  transactionBytes,
  usesGroth16,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import type { Field } from "../field.ts";
import { readFluxnodeJson } from "./readFluxnodeJson.ts";
import { readJoinSplitJson, readOutputJson, readSpendJson } from "./shieldedJson.ts";

// The reverse of transactionJson.ts. Members that follow from others (txid, asm, addresses, value beside valueZat) are not read.

/** The bytes of the transaction that the JSON describes. @throws InputError */
export function encodeTransactionJson(json: Field): Uint8Array {
  const bytes = transactionBytes(readTransactionJson(json));
  const again = parseWhole(bytes, readTransaction);
  if (again instanceof ParseError) {
    throw new InputError(`these members together are no transaction: ${again}`);
  }
  return bytes;
}

function readTransactionJson(json: Field): Transaction {
  const version = json.get("version").integer(0, 0x7fff_ffff);
  const overwintered = json.find("overwintered")?.flag() ?? false;
  if (!overwintered && (version === 5 || version === 6)) return readFluxnodeJson(json, version);
  const empty: OrdinaryTransaction = {
    kind: "ordinary",
    overwintered,
    version,
    versionGroupId: overwintered ? readHexWord(json.get("versiongroupid")) : 0,
    inputs: json.get("vin").items().map(readInputJson),
    outputs: json.get("vout").items().map(readOutputJsonOf),
    lockTime: json.get("locktime").u32(),
    expiryHeight: overwintered ? json.get("expiryheight").u32() : 0,
    shielded: NOTHING_SHIELDED,
  };
  return { ...empty, shielded: readShieldedJson(json, empty) };
}

function readHexWord(field: Field): number {
  const text = field.text();
  return /^[0-9a-fA-F]{8}$/.test(text) ? Number.parseInt(text, 16) : field.fail("8 hex digits");
}

function readInputJson(json: Field): TxInput {
  const coinbase = json.find("coinbase");
  const sequence = json.get("sequence").u32();
  if (coinbase !== undefined) return { prevout: NULL_OUTPOINT, scriptSig: coinbase.bytes(), sequence };
  return {
    prevout: { txid: json.get("txid").hash(), index: json.get("vout").u32() },
    scriptSig: json.get("scriptSig").get("hex").bytes(),
    sequence,
  };
}

const readOutputJsonOf = (json: Field): TxOutput => ({
  value: readValue(json),
  scriptPubKey: json.get("scriptPubKey").get("hex").bytes(),
});

/** Satoshi of "valueZat" or "valueSat", else FLUX of "value" or "amount". */
export function readValue(json: Field): bigint {
  const exact = json.find("valueZat") ?? json.find("valueSat");
  if (exact !== undefined) return exact.satoshi();
  return readFluxAmount(json.find("amount") ?? json.get("value"));
}

/** From here on a number of FLUX with eight places is not exact. */
const EXACT_FLUX = 90_000_000;

/** FLUX as a number or as a text with at most eight places. */
function readFluxAmount(field: Field): bigint {
  const { value } = field;
  const text = typeof value === "number" && value < EXACT_FLUX ? value.toFixed(8) : value;
  if (typeof value === "number" && Number(text) !== value)
    return field.fail("FLUX with at most eight places");
  const amount = typeof text === "string" ? parseFlux(text) : undefined;
  return (
    amount ?? field.fail('FLUX with at most eight places (as a text, or "valueZat", if 90 million or more)')
  );
}

function readShieldedJson(json: Field, tx: OrdinaryTransaction): ShieldedPart {
  const groth16 = usesGroth16(tx.overwintered, tx.version);
  const sapling = isSaplingFormat(tx);
  const list = (key: string): Field[] => json.find(key)?.items() ?? [];
  const joinSplits = list("vJoinSplit").map((each) => readJoinSplitJson(each, groth16));
  const spends = sapling ? list("vShieldedSpend").map(readSpendJson) : [];
  const outputs = sapling ? list("vShieldedOutput").map(readOutputJson) : [];
  const nothing = new Uint8Array(0);
  const hasJoinSplits = joinSplits.length > 0;
  return {
    valueBalance: sapling ? json.get("valueBalanceZat").satoshi() : 0n,
    spends,
    outputs,
    joinSplits,
    joinSplitPubKey: hasJoinSplits ? json.get("joinSplitPubKey").hash() : nothing,
    joinSplitSig: hasJoinSplits ? json.get("joinSplitSig").bytes(64) : nothing,
    bindingSig: spends.length + outputs.length > 0 ? json.get("bindingSig").bytes(64) : nothing,
  };
}
