import { displayHash } from "../bytes/hex.ts";
import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";
import { ABSENT } from "../state/keyTable.ts";
import type { HeaderTree } from "./headerTree.ts";

/** Hashes in wire order, those of the highest blocks first. */
const hashesFromTop = perParams(({ checkpoints }) =>
  Object.keys(checkpoints)
    .map(Number)
    .sort((a, b) => b - a)
    .map((height) => displayHash(checkpoints[height]!)),
);

/** Row of the highest checkpoint that the tree has and `known` says yes to. Source: fluxd src/checkpoints.cpp GetLastCheckpoint. */
export function highestCheckpoint(
  params: Params,
  tree: HeaderTree,
  known: (row: number) => boolean,
): number | undefined {
  for (const hash of hashesFromTop(params)) {
    const row = tree.find(hash);
    if (row !== ABSENT && known(row)) return row;
  }
  return undefined;
}
