import fc from "fast-check";
import { expect, test } from "vitest";
import type { Kind } from "../../../core/host/check/kind.ts";
import { KINDS } from "../../../core/host/check/kinds.ts";
import { InputError } from "../../../core/host/commandLine.ts";
import { Field } from "../../../core/host/field.ts";

// Files come from strangers: whatever is in them, a kind may only answer or say what is wrong with the file.

const HASH = "ab".repeat(32);
const TX = `0100000001${HASH}0000000000ffffffff0100000000000000000000000000`;
const KEY = `02${"11".repeat(32)}`;
const START = `0500000002${HASH}000000002102${"11".repeat(32)}2102${"22".repeat(32)}0000000000`;
const BITS = "1e012345";
const WIF = "L17FU2CoD4joDmEp1xMbfuD6eQ8Yr8SEC2gjbcKktLs3DS3WCCxF";

/** A small file of every kind, as its format has it; the values need not be right. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  script: [["0 0x0101 'a'", "OP_EQUAL NOT 16", "P2SH,STRICTENC", "why"], ["a comment"]],
  sighash: [[TX, "51", 0, -1, 0, HASH]],
  tx: [[[[HASH, -1, "1"]], TX, "P2SH"]],
  base58: [
    ["t1T8yaLVhNqxA5KJcmiqqFN88e8DNp2PBfF", "00", { isPrivkey: false, isCompressed: true, chain: "mainnet" }],
  ],
  keys: {
    deterministic_signatures: {
      cases: [{ wif: WIF, message_utf8: "m", digest: "", signature_der: "", signature_compact: "" }],
    },
    message_signatures: { cases: [{ wif: WIF, message_utf8: "m", digest: "", signature_base64: "AAAA" }] },
    p2sh_multisig: {
      redeem_script: "51",
      script_pubkey: "",
      address_main: "",
      keys: [{ wif: WIF, pubkey: KEY }],
    },
  },
  "fluxnode-tx": {
    transactions: [
      {
        name: "a",
        raw: START,
        txid: HASH,
        fields: { version: 5 },
        signedMessage: "",
        signerPrivateKey: HASH,
      },
    ],
    delegateSerialization: [
      { version: 1, type: 1, keysInMemory: [KEY], serialized: "", keysAfterRoundTrip: 1 },
    ],
  },
  block: { blocks: [{ block_hex: TX, hash: HASH }], transactions: [{ raw_hex: TX, txid: HASH, vin: 1 }] },
  payouts: {
    payouts: [{ network: "main", height: 5 }],
    collateralTiers: [{ network: "test", height: 5, tierByCoins: { "1000": 1 }, oneSatOver1000: 0 }],
    windows: [{ network: "regtest", height: 5, dosMatch: "exact" }],
    fluxTxVersionFlags: [{ fluxTxVersion: 1, normal: true }],
    delegateValidity: [{ version: 1, type: 1, keyCount: 1, keyKind: "compressed", valid: true }],
  },
  queue: {
    queueOrder: [{ nodes: [{ txid: HASH, vout: 0, confirmedHeight: 1, lastPaidHeight: 0 }], order: [0] }],
  },
  equihash: {
    arrays: [{ bitLen: 11, bytePad: 0, compact: "ffff", expanded: "07ff" }],
    minimal: [{ collisionBitLength: 7, indices: [1], minimal: "01" }],
    solutionSets: [{ n: 48, k: 5, input: "", nonce: "", allSolutions: [[1]] }],
    solutions: [{ n: 48, k: 5, input: "", nonce: "", solution: "", valid: false, reason: "length" }],
    headers: [{ n: 48, k: 5, headerWithoutSolution: "00".repeat(140), solution: "", blockHash: HASH }],
    hashOutputs: [{ n: 125, k: 4, input: "", nonce: "", hashIndex: 17, digest: "", rows: [""] }],
  },
  subsidy: { main: [{ height: 5, subsidy: 1 }], mainCumulativeMaximum: [{ height: 5, maxIssued: "1" }] },
  difficulty: {
    compactDecode: [{ compact: BITS, target: HASH, negative: false, overflow: false, reencoded: BITS }],
    compactEncode: [{ target: HASH, compact: BITS }],
    blockProof: [{ version: 4, bits: BITS, work: HASH }],
    chainWork: [{ blocks: [[4, BITS]], totalWork: HASH }],
    digishield: [{ network: "main", averageTarget: HASH, lastMedianTime: 9, firstMedianTime: 5, bits: BITS }],
    powNextBits: [{ network: "test", tipHeight: 1, headers: [[5, BITS]], newBlockTime: 9, bits: BITS }],
    ponNextBits: [{ network: "regtest", tipHeight: 0, headers: [[5, BITS]], bits: BITS }],
    slot: [{ network: "main", time: 5, slot: 1 }],
    ponHash: [{ collateralTxid: HASH, collateralIndex: 1, prevBlockHash: HASH, slot: 1, ponHash: HASH }],
    checkProofOfNode: [{ network: "main", ponHash: HASH, bits: BITS, height: 0, valid: false }],
    checkProofOfWork: [{ network: "main", hash: HASH, bits: BITS, valid: false }],
    ponHashOrder: [{ a: HASH, b: HASH, aBeforeB: false, aNumericallySmaller: false }],
    equihashParams: [{ network: "main", height: 5, accepted: [[200, 9, 1344]] }],
    upgradeEpoch: [{ network: "main", height: 5, index: 0, branchId: "00000000" }],
    medianTimePast: [{ times: [5, 9], median: 9 }],
    ponSignedHeader: [
      {
        ...{ version: 100, prevBlockHash: HASH, merkleRoot: HASH, saplingRoot: HASH, time: 5, bits: BITS },
        ...{ collateralTxid: HASH, collateralIndex: 0, signature: "3006020101020101", pubkey: KEY },
        ...{ blockHash: HASH, ponHash: HASH, signatureValid: false },
      },
    ],
  },
};

/** Values that mean something somewhere. */
const telling = fc.constantFrom<unknown>(
  ...[
    "",
    "00",
    "0x",
    "'",
    "-9223372036854775808",
    HASH,
    TX,
    START,
    KEY,
    WIF,
    "main",
    "__proto__",
    "constructor",
  ],
  ...[0, -1, 1e9, 2 ** 53, 0.5, 1n << 80n, null, true, [], {}, [[]]],
);
const anything = fc.oneof(telling, fc.jsonValue());

/** A copy of `value` with one value in it replaced, chosen by `draw`. */
function replaceOne(value: unknown, draw: number, replacement: unknown): unknown {
  if (typeof value !== "object" || value === null || draw % 7 === 0) return replacement;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  const keys = Object.keys(copy);
  if (keys.length === 0) return replacement;
  const key = keys[draw % keys.length]! as keyof typeof copy;
  (copy as Record<string, unknown>)[key as string] = replaceOne(copy[key], Math.floor(draw / 7), replacement);
  return copy;
}

/** Runs every case to its outcome. */
function checkAll(kind: Kind, content: unknown): void {
  const root = new Field(content);
  kind.recognises(root);
  onlyInputErrors(() => {
    for (const each of kind.cases({ name: "valid", root, expect: undefined }))
      onlyInputErrors(() => void each.check());
  });
}

function onlyInputErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
}

test.each(
  KINDS.map((kind) => [kind.name, kind] as const),
)("%s answers whatever a file holds", (name, kind) => {
  const sample = SAMPLES[name];
  expect(kind.recognises(new Field(sample))).toBe(true);
  fc.assert(
    fc.property(anything, fc.nat(), (value, draw) => {
      checkAll(kind, value);
      checkAll(kind, replaceOne(sample, draw, value));
    }),
    // 156 leads to the expanded form of the first array of Equihash: a group that has more bits than its width.
    {
      numRuns: 300,
      examples: [
        [0, 0],
        ["ffff", 156],
      ],
    },
  );
});
