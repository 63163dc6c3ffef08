import { equalBytes } from "../../bytes/compare.ts";
import { toWireHex } from "../../bytes/hex.ts";
import { ParseError } from "../../bytes/parseError.ts";
import type { OrdinaryTransaction, TxOutput } from "../../primitives/transaction.ts";
import { scriptDestination } from "../../script/address.ts";
import { ScriptCursor } from "../../script/instructions.ts";
import { OP } from "../../script/opcodes.ts";
import type { ChainId } from "./chains.ts";
import {
  type FusionPayload,
  isFusionPayload,
  MAX_FUSION_BYTES,
  parseFusionPayload,
  type Recipient,
} from "./fusionPayload.ts";

// What a native transaction does to the parallel assets. It is valid already: whoever spends an output was allowed to, so
// spending is what authorises. Source: spec 05 §6.

/** An operation that parses and is authorised; whether the ledger can do it is for the ledger to say. Amounts in satoshi. */
export type FusionOperation =
  | {
      readonly type: "lock";
      readonly target: ChainId;
      readonly recipient: Recipient;
      readonly owner: string;
      readonly amount: bigint;
    }
  | {
      readonly type: "unlock";
      readonly source: ChainId;
      readonly lockId: Uint8Array;
      readonly amount: bigint;
    }
  | {
      readonly type: "claim";
      readonly chain: ChainId;
      readonly firstHeight: number;
      readonly lastHeight: number;
      readonly recipient: Recipient;
      /** Owners of the coins that the transaction spends, each once, in order of inputs. */
      readonly owners: readonly string[];
    }
  | { readonly type: "release"; readonly chain: ChainId; readonly snapshotHeight: number }
  | { readonly type: "cancel"; readonly lockTxid: Uint8Array; readonly amount: bigint };

/** Why a transaction that carries a payload, or touches the pool, is no operation. It stays valid. */
export type FusionRejection =
  | { readonly reason: "unreadable"; readonly error: ParseError }
  | { readonly reason: "payloadTooLong"; readonly bytes: number }
  | { readonly reason: "severalPayloads"; readonly count: number }
  /** It needs an input that it does not have: from the swap pool, or from anyone who can be named. */
  | { readonly reason: "notAuthorised"; readonly operation: FusionPayload["type"] }
  /** A lock that pays the pool nothing. */
  | { readonly reason: "nothingLocked" }
  /** A lock is made by people, not by the pool. */
  | { readonly reason: "lockSpendsPool" }
  /** A claim whose last height is before its first. */
  | { readonly reason: "emptyRange"; readonly firstHeight: number; readonly lastHeight: number }
  /** What leaves the pool is not what the operation says; `expected` is undefined where anything above 0 would do. */
  | { readonly reason: "wrongOutflow"; readonly expected: bigint | undefined; readonly found: bigint }
  /** The pool paid, and no payload says why. */
  | { readonly reason: "unexplainedOutflow"; readonly amount: bigint };

/** The name under which the ledger keeps the owner of a script; undefined for scripts that stand for no single address. */
export function scriptOwner(scriptPubKey: Uint8Array): string | undefined {
  const destination = scriptDestination(scriptPubKey);
  return destination === undefined ? undefined : `${destination.type}:${toWireHex(destination.id)}`;
}

/** Satoshi that `tx` adds to the outputs of `script`; negative if it takes from them. `spent`: the outputs its inputs spend. */
export function netPayment(tx: OrdinaryTransaction, spent: readonly TxOutput[], script: Uint8Array): bigint {
  const held = (outputs: readonly TxOutput[]): bigint =>
    outputs.reduce((sum, out) => (equalBytes(out.scriptPubKey, script) ? sum + out.value : sum), 0n);
  return held(tx.outputs) - held(spent);
}

/** The data of an output that is OP_RETURN and one push; undefined for other scripts. */
function returnedData(scriptPubKey: Uint8Array): Uint8Array | undefined {
  const cursor = new ScriptCursor(scriptPubKey);
  if (!cursor.next() || cursor.opcode !== OP.RETURN || !cursor.next()) return undefined;
  const { opcode, data } = cursor;
  return opcode <= OP.PUSHDATA4 && !cursor.next() && !cursor.malformed ? data : undefined;
}

/**
 * The operation that `tx` carries, why what it carries is none, or undefined if it has nothing to do with the assets.
 * `spent` holds the outputs that its transparent inputs spend, in their order; a coinbase spends none.
 */
export function fusionOperation(
  tx: OrdinaryTransaction,
  spent: readonly TxOutput[],
  poolScript: Uint8Array,
): FusionOperation | FusionRejection | undefined {
  const payloads = tx.outputs.flatMap(({ scriptPubKey }) => {
    const data = returnedData(scriptPubKey);
    return data !== undefined && isFusionPayload(data) ? [data] : [];
  });
  const toPool = netPayment(tx, spent, poolScript);
  const [data] = payloads;
  if (data === undefined) return toPool < 0n ? { reason: "unexplainedOutflow", amount: -toPool } : undefined;
  if (payloads.length > 1) return { reason: "severalPayloads", count: payloads.length };
  if (data.length > MAX_FUSION_BYTES) return { reason: "payloadTooLong", bytes: data.length };
  const payload = parseFusionPayload(data);
  if (payload instanceof ParseError) return { reason: "unreadable", error: payload };
  const spendsPool = spent.some(({ scriptPubKey }) => equalBytes(scriptPubKey, poolScript));
  switch (payload.type) {
    case "lock":
      return spendsPool ? { reason: "lockSpendsPool" } : lockOperation(payload, spent, toPool);
    case "claim":
      return toPool < 0n
        ? { reason: "wrongOutflow", expected: 0n, found: -toPool }
        : claimOperation(payload, spent);
    default:
      return spendsPool
        ? poolOperation(payload, -toPool)
        : { reason: "notAuthorised", operation: payload.type };
  }
}

type Payload<T extends FusionPayload["type"]> = Extract<FusionPayload, { readonly type: T }>;

/** The lock is its first nameable input's: whom a cancelled lock belongs to. */
function lockOperation(
  payload: Payload<"lock">,
  spent: readonly TxOutput[],
  amount: bigint,
): FusionOperation | FusionRejection {
  if (amount === 0n) return { reason: "nothingLocked" };
  const [owner] = ownersOf(spent);
  return owner === undefined ? { reason: "notAuthorised", operation: "lock" } : { ...payload, owner, amount };
}

function claimOperation(
  payload: Payload<"claim">,
  spent: readonly TxOutput[],
): FusionOperation | FusionRejection {
  const { firstHeight, lastHeight } = payload;
  if (lastHeight < firstHeight) return { reason: "emptyRange", firstHeight, lastHeight };
  const owners = ownersOf(spent);
  return owners.length === 0 ? { reason: "notAuthorised", operation: "claim" } : { ...payload, owners };
}

/** What leaves the pool is the amount: the fee is not taken from it, or the ledger and the pool would drift apart. */
function poolOperation(
  payload: Payload<"unlock" | "release" | "cancel">,
  outflow: bigint,
): FusionOperation | FusionRejection {
  if (payload.type === "release") {
    return outflow > 0n ? { reason: "wrongOutflow", expected: 0n, found: outflow } : payload;
  }
  return outflow > 0n
    ? { ...payload, amount: outflow }
    : { reason: "wrongOutflow", expected: undefined, found: outflow };
}

function ownersOf(spent: readonly TxOutput[]): string[] {
  const owners = spent.flatMap(({ scriptPubKey }) => scriptOwner(scriptPubKey) ?? []);
  return [...new Set(owners)];
}
