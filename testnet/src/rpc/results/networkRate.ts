import { nextBits, type U256 } from "@fluxlab/core";
import type { NodeApi } from "../nodeApi.ts";

/** nBits that the next block needs. */
export const nextWorkBits = ({ node, params }: NodeApi): number =>
  nextBits(node.chain.headers(), undefined, params);

const numberOf = (value: U256): number => value.reduceRight((sum, limb) => sum * 0x1_0000_0000 + limb, 0);

/**
 * Solutions a second that the whole network tries, by the work of `lookup` blocks up to `height` and their times; not above 0
 * or beyond the tip: of the averaging window, up to the tip. Source: fluxd src/rpc/mining.cpp GetNetworkHashPS.
 */
export function networkRate({ node, params }: NodeApi, lookup: number, height: number): bigint {
  const { tree } = node.chain.shared;
  const top = height >= 0 && height < node.chain.tipHeight ? height : node.chain.tipHeight;
  if (top === 0) return 0n;
  const blocks = Math.min(lookup > 0 ? lookup : params.pow.digishieldWindow, top);
  const last = tree.ancestor(node.chain.tip, top);
  let [earliest, latest] = [tree.time(last), tree.time(last)];
  let row = last;
  for (let i = 0; i < blocks; i++) {
    row = tree.parent(row);
    earliest = Math.min(earliest, tree.time(row));
    latest = Math.max(latest, tree.time(row));
  }
  if (earliest === latest) return 0n;
  const work = numberOf(tree.work(last)) - numberOf(tree.work(row));
  return BigInt(Math.trunc(work / (latest - earliest)));
}
