import { commonPrefix, convergence } from "./agreement.ts";
import type { CheckedNetwork, Checker } from "./checker.ts";
import { coins } from "./coins.ts";
import { FluxnodeBooks } from "./fluxnodeBook.ts";
import { honestUnbanned, memoryBounds } from "./manners.ts";
import { fairness, payouts } from "./payouts.ts";
import { tieBreaks } from "./tieBreaks.ts";
import { validBlocks } from "./validBlocks.ts";

/** Bytes that a pool of the default settings may hold: each transaction costs at least as much as it weighs. */
const POOL_BYTES = 80_000_000;

/** What must hold in every network of full nodes. `healed`: microseconds after which nothing goes wrong any more. */
export function networkCheckers(network: CheckedNetwork, healed: number): Checker[] {
  const books = new FluxnodeBooks();
  return [
    ...[coins(), payouts(books), fairness(books), validBlocks()],
    ...[commonPrefix(network), convergence(network, healed, books), honestUnbanned(network)],
    ...[tieBreaks(network), memoryBounds(network, POOL_BYTES)],
  ];
}
