import {
  COIN,
  type NetworkKind,
  type Params,
  perTier,
  regtest,
  type Satoshi,
  UPGRADES,
  type Upgrade,
} from "@fluxlab/core";
import * as Schema from "effect/Schema";
import { decode, keysOf, oneOf, text, whole } from "./decode.ts";
import { InvalidInput, type Problem } from "./problems.ts";

// A network of one's own, as a JSON file: what it leaves out is as on regtest. The format is that of the recorded
// laboratory network, so a file made for a modified fluxd fits.

const HIGHEST = 0x7fff_ffff;

const hex = (bytes: number, what: string) =>
  text(
    `${what}, ${bytes * 2} hex digits`,
    (value) => value.length === bytes * 2 && /^[0-9a-f]*$/.test(value),
  );
const hash = (what: string) => hex(32, what);
const prefix = text("a prefix of hex bytes", (value) => /^(?:[0-9a-f]{2}){1,4}$/.test(value));
const height = whole("a height, or -1 for never", -1, HIGHEST);
const blocks = whole("a number of blocks", 0, HIGHEST);
const positive = (what: string) => whole(`${what}, 1 or more`, 1, HIGHEST);
/** Bounds within which the core's retargets are exact. */
const spacing = whole("seconds between blocks, 1 to 600", 1, 600);
const averagingWindow = whole("a number of blocks, 1 to 144", 1, 144);
const optional = Schema.optionalKey;
const satoshi = text("an amount in satoshi, as a string of digits", (value) => /^\d{1,17}$/.test(value));
const address = text("an address");
const publicKey = text("a public key, 66 or 130 hex digits", (value) =>
  /^(?:0[23][0-9a-f]{64}|04[0-9a-f]{128})$/.test(value),
);
const window = Schema.Tuple([blocks, blocks]).annotate({ message: "[first height, height after the last]" });
const equihash = Schema.Tuple([positive("n"), positive("k")]).annotate({ message: "[n, k]" });
const timedKeys = Schema.Array(
  Schema.Struct({ publicKey, validFrom: whole("a Unix time", 0, Number.MAX_SAFE_INTEGER) }),
);
const fund = Schema.Struct({ height: blocks, amount: satoshi, address });

const fields = {
  name: text("a name"),
  networkId: oneOf(["lab", "main", "test", "regtest"]),
  description: optional(text("one line of text")),
  messageStart: optional(hex(4, "four magic bytes")),
  addressPrefixes: optional(
    Schema.Struct({ p2pkh: optional(prefix), p2sh: optional(prefix), wif: optional(prefix) }),
  ),
  defaultPort: optional(whole("a port", 1, 65_535)),
  currencyUnits: optional(text("a currency unit")),
  bip44CoinType: optional(blocks),
  genesis: optional(
    Schema.Struct({
      hash: hash("the genesis block's hash"),
      time: whole("a Unix time", 0, 0xffff_ffff),
      bits: hex(4, "a compact target"),
      nonce: hash("a nonce in display order"),
      solution: optional(text("hex bytes")),
      version: positive("a block version"),
      merkleRoot: hash("a Merkle root in display order"),
      hex: optional(text("hex bytes")),
    }),
  ),
  checkProofTargets: optional(Schema.Boolean.annotate({ message: "true or false" })),
  requireStandard: optional(Schema.Boolean.annotate({ message: "true or false" })),
  coinbaseMustBeProtected: optional(Schema.Boolean.annotate({ message: "true or false" })),
  mineBlocksOnDemand: optional(Schema.Boolean.annotate({ message: "true or false" })),
  checkpoints: optional(Schema.Record(Schema.String, hash("a block hash"))),
  minimumChainWork: optional(hash("chain work")),
  /** Roots of the empty note-commitment trees: the same on every network, kept in such files for reference. */
  emptySaplingRoot: optional(hash("a tree root")),
  emptySproutRoot: optional(hash("a tree root")),
  upgrades: optional(
    Schema.Struct(
      Object.fromEntries(
        [
          "BASE",
          "LWMA",
          "EQUI144_5",
          "ACADIA",
          "KAMIOOKA",
          "KAMATA",
          "FLUX",
          "HALVING",
          "P2SHNODES",
          "PON",
        ].map((name) => [
          name,
          optional(
            Schema.Struct({
              height,
              branchId: optional(hex(4, "a branch id")),
              protocolVersion: optional(positive("a protocol version")),
            }),
          ),
        ]),
      ),
    ),
  ),
  pow: optional(
    Schema.Struct({
      powLimit: optional(hash("a target")),
      targetSpacing: optional(spacing),
      digishieldAveragingWindow: optional(averagingWindow),
      digishieldMaxAdjustDown: optional(whole("percent, 0 to 1000", 0, 1_000)),
      digishieldMaxAdjustUp: optional(whole("percent, 0 to 100", 0, 100)),
      allowMinDifficultyAfterHeight: optional(height),
      lwmaAveragingWindow: optional(averagingWindow),
      equihash: optional(
        Schema.Struct({ epoch1: equihash, epoch2: equihash, epoch3: equihash, fadeLength: optional(blocks) }),
      ),
    }),
  ),
  pon: optional(
    Schema.Struct({
      ponLimit: optional(hash("a target")),
      ponStartLimit: optional(hash("a target")),
      targetSpacing: optional(spacing),
      difficultyWindow: optional(whole("a number of blocks, 2 to 10000", 2, 10_000)),
      initialSubsidy: optional(whole("whole coins", 0, 440_000_000)),
      subsidyReductionInterval: optional(positive("a number of blocks")),
      maxReductions: optional(blocks),
    }),
  ),
  subsidy: optional(
    Schema.Struct({
      slowStartInterval: optional(blocks),
      halvingInterval: optional(positive("a number of blocks")),
    }),
  ),
  fluxnodes: optional(
    Schema.Struct({
      startPaymentsHeight: optional(blocks),
      benchmarkKeys: optional(timedKeys),
      foundationKeys: optional(timedKeys),
      transitions: optional(Schema.Struct({ cumulus: window, nimbus: window, stratus: window })),
    }),
  ),
  emergency: optional(
    Schema.Struct({
      collateralHash: optional(hash("a txid")),
      minSignatures: optional(positive("a number of signatures")),
      publicKeys: optional(Schema.Array(publicKey)),
    }),
  ),
  funds: optional(
    Schema.Struct({
      exchange: optional(fund),
      foundation: optional(fund),
      swapPool: optional(
        Schema.Struct({
          startHeight: blocks,
          interval: positive("a number of blocks"),
          count: blocks,
          amount: satoshi,
          address,
        }),
      ),
      dev: optional(Schema.Struct({ address })),
    }),
  ),
  /** Limits that rarely change; no rule reads majorityWindow. */
  unchangedFromRegtest: optional(
    Schema.Struct({
      maxReorgDepth: optional(blocks),
      coinbaseMaturity: optional(blocks),
      majorityWindow: optional(blocks),
    }),
  ),
  /** Private keys for tests; no parameter. */
  keys: optional(Schema.Unknown),
};

const schema = Schema.Struct(fields);
type NetworkFile = typeof schema.Type;

/** Names in a file for our names of the upgrades. */
const FILE_NAME: Readonly<Partial<Record<Upgrade, string>>> = {
  base: "BASE",
  lwma: "LWMA",
  equihash144: "EQUI144_5",
  acadia: "ACADIA",
  kamiooka: "KAMIOOKA",
  kamata: "KAMATA",
  flux: "FLUX",
  halving: "HALVING",
  p2shNodes: "P2SHNODES",
  pon: "PON",
};

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
  const file = decode(what, schema, withoutNotes(data), (path) => keysOf(fields, path));
  const params = merge(file);
  const problems = [...checkUpgradeOrder(params), ...checkWindows(params)];
  if (problems.length > 0) throw new InvalidInput(what, problems);
  return params;
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
        neverIfNegative(pow?.allowMinDifficultyAfterHeight) ?? base.pow.minDifficultyAfterHeight,
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

const neverIfNegative = (height: number | undefined): number | undefined =>
  height === undefined || height < 0 ? undefined : height;

const asEquihash = ([n, k]: readonly [number, number]) => ({ n, k });

const asFund = <T extends { readonly amount: string }>(written: T) => ({
  ...written,
  amount: BigInt(written.amount) as Satoshi,
});
