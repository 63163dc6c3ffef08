import {
  blockSubsidy,
  COIN,
  COLLATERAL_MATURITY,
  coinbaseCap,
  coinbaseParts,
  collateralTier,
  confirmExpiryBlocks,
  contextualDevFundMinimum,
  delegatesAllowed,
  delegatesValid,
  dosRelease,
  type Fund,
  fluxTxFlags,
  ipChangeDistance,
  LAST_UNCAPPED_HEIGHT,
  type Params,
  perTier,
  ponHeightReached,
  remainder,
  remainderReceiver,
  STRICT_NORMAL,
  STRICT_P2SH,
  specialFundingAt,
  startExpiryBlocks,
  TIER_CODE,
  TIERS,
  tierPaymentsEnforced,
  tierShares,
  updateDistance,
  upgradeActive,
  version6Allowed,
  wireHex,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import type { Json } from "../json.ts";
import { agree, groupCases, hasGroup, type Kind, type Outcome } from "./kind.ts";
import { VECTOR_NETWORKS } from "./networks.ts";
import { QUEUE_GROUP } from "./queue.ts";

/** Network and height of a row. */
const placeOf = (row: Field): { params: Params; height: number } => ({
  params: row.get("network").oneOf(VECTOR_NETWORKS),
  height: row.get("height").height(),
});

/** What a row says under the keys of `got`, as it stands there; every one of them must be there. */
function compareRow(row: Field, got: Readonly<Record<string, Json | undefined>>): Outcome {
  const expected = Object.keys(got).map((key) => [key, row.get(key).value]);
  return agree(Object.fromEntries(expected), got);
}

function checkPayout(row: Field): Outcome {
  const { params, height } = placeOf(row);
  const funded = (fund: Fund): bigint =>
    specialFundingAt(params, height).find((funding) => funding.fund === fund)?.amount ?? 0n;
  const byMask = Array.from({ length: 2 ** TIERS.length }, (_, mask) => {
    const hasPayee = perTier((tier) => (mask & (1 << TIERS.indexOf(tier))) !== 0);
    return remainder(params, height, hasPayee);
  });
  const everyTier = perTier(() => true);
  return compareRow(row, {
    subsidy: blockSubsidy(params, height),
    tierPaymentsEnforced: tierPaymentsEnforced(params, height),
    tierAmounts: tierShares(params, height),
    remainderByPayeeMask: byMask,
    remainderReceiver: remainderReceiver(params, height),
    isPonActive: ponHeightReached(params.upgrades, height),
    ponUpgradeActive: upgradeActive(params.upgrades, "pon", height),
    contextualDevFundMin: contextualDevFundMinimum(params, height),
    exchangeFund: funded("exchange"),
    foundationFund: funded("foundation"),
    swapPool: funded("swapPool"),
    coinbaseCapBeforeFees: coinbaseCap(params, height),
    capEnforced: height > LAST_UNCAPPED_HEIGHT,
    templateOutputs: coinbaseParts(params, height, everyTier).map(({ to, amount }) => [to, amount]),
  });
}

function checkCollateral(row: Field): Outcome {
  const { params, height } = placeOf(row);
  const codeOf = (amount: bigint): number => {
    const tier = collateralTier(params, height, amount);
    return tier === undefined ? 0 : TIER_CODE[tier];
  };
  const byCoins = row.get("tierByCoins");
  const codes = byCoins.keys().map((coins) => {
    if (!/^\d{1,12}$/.test(coins)) byCoins.fail("whole FLUX as keys");
    return [coins, codeOf(BigInt(coins) * COIN)];
  });
  return compareRow(row, {
    tierByCoins: Object.fromEntries(codes),
    oneSatOver1000: codeOf(1_000n * COIN + 1n),
  });
}

function checkWindows(row: Field): Outcome {
  const { params, height } = placeOf(row);
  const release = dosRelease(params, height);
  return compareRow(row, {
    startExpiryBlocks: startExpiryBlocks(params, height),
    dosRemoveBlocks: release.blocks,
    dosMatch: release.match,
    confirmExpirationBlocks: confirmExpiryBlocks(params, height),
    updateMinDistanceExclusive: updateDistance(params, height),
    ipChangeMinDistanceInclusive: ipChangeDistance(params, height) ?? null,
    version6Allowed: version6Allowed(params, height),
    delegatesAllowed: delegatesAllowed(params, height),
    collateralMaturityBlocks: COLLATERAL_MATURITY,
  });
}

function checkExpiration(row: Field): Outcome {
  const { params, height } = placeOf(row);
  return compareRow(row, { blocks: confirmExpiryBlocks(params, height) });
}

function checkVersionFlags(row: Field): Outcome {
  const fluxTxVersion = row.get("fluxTxVersion").i32();
  return compareRow(row, {
    ...fluxTxFlags(fluxTxVersion),
    normalStrict: fluxTxVersion === STRICT_NORMAL,
    p2shStrict: fluxTxVersion === STRICT_P2SH,
  });
}

/** Kinds of delegate keys that the files name. */
const DELEGATE_KEYS: Readonly<Record<string, Uint8Array>> = {
  compressed: wireHex(`02${"11".repeat(32)}`),
  compressedHeaderOffCurve: wireHex(`02${"ff".repeat(32)}`),
  uncompressed: wireHex(`04${"11".repeat(64)}`),
  /** A key whose first byte is none of a key's reads back from the wire as this. */
  badHeaderByte: new Uint8Array(0),
};

/** More keys than any message can carry would only fill memory. */
const MAX_KEY_COUNT = 1_000_000;

function checkDelegates(row: Field): Outcome {
  const key = row.get("keyKind").oneOf(DELEGATE_KEYS);
  const keys = new Array<Uint8Array>(row.get("keyCount").integer(0, MAX_KEY_COUNT)).fill(key);
  const version = row.get("version").i32();
  const type = row.get("type").i32();
  return compareRow(row, { valid: delegatesValid({ using: true, version, type, keys }) });
}

const CHECKS = {
  payouts: checkPayout,
  collateralTiers: checkCollateral,
  windows: checkWindows,
  confirmExpiration: checkExpiration,
  fluxTxVersionFlags: checkVersionFlags,
  delegateValidity: checkDelegates,
};

export const payoutsKind: Kind = {
  name: "payouts",
  about: `payouts, collateral, lifecycle windows: groups ${Object.keys(CHECKS).join(", ")}`,
  recognises: (root) => hasGroup(root, Object.keys(CHECKS)),
  cases: ({ root }) => groupCases(root, CHECKS, ["networks", QUEUE_GROUP]),
};
