import { flux, type Params, regtest, type Satoshi, type TimedKey, type UpgradeSchedule } from "@fluxlab/core";
import { readJson } from "./vectors.ts";

interface FundJson {
  readonly height: number;
  readonly amount: string;
  readonly address: string;
}

interface LabnetJson {
  readonly upgrades: Record<string, { height: number; branchId: string; protocolVersion: number }>;
  readonly pow: { powLimit: string; allowMinDifficultyAfterHeight: number };
  readonly pon: {
    ponLimit: string;
    ponStartLimit: string;
    difficultyWindow: number;
    initialSubsidy: number;
    subsidyReductionInterval: number;
    maxReductions: number;
  };
  readonly subsidy: { slowStartInterval: number; halvingInterval: number };
  readonly fluxnodes: {
    startPaymentsHeight: number;
    benchmarkKeys: TimedKey[];
    foundationKeys: TimedKey[];
    transitions: Record<"cumulus" | "nimbus" | "stratus", [number, number]>;
  };
  readonly emergency: { collateralHash: string; minSignatures: number; publicKeys: string[] };
  readonly funds: {
    exchange: FundJson;
    foundation: FundJson;
    swapPool: { startHeight: number; interval: number; count: number; amount: string; address: string };
    dev: { address: string };
  };
}

const fund = ({ height, amount, address }: FundJson) => ({
  height,
  amount: BigInt(amount) as Satoshi,
  address,
});

/** The network of the recorded laboratory chain: regtest, but for what its params.json lists. */
export function labnetParams(): Params {
  const lab = readJson<LabnetJson>("labnet/params.json");
  const upgrade = (name: string) => {
    const { height, branchId, protocolVersion } = lab.upgrades[name]!;
    return { height, branchId: Number.parseInt(branchId, 16), protocolVersion };
  };
  const upgrades: UpgradeSchedule = {
    base: upgrade("BASE"),
    testDummy: regtest.upgrades.testDummy,
    lwma: upgrade("LWMA"),
    equihash144: upgrade("EQUI144_5"),
    acadia: upgrade("ACADIA"),
    kamiooka: upgrade("KAMIOOKA"),
    kamata: upgrade("KAMATA"),
    flux: upgrade("FLUX"),
    halving: upgrade("HALVING"),
    p2shNodes: upgrade("P2SHNODES"),
    pon: upgrade("PON"),
  };
  const window = ([begin, end]: [number, number]) => ({ begin, end });
  const { cumulus, nimbus, stratus } = lab.fluxnodes.transitions;
  return {
    ...regtest,
    name: "labnet",
    kind: "lab",
    upgrades,
    pow: {
      ...regtest.pow,
      limit: lab.pow.powLimit,
      digishieldMaxAdjustDown: 32,
      digishieldMaxAdjustUp: 16,
      minDifficultyAfterHeight: lab.pow.allowMinDifficultyAfterHeight,
      equihash: [
        { n: 48, k: 5 },
        { n: 48, k: 5 },
        { n: 48, k: 5 },
      ],
    },
    pon: {
      limit: lab.pon.ponLimit,
      startLimit: lab.pon.ponStartLimit,
      targetSpacing: 30,
      difficultyWindow: lab.pon.difficultyWindow,
      initialSubsidy: flux(BigInt(lab.pon.initialSubsidy)),
      reductionInterval: lab.pon.subsidyReductionInterval,
      maxReductions: lab.pon.maxReductions,
    },
    subsidy: lab.subsidy,
    fluxnodes: {
      paymentStartHeight: lab.fluxnodes.startPaymentsHeight,
      transitions: { cumulus: window(cumulus), nimbus: window(nimbus), stratus: window(stratus) },
      benchmarkKeys: lab.fluxnodes.benchmarkKeys,
      foundationKeys: lab.fluxnodes.foundationKeys,
    },
    emergency: {
      collateralTxid: lab.emergency.collateralHash,
      minSignatures: lab.emergency.minSignatures,
      publicKeys: lab.emergency.publicKeys,
    },
    funds: {
      exchange: fund(lab.funds.exchange),
      foundation: fund(lab.funds.foundation),
      swapPool: { ...lab.funds.swapPool, amount: BigInt(lab.funds.swapPool.amount) as Satoshi },
      devAddress: lab.funds.dev.address,
    },
    requireStandard: true,
  };
}
