import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { displayHash, type Outpoint } from "@fluxlab/core";
import { RPC, RpcError } from "../rpcError.ts";

// The owner's FluxNodes, a line each: alias, address, operating key, transaction and output of the collateral.
// Source: fluxd src/fluxnode/fluxnodeconfig.cpp FluxnodeConfig::read, src/util.cpp GetFluxnodeConfigFile.

/** One FluxNode of the owner. */
export interface ConfiguredNode {
  readonly alias: string;
  readonly address: string;
  /** WIF. */
  readonly nodeKey: string;
  readonly collateral: Outpoint;
}

/** The first that is there is read. */
const FILES = ["zelnode.conf", "fluxnode.conf"];

/** Nodes of a file's text. @throws RpcError with the line, but not what is in it, for it holds a key */
export function parseNodeConf(text: string, file: string): ConfiguredNode[] {
  return text.split("\n").flatMap((raw, at): ConfiguredNode[] => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return [];
    const [alias, address, nodeKey, txid, index] = line.split(/\s+/);
    const complain = (expected: string): never => {
      throw new RpcError(RPC.misc, `${file}:${at + 1}: expected ${expected}`);
    };
    if (alias === undefined || address === undefined || nodeKey === undefined || txid === undefined)
      return complain("alias IP:port key txid index");
    if (!/^.+:\d+$/.test(address)) complain("IP:port as the second word");
    if (!/^[0-9a-f]{64}$/i.test(txid)) complain("a transaction's id as the fourth word");
    if (!/^\d{1,6}$/.test(index ?? "")) complain("an output's index as the fifth word");
    return [{ alias, address, nodeKey, collateral: { txid: displayHash(txid), index: Number(index) } }];
  });
}

/** Nodes of a data folder, read anew each time; none if it has no such file. @throws RpcError */
export function configuredNodes(dataFolder: string): ConfiguredNode[] {
  const file = FILES.map((name) => join(dataFolder, name)).find((path) => existsSync(path));
  return file === undefined ? [] : parseNodeConf(readFileSync(file, "utf8"), file);
}
