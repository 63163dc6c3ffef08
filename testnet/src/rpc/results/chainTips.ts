import { ABSENT, type ChainView, toDisplayHex } from "@fluxlab/core";
import type { Json } from "@fluxlab/core/host";

/** Source: fluxd src/rpc/blockchain.cpp getchaintips. */
function status(chain: ChainView, row: number): string {
  if (row === chain.tip) return "active";
  if (chain.hasFailed(row)) return "invalid";
  if (!chain.isLinked(row)) return "headers-only";
  return chain.isValid(row) ? "valid-fork" : "valid-headers";
}

/** The ends of the branches a node took in, the highest first. `least`: of their heights. */
export function chainTips(chain: ChainView, least: number): Json {
  const { tree } = chain.shared;
  const parents = new Set<number>();
  const rows: number[] = [];
  for (const row of tree.subtree(tree.root)) {
    if (!chain.knows(row)) continue;
    rows.push(row);
    if (tree.parent(row) !== ABSENT) parents.add(tree.parent(row));
  }
  const tips = rows.filter((row) => row === chain.tip || !parents.has(row));
  return tips
    .filter((row) => tree.height(row) >= least)
    .sort((a, b) => tree.height(b) - tree.height(a) || b - a)
    .map((row) => ({
      height: tree.height(row),
      hash: toDisplayHex(tree.hash(row)),
      branchlen: tree.height(row) - tree.height(tree.commonAncestor(row, chain.tip)),
      status: status(chain, row),
    }));
}
