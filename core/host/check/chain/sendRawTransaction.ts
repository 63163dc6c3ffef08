import {
  AS_IT_IS,
  FROM_USER,
  type Mempool,
  type Params,
  ParseError,
  type PoolTip,
  parse,
  type Refusal,
  readTransaction,
  rejectMessage,
  type Transaction,
  type Txid,
  toDisplayHex,
  txid,
  type UnverifiedProof,
  upgradeActive,
} from "@fluxlab/core";

/** What fluxd's sendrawtransaction answers; or why we cannot say. */
export type SendAnswer =
  | { readonly txid: string }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly unverified: UnverifiedProof };

/** Codes of RPC errors. Source: fluxd src/rpc/protocol.h. */
const DECODING = -22;
const TRANSACTION = -25;
const REJECTED = -26;
const ALREADY_IN_CHAIN = -27;

/** Blocks that must be left until a transaction expires. Source: fluxd src/main.h TX_EXPIRING_SOON_THRESHOLD. */
const EXPIRING_SOON = 3;

const failed = (code: number, message: string): SendAnswer => ({ error: { code, message } });

/**
 * Offers a transaction to a node's pool as its own user does. `now`: Unix seconds; what follows the transaction in `bytes` is
 * not looked at. Source: fluxd src/rpc/rawtransaction.cpp sendrawtransaction.
 */
export function sendRawTransaction(
  bytes: Uint8Array,
  allowHighFees: boolean,
  mempool: Mempool,
  tip: PoolTip,
  now: number,
  params: Params,
): SendAnswer {
  const tx = parse(bytes, readTransaction);
  if (tx instanceof ParseError) return failed(DECODING, "TX decode failed");
  const id = txid(tx);
  const expiring = expiresSoon(tx, tip.state.height + 1, params);
  if (expiring !== undefined) return failed(REJECTED, expiring);
  if (tip.state.unspentOutputs(id) > 0) return failed(ALREADY_IN_CHAIN, "transaction already in block chain");
  if (mempool.pool.get(id) !== undefined) return { txid: toDisplayHex(id) };
  const clock = { now, adjustedTime: now };
  const offer = mempool.accept(tx, tip, clock, allowHighFees ? AS_IT_IS : FROM_USER);
  return offer.accepted ? { txid: toDisplayHex(id) } : refused(offer.refusal, id);
}

function expiresSoon(tx: Transaction, next: number, { upgrades }: Params): string | undefined {
  if (tx.kind !== "ordinary" || tx.expiryHeight === 0 || !upgradeActive(upgrades, "acadia", next))
    return undefined;
  const least = next + EXPIRING_SOON;
  if (least <= tx.expiryHeight) return undefined;
  const should = `should be at least ${least} to avoid transaction expiring soon`;
  return `tx-expiring-soon: expiryheight is ${tx.expiryHeight} but ${should}`;
}

function refused(refusal: Refusal, id: Txid): SendAnswer {
  if (refusal.kind === "cannotTell") return { unverified: refusal.unverified };
  if (refusal.kind === "missingInputs") return failed(TRANSACTION, "Missing inputs");
  if (refusal.kind === "absurdFee") {
    const amounts = `${toDisplayHex(id)}, ${refusal.fee} > ${refusal.limit}`;
    return failed(TRANSACTION, `AcceptToMemoryPool: absurdly high fees ${amounts}`);
  }
  const message = rejectMessage(refusal, false);
  return message === undefined
    ? failed(TRANSACTION, "")
    : failed(REJECTED, `${message.code}: ${message.reason}`);
}
