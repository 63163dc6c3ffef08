import {
  encodeAddress,
  keyId,
  type Params,
  ParseError,
  parseWhole,
  readTransaction,
  scriptAddress,
  scriptIdOf,
  wireHex,
} from "@fluxlab/core";
import type { StoredKey, WalletContents } from "./walletFile.ts";

// Wallets of earlier versions, brought to today's format.

/** The address of a key. */
export const keyAddress = ({ publicKey }: StoredKey, params: Params): string =>
  encodeAddress({ type: "keyHash", id: keyId(wireHex(publicKey)) }, params);

/**
 * Format 1 had only addresses with a label in the book. Whatever was handed out belongs into it, and change, which was handed out
 * likewise, is what the wallet's own payments paid.
 */
export function withBook(contents: WalletContents, params: Params): WalletContents {
  if (contents.format === 2) return contents;
  const paid = new Set(contents.sent.flatMap(({ hex }) => payeesOf(hex, params)));
  const handedOut = contents.keys
    .filter(({ pooled }) => !pooled)
    .map((key) => keyAddress(key, params))
    .filter((address) => !paid.has(address));
  const scripts = contents.scripts.map((script) =>
    encodeAddress({ type: "scriptHash", id: scriptIdOf(wireHex(script)) }, params),
  );
  const unlabelled = [...handedOut, ...scripts, ...contents.watched].map((address) => [address, ""] as const);
  return { ...contents, format: 2, labels: { ...Object.fromEntries(unlabelled), ...contents.labels } };
}

function payeesOf(hex: string, params: Params): string[] {
  const tx = parseWhole(wireHex(hex), readTransaction);
  if (tx instanceof ParseError || tx.kind !== "ordinary") return [];
  return tx.outputs.flatMap(({ scriptPubKey }) => scriptAddress(scriptPubKey, params) ?? []);
}
