import type { HeaderTree } from "../chain/headerTree.ts";
import { ABSENT } from "../state/keyTable.ts";
import type { Peer } from "./peer.ts";

// Which headers a peer has, as far as it has shown it or we have sent them.

/** The peer showed that it has a header. Source: fluxd src/main.cpp UpdateBlockAvailability. */
export function noteHas(peer: Peer, row: number, tree: HeaderTree): void {
  peer.bestKnown = kept(peer.bestKnown, tree);
  if (peer.bestKnown === ABSENT || tree.compareWork(row, peer.bestKnown) >= 0) peer.bestKnown = row;
}

/** A row that was dropped when chains were folded is none. */
export const kept = (row: number, tree: HeaderTree): number =>
  row === ABSENT || tree.isLive(row) || tree.isFolded(row) ? row : ABSENT;

/** We sent the peer a header. */
export function noteSent(peer: Peer, row: number, tree: HeaderTree): void {
  peer.bestSent = kept(peer.bestSent, tree);
  if (peer.bestSent === ABSENT || tree.compareWork(row, peer.bestSent) > 0) peer.bestSent = row;
}

/** Whether the peer has a header, because it has shown or was sent one that follows it. */
export const hasHeader = (peer: Peer, row: number, tree: HeaderTree): boolean =>
  follows(peer.bestKnown, row, tree) || follows(peer.bestSent, row, tree);

/** Whether `row` is `ancestor` or follows it; {@link ABSENT} follows nothing. */
function follows(row: number, ancestor: number, tree: HeaderTree): boolean {
  if (row === ancestor) return true;
  if (kept(row, tree) === ABSENT) return false;
  const height = tree.height(ancestor);
  return tree.height(row) > height && tree.ancestor(row, height) === ancestor;
}
