import type { Params } from "../params/params.ts";
import type { Satoshi } from "../primitives/money.ts";

/** Receivers of special funding. */
export type Fund = "exchange" | "foundation" | "swapPool";

/** A payment that a coinbase must make in one output of exactly this amount, on top of the subsidy. */
export interface SpecialFunding {
  readonly fund: Fund;
  readonly height: number;
  readonly amount: Satoshi;
  readonly address: string;
}

/**
 * Every special funding payment of the network, by height; at one height in the order of the block template.
 * Source: fluxd src/main.cpp GetExchangeFundAmount, GetFoundationFundAmount, IsSwapPoolInterval.
 */
export function specialFunding(params: Params): SpecialFunding[] {
  const { exchange, foundation, swapPool } = params.funds;
  const payments: SpecialFunding[] = [
    { fund: "exchange", ...exchange },
    { fund: "foundation", ...foundation },
  ];
  for (let i = 0; i < swapPool.count; i++) {
    const height = swapPool.startHeight + i * swapPool.interval;
    payments.push({ fund: "swapPool", height, amount: swapPool.amount, address: swapPool.address });
  }
  return payments.sort((a, b) => a.height - b.height);
}

/** The special funding due in block `height`; usually empty. */
export const specialFundingAt = (params: Params, height: number): SpecialFunding[] =>
  specialFunding(params).filter((payment) => payment.height === height);
