import {
  type FusionPayload,
  fusionOperation,
  fusionPayloadBytes,
  MAX_FUSION_BYTES,
  nullDataScript,
  type OrdinaryTransaction,
  ParseError,
  parseFusionPayload,
  payToKeyHash,
  payToScriptHash,
  scriptOwner,
  type TxOutput,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyTransaction } from "../../../support/arbitraries.ts";
import { plainTransaction } from "../../../support/plainTransaction.ts";

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const byte = fc.nat(255);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const recipient = fc.constantFrom(1 as const, 2 as const).chain((kind) => {
  const length = kind === 1 ? 20 : 32;
  return fc.record({
    kind: fc.constant(kind),
    account: fc.uint8Array({ minLength: length, maxLength: length }),
  });
});
const payload: fc.Arbitrary<FusionPayload> = fc.oneof(
  fc.record({ type: fc.constant("lock" as const), target: byte, recipient }),
  fc.record({ type: fc.constant("unlock" as const), source: byte, lockId: hash }),
  fc.record({
    type: fc.constant("claim" as const),
    chain: byte,
    firstHeight: u32,
    lastHeight: u32,
    recipient,
  }),
  fc.record({ type: fc.constant("release" as const), chain: byte, snapshotHeight: u32 }),
  fc.record({ type: fc.constant("cancel" as const), lockTxid: hash }),
);

describe("payloads", () => {
  const id = "00".repeat(31).concat("07");
  const account = "aa".repeat(20);
  const BYTES: readonly (readonly [string, FusionPayload])[] = [
    [
      `4655534e010102${"01"}${account}`,
      { type: "lock", target: 2, recipient: { kind: 1, account: wireHex(account) } },
    ],
    [`4655534e010203${id}`, { type: "unlock", source: 3, lockId: wireHex(id) }],
    [
      `4655534e010304${"10000000"}${"ff000000"}${"02"}${id}`,
      {
        type: "claim",
        chain: 4,
        firstHeight: 16,
        lastHeight: 255,
        recipient: { kind: 2, account: wireHex(id) },
      },
    ],
    [`4655534e010405${"40e20100"}`, { type: "release", chain: 5, snapshotHeight: 123_456 }],
    [`4655534e0105${id}`, { type: "cancel", lockTxid: wireHex(id) }],
  ];

  test.each(BYTES)("%s", (hex, value) => {
    expect(toWireHex(fusionPayloadBytes(value))).toBe(hex);
    expect(parseFusionPayload(wireHex(hex))).toEqual(value);
  });

  test.each([
    ["", "magic", 0, "endOfData"],
    ["4655534d01", "magic", 0, "unknownValue"],
    ["4655534e02", "version", 4, "unknownValue"],
    ["4655534e01", "opcode", 5, "endOfData"],
    ["4655534e0106", "opcode", 5, "unknownValue"],
    ["4655534e010102", "recipientKind", 7, "endOfData"],
    [`4655534e01010203${account}`, "recipientKind", 7, "unknownValue"],
    [`4655534e01010202${account}`, "recipient", 8, "endOfData"],
    [`4655534e01010201${account}00`, "end", 28, "trailingData"],
    ["4655534e0104054000", "snapshotHeight", 7, "endOfData"],
  ])("%s cannot be read: %s at %i, %s", (hex, field, offset, reason) => {
    expect(parseFusionPayload(wireHex(hex))).toEqual(new ParseError(offset, field, reason as never));
  });

  test("every payload fits an OP_RETURN and is read back; every strict prefix of it is not", () => {
    const check = fc.property(payload, fc.nat(), (value, cut) => {
      const bytes = fusionPayloadBytes(value);
      expect(bytes.length).toBeLessThanOrEqual(MAX_FUSION_BYTES);
      expect(parseFusionPayload(bytes)).toEqual(value);
      expect(parseFusionPayload(bytes.subarray(0, cut % bytes.length))).toBeInstanceOf(ParseError);
    });
    fc.assert(check);
  });

  test("any bytes are a payload that is written back the same, or an error inside them", () => {
    const nearly = fc
      .tuple(payload, fc.nat(79), byte)
      .map(([value, at, wrong]) =>
        fusionPayloadBytes(value).with(at % fusionPayloadBytes(value).length, wrong),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 90 }), nearly), (bytes) => {
        const parsed = parseFusionPayload(bytes);
        if (parsed instanceof ParseError) expect(parsed.offset).toBeLessThanOrEqual(bytes.length);
        else expect(fusionPayloadBytes(parsed)).toEqual(bytes);
      }),
      { numRuns: 1_000 },
    );
  });
});

const POOL = payToScriptHash(new Uint8Array(20).fill(9));
const ALICE = payToKeyHash(new Uint8Array(20).fill(1));
const BOB = payToKeyHash(new Uint8Array(20).fill(2));
const alice = "keyHash:".concat("01".repeat(20));
const bob = "keyHash:".concat("02".repeat(20));

const pays = (scriptPubKey: Uint8Array, value: bigint): TxOutput => ({ scriptPubKey, value });
const says = (value: FusionPayload): TxOutput => pays(nullDataScript(fusionPayloadBytes(value)), 0n);

/** What a transaction comes to that spends `spent` and makes `outputs`. */
const read = (spent: readonly TxOutput[], ...outputs: readonly TxOutput[]) =>
  fusionOperation(plainTransaction(spent.length, outputs), spent, POOL);

describe("operations in transactions", () => {
  const lockId = new Uint8Array(32).fill(5);
  const to = { kind: 1 as const, account: new Uint8Array(20).fill(7) };
  const lock = { type: "lock", target: 2, recipient: to } as const;
  const unlock = { type: "unlock", source: 2, lockId } as const;
  const claim = { type: "claim", chain: 2, firstHeight: 3, lastHeight: 4, recipient: to } as const;
  const releaseChain = { type: "release", chain: 2, snapshotHeight: 3 } as const;
  const cancel = { type: "cancel", lockTxid: lockId } as const;
  const raw = (...bytes: number[]): TxOutput => pays(nullDataScript(Uint8Array.from(bytes)), 0n);
  const long = new Uint8Array(81);
  long.set(fusionPayloadBytes(unlock));

  test("a lock's amount is all that the pool gets, its owner the first input's", () => {
    const found = read([pays(ALICE, 50n), pays(BOB, 50n)], says(lock), pays(POOL, 60n), pays(POOL, 1n));
    expect(found).toEqual({ ...lock, owner: alice, amount: 61n });
  });

  test("an unlock's and a cancellation's amount is what leaves the pool, change not counted", () => {
    const outputs = [pays(ALICE, 40n), pays(POOL, 60n)];
    expect(read([pays(POOL, 100n)], says(unlock), ...outputs)).toEqual({ ...unlock, amount: 40n });
    expect(read([pays(POOL, 100n)], says(cancel), ...outputs)).toEqual({ ...cancel, amount: 40n });
  });

  test("a claim is for every owner whose coins it spends, a release for whoever can spend the pool", () => {
    const spent = [pays(BOB, 5n), pays(ALICE, 5n), pays(BOB, 1n)];
    expect(read(spent, says(claim))).toEqual({ ...claim, owners: [bob, alice] });
    expect(read([pays(POOL, 9n), pays(BOB, 1n)], says(releaseChain), pays(POOL, 9n))).toEqual(releaseChain);
  });

  test("what has nothing to do with the assets is nothing, paying the pool included", () => {
    expect(read([pays(ALICE, 5n)], pays(BOB, 5n))).toBeUndefined();
    expect(read([pays(ALICE, 5n)], pays(POOL, 5n))).toBeUndefined();
    expect(read([pays(ALICE, 5n)], raw(0x46, 0x55, 0x53))).toBeUndefined();
    expect(read([pays(POOL, 5n)], pays(POOL, 6n))).toBeUndefined();
    const twoPushes = Uint8Array.of(0x6a, 4, 0x46, 0x55, 0x53, 0x4e, 1, 1);
    expect(read([pays(ALICE, 5n)], pays(twoPushes, 0n))).toBeUndefined();
    expect(read([pays(ALICE, 5n)], pays(Uint8Array.of(0x6a, 4, 0x46), 0n))).toBeUndefined();
  });

  test.each([
    ["unreadable", [pays(ALICE, 5n)], [raw(0x46, 0x55, 0x53, 0x4e, 9)]],
    ["payloadTooLong", [pays(POOL, 5n)], [pays(nullDataScript(long), 0n), pays(ALICE, 5n)]],
    ["severalPayloads", [pays(ALICE, 5n)], [says(lock), says(lock), pays(POOL, 5n)]],
    ["nothingLocked", [pays(ALICE, 5n)], [says(lock)]],
    ["lockSpendsPool", [pays(POOL, 5n), pays(ALICE, 5n)], [says(lock), pays(POOL, 9n)]],
    ["notAuthorised", [], [says(lock), pays(POOL, 5n)]],
    ["notAuthorised", [pays(nullDataScript(new Uint8Array(1)), 5n)], [says(lock), pays(POOL, 5n)]],
    ["notAuthorised", [pays(ALICE, 5n)], [says(unlock), pays(ALICE, 5n)]],
    ["notAuthorised", [pays(ALICE, 5n)], [says(cancel)]],
    ["notAuthorised", [pays(ALICE, 5n)], [says(releaseChain)]],
    ["notAuthorised", [], [says(claim)]],
    ["emptyRange", [pays(ALICE, 5n)], [says({ ...claim, lastHeight: 2 })]],
    ["wrongOutflow", [pays(POOL, 5n)], [says(unlock), pays(POOL, 5n)]],
    ["wrongOutflow", [pays(POOL, 5n)], [says(releaseChain), pays(POOL, 4n)]],
    ["wrongOutflow", [pays(POOL, 5n)], [says(claim), pays(ALICE, 5n)]],
    ["unexplainedOutflow", [pays(POOL, 5n)], [pays(ALICE, 5n)]],
  ] as const)("%s", (reason, spent, outputs) => {
    expect(read(spent, ...outputs)).toMatchObject({ reason });
  });

  test("no transaction whatever is more than an operation, a rejection or nothing", () => {
    const ordinary = anyTransaction.filter((tx): tx is OrdinaryTransaction => tx.kind === "ordinary");
    const noise = fc.uint8Array({ maxLength: 100 }).map((bytes) => nullDataScript(bytes));
    const spoken = payload.map((value) => nullDataScript(fusionPayloadBytes(value)));
    const script = fc.oneof(fc.constantFrom(POOL, ALICE, BOB), noise, spoken);
    const output = fc.record({ scriptPubKey: script, value: fc.bigInt({ min: -9n, max: 2n ** 63n - 1n }) });
    const check = fc.property(
      ordinary,
      fc.array(output, { maxLength: 5 }),
      fc.array(output, { maxLength: 5 }),
      (tx, outputs, spent) => {
        const found = fusionOperation({ ...tx, outputs: [...tx.outputs, ...outputs] }, spent, POOL);
        if (found === undefined || "reason" in found) return;
        if (found.type === "unlock" || found.type === "cancel" || found.type === "release")
          expect(spent.some(({ scriptPubKey }) => scriptPubKey === POOL)).toBe(true);
        if ("amount" in found) expect(found.amount).not.toBe(0n);
      },
    );
    fc.assert(check, { numRuns: 300 });
  });
});

test("owners are named by what they must show: a key or a script", () => {
  expect(scriptOwner(ALICE)).toBe(alice);
  expect(scriptOwner(POOL)).toBe("scriptHash:".concat("09".repeat(20)));
  expect(scriptOwner(new Uint8Array(3))).toBeUndefined();
});
