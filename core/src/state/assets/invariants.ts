import { TOTAL_PER_CHAIN } from "../../rules/assets/allocation.ts";
import { type ChainId, chainAllocation } from "../../rules/assets/chains.ts";
import {
  type AssetLedger,
  chainTerms,
  entitlementOn,
  isClaimed,
  shortfall,
  totalCirculating,
  totalInFlight,
} from "./ledger.ts";

/** An invariant of spec 05 §5 that does not hold, with the numbers that show it. Amounts are satoshi. */
export type BrokenInvariant =
  /** 1: the terms of every chain sum to 440,000,000 FLUX. */
  | { readonly invariant: "chainConservation"; readonly chain: ChainId; readonly sum: bigint }
  /** 2: the circulating coins of all chains together are within the cap. */
  | { readonly invariant: "circulationCap"; readonly circulating: bigint; readonly cap: bigint }
  /** 2: swaps leave circulating plus in-flight coins as they were. `excess` is what they added. */
  | { readonly invariant: "swapConservation"; readonly excess: bigint }
  /** 3: every term is 0 or more. */
  | {
      readonly invariant: "nonNegative";
      readonly chain: ChainId;
      readonly term: string;
      readonly value: bigint;
    }
  /** 4: claims and locks count once, and what a reorganisation broke is on record. */
  | {
      readonly invariant: "countedOnce";
      readonly what: "unclaimed" | "inFlight" | "shortfall";
      readonly recorded: bigint;
      readonly counted: bigint;
    };

/**
 * Every invariant that `ledger` breaks; none in all histories without reorganisations deeper than the confirmations. After
 * one that a swap did not survive, `swapConservation` is broken by exactly the ledger's shortfall. Counts every lock and
 * entitlement afresh, so it takes time in proportion to them.
 */
export const brokenInvariants = (ledger: AssetLedger): BrokenInvariant[] => [
  ...brokenSums(ledger),
  ...checkCounts(ledger),
];

/** Of {@link brokenInvariants} those that show in the sums of the chains; what they take does not grow with the history. */
export const brokenSums = (ledger: AssetLedger): BrokenInvariant[] => [
  ...checkChains(ledger),
  ...checkCap(ledger),
  ...checkSwaps(ledger),
];

function checkChains(ledger: AssetLedger): BrokenInvariant[] {
  return ledger.params.chains.flatMap(({ id: chain }) => {
    const broken: BrokenInvariant[] = [];
    const terms = chainTerms(ledger, chain);
    const { circulating, swapLocked, unclaimed, unemitted, reserve } = terms;
    const sum = circulating + swapLocked + unclaimed + unemitted + reserve;
    if (sum !== TOTAL_PER_CHAIN) broken.push({ invariant: "chainConservation", chain, sum });
    for (const [term, value] of Object.entries(terms) as [string, bigint][])
      if (value < 0n) broken.push({ invariant: "nonNegative", chain, term, value });
    return broken;
  });
}

function checkCap(ledger: AssetLedger): BrokenInvariant[] {
  const circulating = totalCirculating(ledger);
  const cap = ledger.params.circulationCap;
  return circulating > cap ? [{ invariant: "circulationCap", circulating, cap }] : [];
}

/** Coins that swaps have added: what the pools have paid out of their swap supply beyond what came in. */
function swapExcess(ledger: AssetLedger): bigint {
  let excess = totalInFlight(ledger);
  for (const { id } of ledger.params.chains)
    excess += chainAllocation(id).swap - chainTerms(ledger, id).swapLocked;
  return excess;
}

function checkSwaps(ledger: AssetLedger): BrokenInvariant[] {
  const excess = swapExcess(ledger);
  return excess === 0n ? [] : [{ invariant: "swapConservation", excess }];
}

function checkCounts(ledger: AssetLedger): BrokenInvariant[] {
  const unclaimed = ledger.chains.map(() => 0n);
  for (const [, entitlement] of ledger.entitlements.entries()) {
    for (const { id } of ledger.params.chains)
      if (!isClaimed(entitlement, id)) unclaimed[id]! += entitlementOn(ledger, entitlement, id);
  }
  const inFlight = ledger.chains.map(() => 0n);
  for (const [, { source, amount, lockedAt, unlockedAt, cancelledAt }] of ledger.locks.entries()) {
    const pending = lockedAt !== undefined && unlockedAt === undefined && cancelledAt === undefined;
    if (pending) inFlight[source]! += amount;
  }
  const pairs = [
    ...ledger.chains.map((state, i) => ["unclaimed", state.unclaimed, unclaimed[i]!] as const),
    ...ledger.chains.map((state, i) => ["inFlight", state.inFlight, inFlight[i]!] as const),
    ["shortfall", shortfall(ledger), swapExcess(ledger)] as const,
  ];
  return pairs.flatMap(([what, recorded, counted]) =>
    recorded === counted ? [] : [{ invariant: "countedOnce", what, recorded, counted }],
  );
}
