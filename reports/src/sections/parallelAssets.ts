import {
  ALLOCATION,
  type AllocationRow,
  allocationOverChains,
  parallelReward,
  rewardSplit,
  swapSupplyShare,
  TIERS,
} from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { grouped, listed, percent, trimmedFlux } from "../format.ts";
import { note, paragraph, type Section, table } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { parallelPayout } from "../metrics/roi.ts";
import { TIER_NAME } from "../names.ts";

// Figures of the whitepaper's tables, from core's rules; the paper's own misprints are named, not repeated.

const FEW_CHAINS = 4;
const ALL_CHAINS = 10;

/** What whitepaper v1.0 prints for the share of swap supply over eleven chains. */
const PRINTED_LOCKED = "91\u00a0%";

const ROW_NAME: Readonly<Record<AllocationRow["row"], string>> = {
  holders: "Holders",
  outstanding: "Outstanding (to be mined)",
  foundation: "Airdrop, foundation",
  exchange: "Airdrop, exchange listings",
  natural: "Natural supply",
  swap: "Swap supply",
  total: "Total",
};

export function parallelAssetsSection(record: RunRecord): Section {
  return {
    id: "parallel-assets",
    title: "Parallel assets",
    body: [
      paragraph(
        "How the whitepaper (v1.0, 13 April 2021) divides supply between the native chain and the parallel chains. Any one chain can hold the natural supply of all eleven by swaps alone, and never more.",
      ),
      allocationTable(),
      note(
        `Swap supply is ${thousandths(swapSupplyShare(ALL_CHAINS), 3)} of the sum over native and ten chains; the paper prints ${PRINTED_LOCKED}.`,
      ),
      splitTable(),
      note(misprints()),
      eligibility(record),
    ],
  };
}

const allocationTable = (): Markup =>
  table({
    caption: "Supply and lock-up, FLUX",
    head: ["Row", "Native", "Each parallel", "Native + 4", "Native + 10", "State"],
    text: [5],
    rows: ALLOCATION.map((row): Content[] => [
      ROW_NAME[row.row],
      trimmedFlux(row.native),
      trimmedFlux(row.eachParallel),
      trimmedFlux(allocationOverChains(row, FEW_CHAINS)),
      trimmedFlux(allocationOverChains(row, ALL_CHAINS)),
      row.state === "sum" ? "" : row.state,
    ]),
  });

function splitTable(): Markup {
  const all = rewardSplit(ALL_CHAINS);
  return table({
    caption: "Who earns the outstanding supply, FLUX",
    head: ["Party", "Native", "Each parallel", "Native + 4", "Part", "Native + 10", "Part"],
    rows: rewardSplit(FEW_CHAINS).map(({ party, native, eachParallel, amount, share }, i): Content[] => [
      PARTY_NAME[party],
      trimmedFlux(native),
      trimmedFlux(eachParallel),
      trimmedFlux(amount),
      thousandths(share, 2),
      trimmedFlux(all[i]!.amount),
      thousandths(all[i]!.share, 2),
    ]),
  });
}

const PARTY_NAME = { mining: "Mining", fluxnodes: "FluxNodes" } as const;

function misprints(): string {
  const named = rewardSplit(FEW_CHAINS).flatMap(({ party, share, printedShare }) =>
    printedShare === undefined || printedShare === share
      ? []
      : [
          `${thousandths(printedShare, 2)} for ${PARTY_NAME[party]} where the arithmetic gives ${thousandths(share, 2)}`,
        ],
  );
  return `For native and four chains the paper prints ${listed(named)}.`;
}

/** What the run's own payouts carry on the parallel chains. */
function eligibility(record: RunRecord): Content {
  const { parallelAssets } = record.scenario;
  if (parallelAssets === undefined) {
    return note("The scenario names no parallel assets, so the run's payouts carry none here.");
  }
  const { model, released } = parallelAssets;
  return [
    table({
      caption: `What the run's payouts make FluxNodes eligible for, FLUX: model ${model}, ${grouped(released)} chains released`,
      head: ["Tier", "Native payouts", "On each parallel chain", `On ${grouped(released)} chains`],
      rows: TIERS.map((tier): Content[] => {
        const { paid } = record.tiers[tier];
        return [
          TIER_NAME[tier],
          trimmedFlux(paid),
          trimmedFlux(parallelReward(model, "fluxnodes", paid)),
          trimmedFlux(parallelPayout(record, paid) ?? 0n),
        ];
      }),
    }),
    note("Eligible is not claimed: nothing moves until the owner claims it."),
  ];
}

/** 37143 -> "37.14 %": thousandths of a percent. */
const thousandths = (share: number, places: number): string => percent(share / 100_000, places);
