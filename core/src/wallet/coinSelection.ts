import { feeAtRate } from "../rules/policy.ts";
import { compactSizeBytes, compareCoins, inputBytesMax, type SpendableCoin } from "./spendableCoin.ts";

// Which coins pay for a transaction. First a set that needs no change is looked for, since change costs an output now and an
// input later; failing that, the largest coins are taken until they suffice. No chance: equal requests get equal answers.

/** What coins are to pay for. */
export interface SelectionRequest {
  readonly coins: readonly SpendableCoin[];
  /** Satoshi that must come out of the inputs besides the fee. */
  readonly target: bigint;
  /** Satoshi per 1,000 bytes. */
  readonly feeRate: bigint;
  /** Bytes of the transaction without inputs and without their count, and without change. */
  readonly fixedBytes: number;
  /** Bytes of an output for change. */
  readonly changeBytes: number;
  /** Change below this is left to the fee. */
  readonly changeMin: bigint;
}

/** Coins that together pay for a transaction. */
export interface Selection {
  /** In the order in which the transaction spends them. */
  readonly coins: readonly SpendableCoin[];
  readonly fee: bigint;
  /** 0 if there is no change output. */
  readonly change: bigint;
}

/** A coin that brings in more than it costs to spend. */
interface Candidate {
  readonly coin: SpendableCoin;
  readonly bytes: number;
  readonly value: bigint;
}

/** Steps after which the search for an exact set gives up; it is exhaustive for 15 coins and far more in practice. */
const SEARCH_STEPS_MAX = 50_000;

/** Coins in the sets it looks at; bounds the depth of the search, too. */
const EXACT_INPUTS_MAX = 100;

/** What to spend, or undefined if all coins together do not suffice. */
export function selectCoins(request: SelectionRequest): Selection | undefined {
  const candidates = request.coins.flatMap((coin) => candidate(coin, request.feeRate));
  candidates.sort((a, b) => compareCoins(a.coin, b.coin));
  return withoutChange(candidates, request) ?? largestFirst(candidates, request);
}

function candidate(coin: SpendableCoin, feeRate: bigint): Candidate[] {
  const bytes = inputBytesMax(coin);
  const { value } = coin.output;
  if (bytes === undefined || value * 1000n <= feeRate * BigInt(bytes)) return [];
  return [{ coin, bytes, value }];
}

/** Fee of a transaction with `count` inputs of `inputBytes` in all. */
function feeOf(request: SelectionRequest, count: number, inputBytes: number, withChange: boolean): bigint {
  const changeBytes = withChange ? request.changeBytes : 0;
  return feeAtRate(request.feeRate, request.fixedBytes + compactSizeBytes(count) + inputBytes + changeBytes);
}

/**
 * The set that exceeds target and fee by the least, as long as that is less than what change would cost. Depth first over
 * the coins, largest first; a branch ends where even all coins left would not suffice, and where target and fee are met,
 * since every further coin adds more than it costs.
 */
function withoutChange(candidates: readonly Candidate[], request: SelectionRequest): Selection | undefined {
  const { target, feeRate, changeBytes, changeMin } = request;
  const remaining = suffixSums(candidates);
  const chosen: Candidate[] = [];
  let best: readonly Candidate[] | undefined;
  // Change must be worth its own bytes and reach the least amount; anything less is better given away.
  let excessMax = feeAtRate(feeRate, changeBytes) + changeMin;
  let steps = 0;

  const extend = (next: number, value: bigint, bytes: number): void => {
    for (let i = next; i < candidates.length && value + remaining[i]! >= target; i++) {
      if (++steps > SEARCH_STEPS_MAX) return;
      const each = candidates[i]!;
      chosen.push(each);
      const valueWith = value + each.value;
      const bytesWith = bytes + each.bytes;
      const excess = valueWith - target - feeOf(request, chosen.length, bytesWith, false);
      if (excess < 0n) {
        if (chosen.length < EXACT_INPUTS_MAX) extend(i + 1, valueWith, bytesWith);
      } else if (excess < excessMax) {
        best = [...chosen];
        excessMax = excess;
      }
      chosen.pop();
    }
  };
  extend(0, 0n, 0);
  if (best === undefined) return undefined;
  const value = best.reduce((sum, each) => sum + each.value, 0n);
  return { coins: best.map(({ coin }) => coin), fee: value - target, change: 0n };
}

/** Entry i: value of candidates i and later. */
function suffixSums(candidates: readonly Candidate[]): bigint[] {
  const sums = [0n];
  for (const { value } of candidates.toReversed()) sums.push(sums.at(-1)! + value);
  return sums.reverse();
}

function largestFirst(candidates: readonly Candidate[], request: SelectionRequest): Selection | undefined {
  const coins: SpendableCoin[] = [];
  let value = 0n;
  let bytes = 0;
  for (const each of candidates) {
    coins.push(each.coin);
    value += each.value;
    bytes += each.bytes;
    const spare = value - request.target;
    const fee = feeOf(request, coins.length, bytes, true);
    if (spare - fee >= request.changeMin) return { coins, fee, change: spare - fee };
    if (spare >= feeOf(request, coins.length, bytes, false)) return { coins, fee: spare, change: 0n };
  }
  return undefined;
}
