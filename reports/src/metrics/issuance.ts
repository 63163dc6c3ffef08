import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord, Samples } from "@fluxlab/sim";
import { DAY, fluxNumber, YEAR } from "../format.ts";

/** Who new coins go to. */
type Receiver = Tier | "producers" | "devFund" | "funds";

/** What one receiver got in the run. */
export interface Receipt {
  readonly receiver: Receiver;
  readonly amount: bigint;
  /** Part of everything issued in the run; 0 if nothing was. */
  readonly share: number;
}

/** Everything the run issued, by receiver; the amounts add up to {@link issued}. */
export function receipts(record: RunRecord): Receipt[] {
  const total = issued(record);
  const receipt = (receiver: Receiver, amount: bigint): Receipt => ({
    receiver,
    amount,
    share: total === 0n ? 0 : Number(amount) / Number(total),
  });
  return [
    ...TIERS.map((tier) => receipt(tier, record.tiers[tier].paid)),
    receipt("producers", record.toProducers),
    receipt("devFund", record.toDevFund),
    receipt("funds", record.toFunds),
  ];
}

/** Satoshi that the run's coinbases created. */
export const issued = ({ supply }: RunRecord): bigint => supply.after - supply.before;

/** Issuance between a sample and the next. */
export interface IssuanceStep {
  /** At its end. */
  readonly seconds: number;
  readonly height: number;
  /** FLUX a day by block rewards; special funds, paid in single blocks, are left out. */
  readonly perDay: number;
  /**
   * Yearly block rewards at this pace as a part of the supply before the step; undefined while there is no supply to compare
   * with.
   */
  readonly inflation: number | undefined;
}

/** One step fewer than there are samples. */
export function issuanceSteps({ seconds, height, supply, toFunds }: Samples): IssuanceStep[] {
  return Array.from({ length: seconds.length - 1 }, (_, i) => {
    const length = seconds[i + 1]! - seconds[i]!;
    const rewards = fluxNumber(supply[i + 1]! - supply[i]! - (toFunds[i + 1]! - toFunds[i]!));
    const before = fluxNumber(supply[i]!);
    return {
      seconds: seconds[i + 1]!,
      height: height[i + 1]!,
      perDay: (rewards / length) * DAY,
      inflation: before === 0 ? undefined : ((rewards / length) * YEAR) / before,
    };
  });
}
