import {
  blockSubsidy,
  type Fund,
  maxIssued,
  type Params,
  specialFundingAt,
  TIERS,
  tierShare,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { agree, groupCases, hasGroup, type Kind, type Outcome } from "./kind.ts";
import { VECTOR_NETWORKS } from "./networks.ts";

const FUND_KEYS: Readonly<Record<Fund, string>> = {
  exchange: "exchangeFund",
  foundation: "foundationFund",
  swapPool: "swapPoolFund",
};

/** Subsidy, its division, and special funding at a height. Funding that the row does not mention must not be due. */
const checkHeight =
  (params: Params) =>
  (row: Field): Outcome => {
    const height = row.get("height").height();
    const subsidy = blockSubsidy(params, height);
    const shares = TIERS.map((tier) => tierShare(params, height, tier));
    const [cumulus, nimbus, stratus] = shares;
    const funds = specialFundingAt(params, height).map(({ fund, amount }) => [FUND_KEYS[fund], amount]);
    const divided = ["subsidy", ...TIERS, "remainder"].map((key) => [key, row.get(key).bigint()]);
    const funded = Object.values(FUND_KEYS).map((key) => [key, row.find(key)?.bigint() ?? 0n]);
    return agree(Object.fromEntries([...divided, ...funded]), {
      subsidy,
      cumulus,
      nimbus,
      stratus,
      remainder: shares.reduce<bigint>((left, share) => left - share, subsidy),
      exchangeFund: 0n,
      foundationFund: 0n,
      swapPoolFund: 0n,
      ...Object.fromEntries(funds),
    });
  };

const checkIssued =
  (params: Params) =>
  (row: Field): Outcome =>
    agree(
      { maxIssued: row.get("maxIssued").bigint() },
      { maxIssued: maxIssued(params, row.get("height").height()) },
    );

const CHECKS: Readonly<Record<string, (row: Field) => Outcome>> = Object.fromEntries(
  Object.entries(VECTOR_NETWORKS).flatMap(([network, params]) => [
    [network, checkHeight(params)],
    [`${network}CumulativeMaximum`, checkIssued(params)],
  ]),
);

export const subsidyKind: Kind = {
  name: "subsidy",
  about:
    "subsidy, tier shares, remainder and special funding by height; greatest issuance (mainCumulativeMaximum)",
  recognises: (root) => hasGroup(root, Object.keys(CHECKS)),
  cases: ({ root }) => groupCases(root, CHECKS),
};
