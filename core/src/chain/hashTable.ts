import { setU256Bytes, type U256 } from "../bytes/u256.ts";
import type { KeyTable } from "../state/keyTable.ts";

/** Makes a 32-byte hash the key that a table of eight words looks up or adds next. */
export function setHashKey(table: KeyTable, hash: Uint8Array): void {
  setU256Bytes(table.key as U256, hash);
}
