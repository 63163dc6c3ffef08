import { currentPriority, type PoolEntry, toDisplayHex } from "@fluxlab/core";
import { FluxAmount, type JsonObject, JsonReal } from "@fluxlab/core/host";
import type { CommandContext } from "../command.ts";
import type { NodeApi } from "../nodeApi.ts";

// Source: fluxd src/rpc/blockchain.cpp mempoolInfoToJSON, mempoolToJSON.

export function poolInfo({ node, params }: NodeApi): JsonObject {
  const { pool } = node.mempool;
  const bytes = [...pool.entries()].reduce((sum, entry) => sum + entry.bytes, 0);
  // What a pool costs is what its limit counts; fluxd says here how much memory it takes.
  const info = { size: pool.size, bytes, usage: pool.cost };
  return params.kind === "regtest" ? { ...info, fullyNotified: true } : info;
}

export function mempoolEntryJson(entry: PoolEntry, { api }: CommandContext): JsonObject {
  const { mempool, chain } = api.node;
  const parents = entry.tx.kind === "ordinary" ? entry.tx.inputs.map(({ prevout }) => prevout.txid) : [];
  const waiting = parents.filter((txid) => mempool.pool.get(txid) !== undefined).map(toDisplayHex);
  return {
    size: entry.bytes,
    fee: new FluxAmount(entry.fee),
    time: entry.time,
    height: entry.height,
    startingpriority: new JsonReal(entry.priority),
    currentpriority: new JsonReal(currentPriority(entry, chain.tipHeight)),
    depends: [...new Set(waiting)],
  };
}
