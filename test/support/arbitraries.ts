import {
  type Delegates,
  type FluxnodeTransaction,
  type JoinSplit,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  OVERWINTER_GROUP_ID,
  publicKeySize,
  SAPLING_GROUP_ID,
  type ShieldedOutput,
  type ShieldedPart,
  type ShieldedSpend,
  type Transaction,
} from "@fluxlab/core";
import fc from "fast-check";

// Any transaction that its format can carry, whether or not a rule would allow it.

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const i8 = fc.integer({ min: -128, max: 127 });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const bytes = fc.uint8Array({ maxLength: 300 });
const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const outpoint = fc.record({ txid: fixed(32), index: u32 });
const NO_BYTES = new Uint8Array(0);

/** A key as it is once read: empty, or of the size its first byte calls for. */
const publicKey = fc.constantFrom(2, 3, 4, 6, 7, 9).chain((first) =>
  fixed(publicKeySize(first)).map((key) => {
    if (key.length > 0) key[0] = first;
    return key;
  }),
);

const inputs = fc.array(fc.record({ prevout: outpoint, scriptSig: bytes, sequence: u32 }), { maxLength: 4 });
const outputs = fc.array(fc.record({ value: i64, scriptPubKey: bytes }), { maxLength: 4 });

/** PHGR13 proofs need lead bytes that name points. */
const phgr13JoinSplit = fixed(1_802).map((joinSplit) => {
  for (const offset of [0, 33, 131, 164, 197, 230, 263])
    joinSplit[304 + offset] = 2 | (joinSplit[offset]! & 1);
  joinSplit[304 + 66] = 0x0a | (joinSplit[0]! & 1);
  return joinSplit as JoinSplit;
});
const groth16JoinSplit = fixed(1_698).map((joinSplit) => joinSplit as JoinSplit);

const shieldedPart = (sapling: boolean, joinSplit: fc.Arbitrary<JoinSplit>): fc.Arbitrary<ShieldedPart> =>
  fc
    .record({
      valueBalance: sapling ? i64 : fc.constant(0n),
      spends: fc.array(fixed(384), { maxLength: sapling ? 2 : 0 }),
      outputs: fc.array(fixed(948), { maxLength: sapling ? 2 : 0 }),
      joinSplits: fc.array(joinSplit, { maxLength: 2 }),
      signatures: fixed(160),
    })
    .map(({ valueBalance, spends, outputs, joinSplits, signatures }) => ({
      valueBalance,
      spends: spends as ShieldedSpend[],
      outputs: outputs as ShieldedOutput[],
      joinSplits,
      joinSplitPubKey: joinSplits.length > 0 ? signatures.slice(0, 32) : NO_BYTES,
      joinSplitSig: joinSplits.length > 0 ? signatures.slice(32, 96) : NO_BYTES,
      bindingSig: spends.length + outputs.length > 0 ? signatures.slice(96) : NO_BYTES,
    }));

interface Format {
  readonly overwintered: boolean;
  readonly version: fc.Arbitrary<number>;
  readonly versionGroupId: number;
  readonly shielded: fc.Arbitrary<ShieldedPart>;
}

const sproutVersion = fc.oneof(fc.constantFrom(2, 3, 4), fc.integer({ min: 7, max: 0x7fff_ffff }));
const FORMATS: readonly Format[] = [
  {
    overwintered: false,
    version: fc.constantFrom(0, 1),
    versionGroupId: 0,
    shielded: fc.constant(NOTHING_SHIELDED),
  },
  {
    overwintered: false,
    version: sproutVersion,
    versionGroupId: 0,
    shielded: shieldedPart(false, phgr13JoinSplit),
  },
  {
    overwintered: true,
    version: fc.constant(3),
    versionGroupId: OVERWINTER_GROUP_ID,
    shielded: shieldedPart(false, phgr13JoinSplit),
  },
  {
    overwintered: true,
    version: fc.constant(4),
    versionGroupId: SAPLING_GROUP_ID,
    shielded: shieldedPart(true, groth16JoinSplit),
  },
];

const ordinary: fc.Arbitrary<OrdinaryTransaction> = fc.constantFrom(...FORMATS).chain((format) =>
  fc.record({
    kind: fc.constant("ordinary" as const),
    overwintered: fc.constant(format.overwintered),
    version: format.version,
    versionGroupId: fc.constant(format.versionGroupId),
    inputs,
    outputs,
    lockTime: u32,
    expiryHeight: format.overwintered ? u32 : fc.constant(0),
    shielded: format.shielded,
  }),
);

const keyless = { using: true, keys: [] };
const delegates: fc.Arbitrary<Delegates> = fc.oneof(
  fc.constant({ using: false, version: 0, type: 0, keys: [] }),
  fc
    .record({ version: fc.constant(1), type: fc.constant(1), keys: fc.array(publicKey, { maxLength: 6 }) })
    .map((list) => ({ using: true, ...list })),
  fc.record({ version: i8, type: fc.constant(2) }).map((list) => ({ ...keyless, ...list })),
);

/** What a START has between fluxTxVersion and delegates, by layout. */
const startBody = fc.record({ collateral: outpoint, pubkey: publicKey, sigTime: u32, sig: bytes });
const normalBody = fc
  .tuple(startBody, publicKey)
  .map(([body, collateralPubkey]) => ({ ...body, collateralPubkey, redeemScript: NO_BYTES }));
const p2shBody = fc
  .tuple(startBody, bytes)
  .map(([body, redeemScript]) => ({ ...body, collateralPubkey: NO_BYTES, redeemScript }));
const noBody = fc.constant({
  collateral: NULL_OUTPOINT,
  pubkey: NO_BYTES,
  sigTime: 0,
  sig: NO_BYTES,
  collateralPubkey: NO_BYTES,
  redeemScript: NO_BYTES,
});

const START = { kind: "fluxnodeStart" } as const;
const start5 = normalBody.map((body) => ({
  ...START,
  version: 5 as const,
  fluxTxVersion: 0,
  ...body,
  delegates: undefined,
}));
const start6 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).chain((fluxTxVersion) => {
  const body = (fluxTxVersion & 2) !== 0 ? p2shBody : (fluxTxVersion & 1) !== 0 ? normalBody : noBody;
  const part = (fluxTxVersion & 0x100) !== 0 ? delegates : fc.constant(undefined);
  return fc
    .tuple(body, part)
    .map(([fields, list]) => ({ ...START, version: 6 as const, fluxTxVersion, ...fields, delegates: list }));
});

const version = fc.constantFrom(5 as const, 6 as const);
const confirm = fc.record({
  kind: fc.constant("fluxnodeConfirm" as const),
  version,
  collateral: outpoint,
  sigTime: u32,
  benchmarkTier: i8,
  benchmarkSigTime: u32,
  updateType: i8,
  ip: bytes,
  sig: bytes,
  benchmarkSig: bytes,
});
const unknown = fc.record({
  kind: fc.constant("fluxnodeUnknown" as const),
  version,
  type: i8.filter((type) => type !== 2 && type !== 4),
});

const fluxnode: fc.Arbitrary<FluxnodeTransaction> = fc.oneof(start5, start6, confirm, unknown);

export const anyTransaction: fc.Arbitrary<Transaction> = fc.oneof(ordinary, fluxnode);
