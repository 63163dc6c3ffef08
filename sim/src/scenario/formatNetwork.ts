import {
  assert,
  type Block,
  blockBytes,
  COIN,
  type OneOffFund,
  type Params,
  perTier,
  rulesId,
  toWireHex,
  UPGRADES,
} from "@fluxlab/core";
import { parseNetwork } from "./networkFile.ts";
import { FILE_NAME } from "./networkSchema.ts";

/** The `bits` of a header, or a branch id: eight hex digits. */
const word = (value: number): string => value.toString(16).padStart(8, "0");

/**
 * The network file of parameters and their first block, which {@link parseNetwork} reads back to the same rules. What a file cannot say (of
 * all that regtest has as it is) must be as on regtest.
 */
export function formatNetwork(params: Params, genesis: Block): string {
  const text = JSON.stringify(networkFile(params, genesis), wholeCoins, 2);
  assert(
    rulesId(parseNetwork(text)) === rulesId(params),
    "a network file says all that the network has of its own",
  );
  return `${text}\n`;
}

/** Whole coins are few enough for a JSON number. */
const wholeCoins = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? Number(value) : value;

const networkFile = (params: Params, genesis: Block) => ({
  name: params.name,
  networkId: params.kind,
  messageStart: params.messageStart,
  defaultPort: params.p2pPort,
  genesis: { ...params.genesis, bits: word(params.genesis.bits), hex: toWireHex(blockBytes(genesis)) },
  proof: params.proof,
  checkProofTargets: params.checkProofTargets,
  requireStandard: params.requireStandard,
  coinbaseMustBeProtected: params.coinbaseMustBeShielded,
  mineBlocksOnDemand: params.mineBlocksOnDemand,
  checkpoints: params.checkpoints,
  minimumChainWork: params.minimumChainWork,
  upgrades: upgradesOf(params),
  pow: powOf(params),
  pon: {
    ponLimit: params.pon.limit,
    ponStartLimit: params.pon.startLimit,
    targetSpacing: params.pon.targetSpacing,
    difficultyWindow: params.pon.difficultyWindow,
    initialSubsidy: params.pon.initialSubsidy / COIN,
    subsidyReductionInterval: params.pon.reductionInterval,
    maxReductions: params.pon.maxReductions,
  },
  subsidy: params.subsidy,
  fluxnodes: {
    startPaymentsHeight: params.fluxnodes.paymentStartHeight,
    benchmarkKeys: params.fluxnodes.benchmarkKeys,
    foundationKeys: params.fluxnodes.foundationKeys,
    transitions: perTier((tier) => {
      const { begin, end } = params.fluxnodes.transitions[tier];
      return [begin, end];
    }),
  },
  emergency: {
    collateralHash: params.emergency.collateralTxid,
    minSignatures: params.emergency.minSignatures,
    publicKeys: params.emergency.publicKeys,
  },
  funds: {
    exchange: fundOf(params.funds.exchange),
    foundation: fundOf(params.funds.foundation),
    swapPool: { ...params.funds.swapPool, amount: `${params.funds.swapPool.amount}` },
    dev: { address: params.funds.devAddress },
  },
  unchangedFromRegtest: { maxReorgDepth: params.maxReorgDepth, coinbaseMaturity: params.coinbaseMaturity },
});

const upgradesOf = ({ upgrades }: Params) =>
  Object.fromEntries(
    UPGRADES.flatMap((upgrade) => {
      const name = FILE_NAME[upgrade];
      const { height, branchId, protocolVersion } = upgrades[upgrade];
      return name === undefined ? [] : [[name, { height, branchId: word(branchId), protocolVersion }]];
    }),
  );

function powOf({ pow }: Params) {
  const [epoch1, epoch2, epoch3] = pow.equihash.map(({ n, k }) => [n, k] as const);
  return {
    powLimit: pow.limit,
    targetSpacing: pow.targetSpacing,
    digishieldAveragingWindow: pow.digishieldWindow,
    digishieldMaxAdjustDown: pow.digishieldMaxAdjustDown,
    digishieldMaxAdjustUp: pow.digishieldMaxAdjustUp,
    allowMinDifficultyAfterHeight: pow.minDifficultyAfterHeight ?? -1,
    lwmaAveragingWindow: pow.lwmaWindow,
    equihash: { epoch1, epoch2, epoch3, fadeLength: pow.equihashFadeLength },
  };
}

const fundOf = ({ height, amount, address }: OneOffFund) => ({ height, amount: `${amount}`, address });
