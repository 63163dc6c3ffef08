import {
  type Block,
  type BlockHeader,
  blockBytes,
  type JoinSplit,
  merkleTree,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  OVERWINTER_GROUP_ID,
  SAPLING_GROUP_ID,
  type ShieldedOutput,
  type ShieldedSpend,
  type Transaction,
  txid,
} from "@fluxlab/core";

// One small object of every format, made up: for tests that need bytes of each kind and no history.

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const outpoint = (value: number) => ({ txid: filled(32, value), index: value });

const payment: OrdinaryTransaction = {
  kind: "ordinary",
  overwintered: false,
  version: 1,
  versionGroupId: 0,
  inputs: [{ prevout: outpoint(1), scriptSig: filled(107, 0x48), sequence: 0xffff_ffff }],
  outputs: [
    { value: 4_000_000_000n, scriptPubKey: filled(25, 0x76) },
    { value: 0n, scriptPubKey: filled(3, 0x6a) },
  ],
  lockTime: 0,
  expiryHeight: 0,
  shielded: NOTHING_SHIELDED,
};

/** A PHGR13 joinsplit needs lead bytes that name points; all else may be anything. */
function phgr13JoinSplit(): JoinSplit {
  const bytes = filled(1_802, 7);
  for (const offset of [0, 33, 131, 164, 197, 230, 263]) bytes[304 + offset] = 2;
  bytes[304 + 66] = 0x0a;
  return bytes as JoinSplit;
}

const sprout: OrdinaryTransaction = {
  ...payment,
  version: 2,
  shielded: {
    ...NOTHING_SHIELDED,
    joinSplits: [phgr13JoinSplit()],
    joinSplitPubKey: filled(32, 3),
    joinSplitSig: filled(64, 4),
  },
};

const sapling: OrdinaryTransaction = {
  ...payment,
  overwintered: true,
  version: 4,
  versionGroupId: SAPLING_GROUP_ID,
  expiryHeight: 1_000,
};

const shielded: OrdinaryTransaction = {
  ...sapling,
  shielded: {
    valueBalance: -5n,
    spends: [filled(384, 8) as ShieldedSpend],
    outputs: [filled(948, 9) as ShieldedOutput],
    joinSplits: [filled(1_698, 7) as JoinSplit],
    joinSplitPubKey: filled(32, 3),
    joinSplitSig: filled(64, 4),
    bindingSig: filled(64, 5),
  },
};

const start = {
  kind: "fluxnodeStart",
  version: 5,
  fluxTxVersion: 0,
  collateral: outpoint(2),
  collateralPubkey: filled(33, 2),
  pubkey: filled(65, 4),
  redeemScript: filled(0, 0),
  sigTime: 1_700_000_000,
  sig: filled(65, 0x1f),
  delegates: undefined,
} as const;

const confirm = {
  kind: "fluxnodeConfirm",
  version: 5,
  collateral: outpoint(2),
  sigTime: 1_700_000_300,
  benchmarkTier: 1,
  benchmarkSigTime: 1_700_000_310,
  updateType: 0,
  ip: Uint8Array.from(Buffer.from("203.0.113.7:16137")),
  sig: filled(65, 0x1f),
  benchmarkSig: filled(65, 0x20),
} as const;

const noKey = filled(0, 0);
const delegates = { using: true, version: 1, type: 1, keys: [filled(33, 2), filled(33, 3)] };

/** By what it shows. */
export const sampleTransactions: Readonly<Record<string, Transaction>> = {
  payment,
  sprout,
  overwinter: { ...sapling, version: 3, versionGroupId: OVERWINTER_GROUP_ID },
  sapling,
  shielded,
  start5: start,
  start6Normal: { ...start, version: 6, fluxTxVersion: 1 },
  start6P2sh: {
    ...start,
    version: 6,
    fluxTxVersion: 2,
    collateralPubkey: noKey,
    redeemScript: filled(71, 0x52),
  },
  start6Delegates: { ...start, version: 6, fluxTxVersion: 0x101, delegates },
  start6NoLayout: {
    ...start,
    version: 6,
    fluxTxVersion: 0x100,
    collateral: NULL_OUTPOINT,
    collateralPubkey: noKey,
    pubkey: noKey,
    sigTime: 0,
    sig: noKey,
    delegates: { ...delegates, using: false, version: 0, type: 0, keys: [] },
  },
  confirm5: confirm,
  confirm6: { ...confirm, version: 6, updateType: 1 },
  unknownType: { kind: "fluxnodeUnknown", version: 5, type: -1 },
};

const coinbase: OrdinaryTransaction = {
  ...sapling,
  inputs: [{ prevout: NULL_OUTPOINT, scriptSig: Uint8Array.of(2, 0xe8, 3, 0), sequence: 0xffff_ffff }],
};

function block(header: BlockHeader, transactions: readonly Transaction[]): Block {
  return { header: { ...header, merkleRoot: merkleTree(transactions.map(txid)).root }, transactions };
}

const headerCommon = {
  previousHash: filled(32, 1),
  merkleRoot: filled(32, 0),
  saplingRoot: filled(32, 2),
  time: 1_700_000_000,
  bits: 0x1f07ffff,
};

export const sampleBlocks: Readonly<Record<string, Block>> = {
  pow: block({ ...headerCommon, kind: "pow", version: 4, nonce: filled(32, 3), solution: filled(52, 4) }, [
    coinbase,
    payment,
    start,
  ]),
  pon: block(
    { ...headerCommon, kind: "pon", version: 100, collateral: outpoint(5), signature: filled(71, 0x30) },
    [coinbase, sapling, confirm, sampleTransactions["start6Delegates"]!],
  ),
};

export const sampleBlockBytes = (): Uint8Array[] => Object.values(sampleBlocks).map(blockBytes);
