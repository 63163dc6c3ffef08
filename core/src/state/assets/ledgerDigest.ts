import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../../util/canonicalJson.ts";
import type { AssetLedger } from "./ledger.ts";

/**
 * SHA-256 (hex) over everything the ledger says: parameters, every chain's sums, locks and entitlements in key order. How it
 * came to be, and how far it can go back, is left out: a ledger that a rollback restored has the digest it had.
 */
export function ledgerDigest(ledger: AssetLedger): string {
  const hash = sha256.create();
  const add = (value: unknown): void => void hash.update(utf8ToBytes(`${canonicalJson(value)}\n`));
  add(ledger.params);
  for (const state of ledger.chains) add({ ...state, journal: undefined, rollbackFloor: undefined });
  for (const entry of ledger.locks.entries()) add(entry);
  for (const entry of ledger.entitlements.entries()) add(entry);
  add(ledger.orphaned);
  return bytesToHex(hash.digest());
}
