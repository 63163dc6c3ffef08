import {
  type Block,
  blockHash,
  COIN,
  genesisBlock,
  type NetworkKind,
  type Params,
  ParseError,
  parseWhole,
  parseWireHex,
  perTier,
  readBlock,
  regtest,
  type Satoshi,
  toDisplayHex,
  UPGRADES,
} from "@fluxlab/core";
import { decode, keysOf } from "./decode.ts";
import { FILE_NAME, type NetworkFile, networkFields, networkSchema } from "./networkSchema.ts";
import { InvalidInput, type Problem } from "./problems.ts";

// A network of one's own, as a JSON file: what it leaves out is as on regtest.

/**
 * Reads a network file. Keys ending in "note" are remarks for people and skipped.
 * @throws InvalidInput naming every path that is wrong.
 */
export function parseNetwork(json: string): Params {
  const what = "network file";
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    throw new InvalidInput(what, [{ path: [], expected: "JSON", got: (error as Error).message }]);
  }
  const file = decode(what, networkSchema, withoutNotes(data), (path) => keysOf(networkFields, path));
  const params = merge(file);
  const problems = [...checkUpgradeOrder(params), ...checkWindows(params), ...checkProof(params)];
  if (problems.length > 0) throw new InvalidInput(what, problems);
  return params;
}

/**
 * The first block of a network file's network. Parameters name it; what they leave out is in the file: all of it where the block is the
 * file's own (`genesis.hex`), or the solution of its puzzle (`genesis.solution`). Undefined if that is missing, or of another block.
 */
export function networkGenesis(json: string, params: Params): Block | undefined {
  const { genesis } = JSON.parse(json) as { readonly genesis?: { solution?: string; hex?: string } };
  const whole = genesis?.hex === undefined ? undefined : blockOf(genesis.hex);
  if (whole !== undefined && toDisplayHex(blockHash(whole.header)) === params.genesis.hash) return whole;
  return genesisBlock(params, genesis?.solution === undefined ? undefined : parseWireHex(genesis.solution));
}

/** Undefined if it is none. */
function blockOf(hex: string): Block | undefined {
  const bytes = parseWireHex(hex);
  const block = bytes === undefined ? undefined : parseWhole(bytes, readBlock);
  return block instanceof ParseError ? undefined : block;
}

function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !/note$/i.test(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNotes(member)]));
}

/** Upgrades build on each other: a later one may not come before an earlier one. */
function checkUpgradeOrder({ upgrades }: Params): Problem[] {
  const active = UPGRADES.filter((upgrade) => upgrades[upgrade].height >= 0);
  return active.slice(1).flatMap((upgrade, i) => {
    const before = active[i]!;
    const { height } = upgrades[upgrade];
    if (height >= upgrades[before].height) return [];
    const path = ["upgrades", FILE_NAME[upgrade]!, "height"];
    return [
      { path, expected: `a height from ${upgrades[before].height} (${FILE_NAME[before]}) on`, got: height },
    ];
  });
}

function checkWindows({ fluxnodes }: Params): Problem[] {
  return Object.entries(fluxnodes.transitions).flatMap(([tier, { begin, end }]) => {
    if (end >= begin) return [];
    return [
      {
        path: ["fluxnodes", "transitions", tier],
        expected: "an end not before its beginning",
        got: [begin, end],
      },
    ];
  });
}

/** Rules would not honour it elsewhere. */
function checkProof({ proof, kind }: Params): Problem[] {
  if (proof === "real" || kind === "lab") return [];
  return [{ path: ["proof"], expected: 'real, as networkId is not "lab"', got: proof }];
}

function merge(file: NetworkFile): Params {
  const { pow, pon, subsidy, fluxnodes, emergency, funds, genesis } = file;
  const base = regtest;
  return {
    ...base,
    name: file.name,
    kind: file.networkId satisfies NetworkKind,
    currencyUnits: file.currencyUnits ?? base.currencyUnits,
    bip44CoinType: file.bip44CoinType ?? base.bip44CoinType,
    messageStart: file.messageStart ?? base.messageStart,
    p2pPort: file.defaultPort ?? base.p2pPort,
    addressPrefixes: { ...base.addressPrefixes, ...file.addressPrefixes },
    genesis:
      genesis === undefined
        ? base.genesis
        : {
            hash: genesis.hash,
            time: genesis.time,
            bits: Number.parseInt(genesis.bits, 16),
            nonce: genesis.nonce,
            version: genesis.version,
            merkleRoot: genesis.merkleRoot,
          },
    upgrades: mergeUpgrades(file),
    pow: {
      limit: pow?.powLimit ?? base.pow.limit,
      targetSpacing: pow?.targetSpacing ?? base.pow.targetSpacing,
      digishieldWindow: pow?.digishieldAveragingWindow ?? base.pow.digishieldWindow,
      digishieldMaxAdjustDown: pow?.digishieldMaxAdjustDown ?? base.pow.digishieldMaxAdjustDown,
      digishieldMaxAdjustUp: pow?.digishieldMaxAdjustUp ?? base.pow.digishieldMaxAdjustUp,
      minDifficultyAfterHeight:
        pow?.allowMinDifficultyAfterHeight === undefined
          ? base.pow.minDifficultyAfterHeight
          : neverIfNegative(pow.allowMinDifficultyAfterHeight),
      lwmaWindow: pow?.lwmaAveragingWindow ?? base.pow.lwmaWindow,
      equihashFadeLength: pow?.equihash?.fadeLength ?? base.pow.equihashFadeLength,
      equihash:
        pow?.equihash === undefined
          ? base.pow.equihash
          : [
              asEquihash(pow.equihash.epoch1),
              asEquihash(pow.equihash.epoch2),
              asEquihash(pow.equihash.epoch3),
            ],
    },
    pon: {
      limit: pon?.ponLimit ?? base.pon.limit,
      startLimit: pon?.ponStartLimit ?? base.pon.startLimit,
      targetSpacing: pon?.targetSpacing ?? base.pon.targetSpacing,
      difficultyWindow: pon?.difficultyWindow ?? base.pon.difficultyWindow,
      initialSubsidy:
        pon?.initialSubsidy === undefined
          ? base.pon.initialSubsidy
          : ((BigInt(pon.initialSubsidy) * COIN) as Satoshi),
      reductionInterval: pon?.subsidyReductionInterval ?? base.pon.reductionInterval,
      maxReductions: pon?.maxReductions ?? base.pon.maxReductions,
    },
    subsidy: { ...base.subsidy, ...subsidy },
    fluxnodes: {
      paymentStartHeight: fluxnodes?.startPaymentsHeight ?? base.fluxnodes.paymentStartHeight,
      transitions: perTier((tier) => {
        const written = fluxnodes?.transitions?.[tier];
        return written === undefined
          ? base.fluxnodes.transitions[tier]
          : { begin: written[0], end: written[1] };
      }),
      benchmarkKeys: fluxnodes?.benchmarkKeys ?? base.fluxnodes.benchmarkKeys,
      foundationKeys: fluxnodes?.foundationKeys ?? base.fluxnodes.foundationKeys,
    },
    emergency: {
      collateralTxid: emergency?.collateralHash ?? base.emergency.collateralTxid,
      minSignatures: emergency?.minSignatures ?? base.emergency.minSignatures,
      publicKeys: emergency?.publicKeys ?? base.emergency.publicKeys,
    },
    funds: {
      exchange: funds?.exchange === undefined ? base.funds.exchange : asFund(funds.exchange),
      foundation: funds?.foundation === undefined ? base.funds.foundation : asFund(funds.foundation),
      swapPool: funds?.swapPool === undefined ? base.funds.swapPool : asFund(funds.swapPool),
      devAddress: funds?.dev?.address ?? base.funds.devAddress,
    },
    proof: file.proof ?? base.proof,
    checkProofTargets: file.checkProofTargets ?? base.checkProofTargets,
    coinbaseMustBeShielded: file.coinbaseMustBeProtected ?? base.coinbaseMustBeShielded,
    requireStandard: file.requireStandard ?? base.requireStandard,
    mineBlocksOnDemand: file.mineBlocksOnDemand ?? base.mineBlocksOnDemand,
    minimumChainWork: file.minimumChainWork ?? base.minimumChainWork,
    checkpoints: file.checkpoints ?? base.checkpoints,
    maxReorgDepth: file.unchangedFromRegtest?.maxReorgDepth ?? base.maxReorgDepth,
    coinbaseMaturity: file.unchangedFromRegtest?.coinbaseMaturity ?? base.coinbaseMaturity,
  };
}

function mergeUpgrades(file: NetworkFile): Params["upgrades"] {
  const merged = UPGRADES.map((upgrade) => {
    const name = FILE_NAME[upgrade];
    const written = name === undefined ? undefined : file.upgrades?.[name];
    const base = regtest.upgrades[upgrade];
    if (written === undefined) return [upgrade, base];
    const branchId = written.branchId === undefined ? base.branchId : Number.parseInt(written.branchId, 16);
    const protocolVersion = written.protocolVersion ?? base.protocolVersion;
    return [upgrade, { height: written.height, branchId, protocolVersion }];
  });
  return Object.fromEntries(merged) as Params["upgrades"];
}

const neverIfNegative = (height: number): number | undefined => (height < 0 ? undefined : height);

const asEquihash = ([n, k]: readonly [number, number]) => ({ n, k });

const asFund = <T extends { readonly amount: string }>(written: T) => ({
  ...written,
  amount: BigInt(written.amount) as Satoshi,
});
