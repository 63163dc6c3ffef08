import { flux, type Satoshi } from "../../primitives/money.ts";

// The supply table of the parallel assets ("Supply and Lockup", "Infrastructure Rewards").
// Source: Flux whitepaper v1.0 (13 April 2021).

/** One row of the table: what the native chain and each parallel chain hold. */
export interface AllocationRow {
  readonly row: "holders" | "outstanding" | "foundation" | "exchange" | "natural" | "swap" | "total";
  readonly native: Satoshi;
  readonly eachParallel: Satoshi;
  readonly state: "circulating" | "not yet emitted" | "locked" | "sum" | "ultra-locked";
}

/** Natural plus swap supply on every chain: any one chain can hold the natural supply of all eleven by swaps alone. */
export const TOTAL_PER_CHAIN = flux(440_000_000n);

const holders = { native: flux(125_000_000n), eachParallel: flux(12_500_000n) };
const outstanding = { native: flux(85_000_000n), eachParallel: flux(8_500_000n) };
const foundation = { native: flux(2_500_000n), eachParallel: flux(250_000n) };
const exchange = { native: flux(7_500_000n), eachParallel: flux(750_000n) };
const natural = {
  native: sum(holders.native, outstanding.native, foundation.native, exchange.native),
  eachParallel: sum(
    holders.eachParallel,
    outstanding.eachParallel,
    foundation.eachParallel,
    exchange.eachParallel,
  ),
};
const swap = {
  native: (TOTAL_PER_CHAIN - natural.native) as Satoshi,
  eachParallel: (TOTAL_PER_CHAIN - natural.eachParallel) as Satoshi,
};

/** The table in the paper's order. */
export const ALLOCATION: readonly AllocationRow[] = [
  { row: "holders", ...holders, state: "circulating" },
  { row: "outstanding", ...outstanding, state: "not yet emitted" },
  { row: "foundation", ...foundation, state: "locked" },
  { row: "exchange", ...exchange, state: "locked" },
  { row: "natural", ...natural, state: "sum" },
  { row: "swap", ...swap, state: "ultra-locked" },
  { row: "total", native: TOTAL_PER_CHAIN, eachParallel: TOTAL_PER_CHAIN, state: "sum" },
];

/** A row summed over the native chain and `parallelChains` others. May exceed MAX_MONEY: it spans chains. */
export const allocationOverChains = (row: AllocationRow, parallelChains: number): bigint =>
  row.native + row.eachParallel * BigInt(parallelChains);

/** Who earns the outstanding supply. */
export type RewardParty = "mining" | "fluxnodes";

/** Half of the native outstanding supply each; of a parallel chain's, 5 % mining and 95 % FluxNodes. */
export const REWARDS: Readonly<
  Record<RewardParty, { readonly native: Satoshi; readonly eachParallel: Satoshi }>
> = {
  mining: { native: flux(42_500_000n), eachParallel: flux(425_000n) },
  fluxnodes: { native: flux(42_500_000n), eachParallel: flux(8_075_000n) },
};

/** A reward in satoshi, native and on the parallel chains. */
export interface RewardSplit {
  readonly party: RewardParty;
  readonly native: Satoshi;
  readonly eachParallel: Satoshi;
  /** Native plus the parallel chains. */
  readonly amount: bigint;
  /** Of the outstanding supply of those chains, in thousandths of a percent, rounded half up: 37143 is 37.143 %. */
  readonly share: number;
  /** What the paper prints for this share, in the same unit, where it prints one. */
  readonly printedShare: number | undefined;
}

/** The paper prints shares for native plus four chains only, and both differ from the arithmetic (37.14, 62.86 %). */
const PRINTED_SHARE: Readonly<Record<RewardParty, number>> = { mining: 37_150, fluxnodes: 62_850 };
const PRINTED_CHAINS = 4;

/** How the outstanding supply of the native chain and `parallelChains` others is earned. */
export function rewardSplit(parallelChains: number): RewardSplit[] {
  const chains = BigInt(parallelChains);
  const whole = outstanding.native + outstanding.eachParallel * chains;
  return (["mining", "fluxnodes"] as const).map((party) => {
    const { native, eachParallel } = REWARDS[party];
    const amount = native + eachParallel * chains;
    const share = Number((amount * 200_000n + whole) / (2n * whole));
    const printedShare = parallelChains === PRINTED_CHAINS ? PRINTED_SHARE[party] : undefined;
    return { party, native, eachParallel, amount, share, printedShare };
  });
}

/** Share of all supply that is swap supply, in thousandths of a percent, rounded half up. */
export function swapSupplyShare(parallelChains: number): number {
  const chains = BigInt(parallelChains);
  const locked = swap.native + swap.eachParallel * chains;
  const total = TOTAL_PER_CHAIN * (chains + 1n);
  return Number((locked * 200_000n + total) / (2n * total));
}

function sum(...amounts: readonly Satoshi[]): Satoshi {
  return amounts.reduce<bigint>((total, amount) => total + amount, 0n) as Satoshi;
}
