import type { Satoshi } from "../primitives/money.ts";
import type { PerTier } from "../primitives/tier.ts";
import type { UpgradeSchedule } from "./upgrades.ts";

// The numbers that make a network. Data only: rules read them and live in core/src/rules.
// Source of the fields: fluxd src/consensus/params.h, src/chainparams.h.

/** An Equihash parameter pair. */
export interface EquihashParams {
  readonly n: number;
  readonly k: number;
}

/** A public key (SEC hex) and the Unix time from which it is the one in use. */
export interface TimedKey {
  readonly publicKey: string;
  readonly validFrom: number;
}

/** A one-off payment the coinbase of `height` must make. */
export interface OneOffFund {
  readonly height: number;
  readonly amount: Satoshi;
  readonly address: string;
}

/** Half-open height window [begin, end) in which a tier's old and new collateral amounts are both accepted. */
export interface CollateralTransition {
  readonly begin: number;
  readonly end: number;
}

/** Text prefixes (hex bytes) of the network's addresses and keys. */
export interface AddressPrefixes {
  readonly p2pkh: string;
  readonly p2sh: string;
  readonly wif: string;
  readonly extendedPublic: string;
  readonly extendedSecret: string;
  readonly sproutAddress: string;
  readonly sproutViewingKey: string;
  readonly sproutSpendingKey: string;
  readonly saplingAddress: string;
  readonly saplingFullViewingKey: string;
  readonly saplingIncomingViewingKey: string;
  readonly saplingSpendingKey: string;
}

/** The first block. The coinbase transaction is the same on every built-in network. */
export interface GenesisParams {
  readonly hash: string;
  readonly time: number;
  /** Compact target, u32. */
  readonly bits: number;
  /** 32 bytes, display order. */
  readonly nonce: string;
  readonly version: number;
  /** Display order. */
  readonly merkleRoot: string;
}

/** Proof of work and its retargeting. Targets are 64 hex digits, most significant byte first. */
export interface PowParams {
  readonly limit: string;
  /** Seconds between blocks. */
  readonly targetSpacing: number;
  readonly digishieldWindow: number;
  /** Percent. */
  readonly digishieldMaxAdjustDown: number;
  readonly digishieldMaxAdjustUp: number;
  /** Parent height from which a late block may use the limit as its target; undefined: never. */
  readonly minDifficultyAfterHeight: number | undefined;
  readonly lwmaWindow: number;
  readonly equihashFadeLength: number;
  /** In force from Base, Equihash 144/5 and Kamiooka. */
  readonly equihash: readonly [EquihashParams, EquihashParams, EquihashParams];
}

/** Proof of node: producer lottery, retargeting and its own subsidy schedule. */
export interface PonParams {
  readonly limit: string;
  readonly startLimit: string;
  /** Seconds: length of a slot and aimed distance between blocks. */
  readonly targetSpacing: number;
  readonly difficultyWindow: number;
  readonly initialSubsidy: Satoshi;
  /** Blocks between reductions by a tenth. */
  readonly reductionInterval: number;
  readonly maxReductions: number;
}

/** Issuance before proof of node. */
export interface SubsidyParams {
  /** Blocks over which the subsidy ramps up after genesis. */
  readonly slowStartInterval: number;
  /** Blocks between halvings. */
  readonly halvingInterval: number;
}

/** Payments, collateral and keys of FluxNodes. */
export interface FluxnodeParams {
  /** First height whose coinbase must pay the tiers. */
  readonly paymentStartHeight: number;
  readonly transitions: PerTier<CollateralTransition>;
  readonly benchmarkKeys: readonly TimedKey[];
  /** Owner keys of the foundation's P2SH collaterals. */
  readonly foundationKeys: readonly TimedKey[];
}

/** Blocks signed by known keys instead of a FluxNode. */
export interface EmergencyParams {
  /** Display-order txid that marks an emergency header, output index 0. */
  readonly collateralTxid: string;
  readonly minSignatures: number;
  /** Compressed SEC hex, in list order. */
  readonly publicKeys: readonly string[];
}

/** Payments that coinbases owe besides those to FluxNodes. */
export interface FundParams {
  readonly exchange: OneOffFund;
  readonly foundation: OneOffFund;
  readonly swapPool: {
    readonly startHeight: number;
    /** Blocks between payments. */
    readonly interval: number;
    readonly count: number;
    /** Each time. */
    readonly amount: Satoshi;
    readonly address: string;
  };
  /** Receiver of the proof-of-node remainder. */
  readonly devAddress: string;
}

/**
 * Departures from the rules that fluxd ties to the network's name instead of to a parameter.
 * Source: every use of NetworkIDString in fluxd src/main.cpp, src/pow.cpp, src/pon/pon.cpp, src/emergencyblock.cpp.
 */
export type NetworkKind = "main" | "test" | "regtest" | "lab";

/**
 * How proof-of-work blocks show their work. "modelled": by a marker in place of an Equihash solution, and nobody asks whether the
 * hash meets the target; for simulations that draw block times from hash rates. Targets and what follows from them stay as they are.
 */
export type WorkProof = "real" | "modelled";

/** Everything in which one network differs from another. */
export interface Params {
  /** Shown to people and in RPC results: "main", "test", "regtest" or a lab network's own name. */
  readonly name: string;
  readonly kind: NetworkKind;
  readonly currencyUnits: string;
  readonly bip44CoinType: number;
  /** Four bytes, wire order, hex. */
  readonly messageStart: string;
  readonly p2pPort: number;
  readonly rpcPort: number;
  readonly dnsSeeds: readonly string[];
  readonly addressPrefixes: AddressPrefixes;
  readonly genesis: GenesisParams;
  readonly upgrades: UpgradeSchedule;
  readonly pow: PowParams;
  readonly pon: PonParams;
  readonly subsidy: SubsidyParams;
  readonly fluxnodes: FluxnodeParams;
  readonly emergency: EmergencyParams;
  readonly funds: FundParams;
  /** "modelled" means something on lab networks only: rules/modelledProof.ts. */
  readonly proof: WorkProof;
  /** Whether hashes must meet their targets; regtest checks solutions only. Source: fluxd src/pow.cpp CheckProofOfWork. */
  readonly checkProofTargets: boolean;
  /** Before the Flux upgrade, coinbase value may only go to shielded outputs. */
  readonly coinbaseMustBeShielded: boolean;
  readonly requireStandard: boolean;
  readonly mineBlocksOnDemand: boolean;
  readonly miningRequiresPeers: boolean;
  /** 64 hex digits. */
  readonly minimumChainWork: string;
  /** Height to block hash, display order. */
  readonly checkpoints: Readonly<Record<number, string>>;
  /** Depth at which a competing header is refused. */
  readonly maxReorgDepth: number;
  /** Blocks before a coinbase output may be spent. */
  readonly coinbaseMaturity: number;
  /** First height at which old blocks may be pruned. */
  readonly pruneAfterHeight: number;
}
