import {
  type Coin,
  compareBytes,
  isUnspendable,
  sha256d,
  toDisplayHex,
  toWireHex,
  Writer,
} from "@fluxlab/core";
import { FluxAmount, type JsonObject } from "@fluxlab/core/host";
import type { ChainIndex } from "../chainIndex.ts";
import type { NodeApi } from "../nodeApi.ts";
import { storedCoinsBytes, writeVarInt } from "./storedCoins.ts";

interface UnspentTransaction {
  readonly txid: Uint8Array;
  /** By output index, ascending once sorted. */
  readonly outputs: [index: number, coin: Coin][];
}

function byTransaction({ node }: NodeApi): UnspentTransaction[] {
  const found = new Map<string, UnspentTransaction>();
  for (const [{ txid, index }, coin] of node.chain.state().coins()) {
    if (isUnspendable(coin.scriptPubKey)) continue;
    const key = toWireHex(txid);
    const known = found.get(key);
    if (known === undefined) found.set(key, { txid, outputs: [[index, coin]] });
    else known.outputs.push([index, coin]);
  }
  const all = [...found.values()].sort((a, b) => compareBytes(a.txid, b.txid));
  for (const { outputs } of all) outputs.sort(([a], [b]) => a - b);
  return all;
}

/**
 * What all unspent outputs come to. The digest is fluxd's, the best comparison of two nodes' coins; `bytes_serialized` counts
 * what fluxd's database would hold. Source: fluxd src/txdb.cpp CCoinsViewDB::GetStats.
 */
export function txOutSetInfo(api: NodeApi, index: ChainIndex): JsonObject {
  const { chain } = api.node;
  const all = byTransaction(api);
  const writer = new Writer();
  writer.bytes(chain.tipHash);
  let [txouts, bytes, total] = [0, 0, 0n];
  for (const { txid, outputs } of all) {
    for (const [i, { value, scriptPubKey }] of outputs) {
      writeVarInt(writer, BigInt(i + 1));
      writer.i64(value);
      writer.varBytes(scriptPubKey);
      total += value;
    }
    writeVarInt(writer, 0n);
    txouts += outputs.length;
    bytes += 32 + storedCoinsBytes(outputs, index.transaction(txid)?.tx.version ?? 1);
  }
  return {
    height: chain.tipHeight,
    bestblock: toDisplayHex(chain.tipHash),
    transactions: all.length,
    txouts,
    bytes_serialized: bytes,
    hash_serialized: toDisplayHex(sha256d(writer.view())),
    total_amount: new FluxAmount(total),
  };
}
