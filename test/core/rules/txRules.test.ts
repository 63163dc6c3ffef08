import {
  checkCoinbaseFunding,
  checkJoinSplitProofs,
  checkTransaction,
  checkTransactionAtHeight,
  delegatesAllowed,
  dosScore,
  flux,
  type JoinSplit,
  MAX_MONEY,
  mainnet,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  ParseError,
  parse,
  parseWhole,
  type Rule,
  readTransaction,
  rejectCode,
  type ShieldedOutput,
  type ShieldedSpend,
  sparesBlockHash,
  sparesTxid,
  type Transaction,
  violation,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { plainScriptOf, plainVerifier } from "../../support/plainScripts.ts";
import { sampleTransactions } from "../../support/samples.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const ordinary = (name: string): OrdinaryTransaction => {
  const tx = sampleTransactions[name];
  if (tx?.kind !== "ordinary") throw new Error(`${name} is no ordinary transaction`);
  return tx;
};
const payment = ordinary("payment");
const sapling = ordinary("sapling");
const sprout = ordinary("sprout");
const shielded = ordinary("shielded").shielded;
const [input] = payment.inputs;
const [output] = payment.outputs;
const pays = (...values: bigint[]) => values.map((value) => ({ ...output!, value }));

/** A joinsplit with these public values and nullifiers filled with these bytes. */
function joinSplit(vpubOld: bigint, vpubNew: bigint, nullifiers: [number, number]): JoinSplit {
  const bytes = new Uint8Array(1_802);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, vpubOld, true);
  view.setBigInt64(8, vpubNew, true);
  bytes.fill(nullifiers[0], 48, 80).fill(nullifiers[1], 80, 112);
  return bytes as JoinSplit;
}

const withJoinSplits = (...joinSplits: JoinSplit[]): OrdinaryTransaction => ({
  ...sprout,
  shielded: { ...sprout.shielded, joinSplits },
});
const withShielded = (part: Partial<typeof NOTHING_SHIELDED>): OrdinaryTransaction => ({
  ...sapling,
  shielded: { ...NOTHING_SHIELDED, ...part },
});
const spend = (nullifier: number): ShieldedSpend => new Uint8Array(384).fill(nullifier) as ShieldedSpend;
const shieldedOutput = new Uint8Array(948) as ShieldedOutput;
const coinbase: OrdinaryTransaction = {
  ...sapling,
  inputs: [{ prevout: NULL_OUTPOINT, scriptSig: Uint8Array.of(1, 2), sequence: 0 }],
};
const start = sampleTransactions["start5"] as Extract<Transaction, { kind: "fluxnodeStart" }>;
const p2sh = sampleTransactions["start6P2sh"] as typeof start;
const multisig = Buffer.from(`51${`21${"02".repeat(33)}`.repeat(2)}52ae`, "hex");
const confirm = sampleTransactions["confirm5"] as Extract<Transaction, { kind: "fluxnodeConfirm" }>;
const ipChanged = 1_647_262_800;

/** What is sent, and the first rule it breaks; undefined: none. */
const CONTEXT_FREE: [string, Transaction, Rule | undefined][] = [
  ["payment", payment, undefined],
  ["version 0", { ...payment, version: 0 }, "bad-txns-version-too-low"],
  ["version 2^31 - 1", { ...payment, version: 0x7fff_ffff }, undefined],
  ["overwintered 2", { ...sapling, version: 2 }, "bad-tx-overwinter-version-too-low"],
  ["unknown group", { ...sapling, versionGroupId: 1 }, "bad-tx-version-group-id"],
  ["expiry at the limit", { ...sapling, expiryHeight: 500_000_000 }, "bad-tx-expiry-height-too-high"],
  ["expiry below the limit", { ...sapling, expiryHeight: 499_999_999 }, undefined],
  ["no inputs", { ...payment, inputs: [] }, "bad-txns-vin-empty"],
  ["no outputs", { ...payment, outputs: [] }, "bad-txns-vout-empty"],
  [
    "joinsplits stand in for both",
    { ...withJoinSplits(joinSplit(0n, 0n, [1, 2])), inputs: [], outputs: [] },
    undefined,
  ],
  ["spends stand in for inputs", { ...withShielded({ spends: [spend(1)] }), inputs: [] }, undefined],
  [
    "outputs stand in for outputs",
    { ...withShielded({ outputs: [shieldedOutput] }), outputs: [] },
    undefined,
  ],
  [
    "too many bytes",
    { ...payment, outputs: [{ value: 0n, scriptPubKey: new Uint8Array(2_000_000) }] },
    "bad-txns-oversize",
  ],
  ["negative output", { ...payment, outputs: pays(-1n) }, "bad-txns-vout-negative"],
  ["output at the limit", { ...payment, outputs: pays(MAX_MONEY, 0n) }, undefined],
  ["output above the limit", { ...payment, outputs: pays(MAX_MONEY + 1n) }, "bad-txns-vout-toolarge"],
  ["total above the limit", { ...payment, outputs: pays(MAX_MONEY, 1n) }, "bad-txns-txouttotal-toolarge"],
  ["balance of nothing", withShielded({ valueBalance: 1n }), "bad-txns-valuebalance-nonzero"],
  [
    "balance above the limit",
    withShielded({ valueBalance: MAX_MONEY + 1n, spends: [spend(1)] }),
    "bad-txns-valuebalance-toolarge",
  ],
  [
    "balance below the limit",
    withShielded({ valueBalance: -MAX_MONEY - 1n, spends: [spend(1)] }),
    "bad-txns-valuebalance-toolarge",
  ],
  [
    "balance and outputs above the limit",
    withShielded({ valueBalance: -MAX_MONEY, outputs: [shieldedOutput] }),
    "bad-txns-txouttotal-toolarge",
  ],
  ["balance at the limit", withShielded({ valueBalance: MAX_MONEY, spends: [spend(1)] }), undefined],
  ["vpub_old negative", withJoinSplits(joinSplit(-1n, 0n, [1, 2])), "bad-txns-vpub_old-negative"],
  ["vpub_new negative", withJoinSplits(joinSplit(0n, -1n, [1, 2])), "bad-txns-vpub_new-negative"],
  [
    "vpub_old above the limit",
    withJoinSplits(joinSplit(MAX_MONEY + 1n, 0n, [1, 2])),
    "bad-txns-vpub_old-toolarge",
  ],
  [
    "vpub_new above the limit",
    withJoinSplits(joinSplit(0n, MAX_MONEY + 1n, [1, 2])),
    "bad-txns-vpub_new-toolarge",
  ],
  ["both vpubs", withJoinSplits(joinSplit(1n, 1n, [1, 2])), "bad-txns-vpubs-both-nonzero"],
  [
    "vpub_old and outputs above the limit",
    withJoinSplits(joinSplit(MAX_MONEY, 0n, [1, 2])),
    "bad-txns-txouttotal-toolarge",
  ],
  [
    "vpub_new together above the limit",
    withJoinSplits(joinSplit(0n, MAX_MONEY, [1, 2]), joinSplit(0n, 1n, [3, 4])),
    "bad-txns-txintotal-toolarge",
  ],
  [
    "an input twice",
    { ...payment, inputs: [input!, { ...input!, sequence: 0 }] },
    "bad-txns-inputs-duplicate",
  ],
  [
    "a nullifier twice in a joinsplit",
    withJoinSplits(joinSplit(0n, 0n, [1, 1])),
    "bad-joinsplits-nullifiers-duplicate",
  ],
  [
    "a nullifier in two joinsplits",
    withJoinSplits(joinSplit(0n, 0n, [1, 2]), joinSplit(0n, 0n, [3, 2])),
    "bad-joinsplits-nullifiers-duplicate",
  ],
  [
    "a spend twice",
    withShielded({ spends: [spend(1), spend(2), spend(1)] }),
    "bad-spend-description-nullifiers-duplicate",
  ],
  ["coinbase", coinbase, undefined],
  [
    "coinbase with joinsplits",
    { ...coinbase, shielded: withJoinSplits(joinSplit(0n, 0n, [1, 2])).shielded },
    "bad-cb-has-joinsplits",
  ],
  [
    "coinbase with spends",
    { ...coinbase, shielded: { ...NOTHING_SHIELDED, spends: [spend(1)] } },
    "bad-cb-has-spend-description",
  ],
  [
    "coinbase with outputs",
    { ...coinbase, shielded: { ...NOTHING_SHIELDED, outputs: [shieldedOutput] } },
    "bad-cb-has-output-description",
  ],
  [
    "coinbase of one byte",
    { ...coinbase, inputs: [{ ...coinbase.inputs[0]!, scriptSig: new Uint8Array(1) }] },
    "bad-cb-length",
  ],
  [
    "coinbase of 100 bytes",
    { ...coinbase, inputs: [{ ...coinbase.inputs[0]!, scriptSig: new Uint8Array(100) }] },
    undefined,
  ],
  [
    "coinbase of 101 bytes",
    { ...coinbase, inputs: [{ ...coinbase.inputs[0]!, scriptSig: new Uint8Array(101) }] },
    "bad-cb-length",
  ],
  [
    "null prevout beside another",
    { ...payment, inputs: [input!, { ...input!, prevout: NULL_OUTPOINT }] },
    "bad-txns-prevout-null",
  ],

  ["start", start, undefined],
  ["unknown type", sampleTransactions["unknownType"]!, "bad-txns-fluxnode-tx-invalid-type"],
  ["null collateral", { ...start, collateral: NULL_OUTPOINT }, "bad-txns-fluxnode-tx-null-prevout"],
  ["multisig collateral", { ...p2sh, redeemScript: multisig }, undefined],
  [
    "redeem script of 10,000 bytes",
    { ...p2sh, redeemScript: new Uint8Array(10_000) },
    "bad-txns-fluxnode-tx-redeemscript-not-multisig",
  ],
  [
    "redeem script of 10,001 bytes",
    { ...p2sh, redeemScript: new Uint8Array(10_001) },
    "bad-txns-fluxnode-tx-redeemscript-to-large",
  ],
  ["delegates", sampleTransactions["start6Delegates"]!, undefined],
  [
    "delegates of no type",
    { ...start, version: 6, fluxTxVersion: 0x101, delegates: { using: true, version: 1, type: 0, keys: [] } },
    "bad-txns-fluxnode-tx-delegate-data-invalid",
  ],
  ["confirm", confirm, undefined],
  ["tier 0", { ...confirm, benchmarkTier: 0 }, "bad-txns-fluxnode-tx-invalid-benchmark-tier"],
  ["tier 4", { ...confirm, benchmarkTier: 4 }, "bad-txns-fluxnode-tx-invalid-benchmark-tier"],
  ["ip of 40 bytes", { ...confirm, benchmarkSigTime: ipChanged - 1, ip: new Uint8Array(40) }, undefined],
  [
    "ip of 41 bytes",
    { ...confirm, benchmarkSigTime: ipChanged - 1, ip: new Uint8Array(41) },
    "bad-txns-fluxnode-tx-ip-address-to-large",
  ],
  ["ip of 60 bytes", { ...confirm, benchmarkSigTime: ipChanged, ip: new Uint8Array(60) }, undefined],
  [
    "ip of 61 bytes",
    { ...confirm, benchmarkSigTime: ipChanged, ip: new Uint8Array(61) },
    "bad-txns-fluxnode-tx-ip-address-to-large",
  ],
  ["update type 2", { ...confirm, updateType: 2 }, "bad-txns-fluxnode-tx-invalid-update-type"],
];

test.each(CONTEXT_FREE)("%s", (_, tx, rule) => {
  expect(checkTransaction(tx, plainVerifier(true))?.rule).toBe(rule);
});

test("a bad FluxNode signature is found before a bad benchmark tier, and spares the id", () => {
  const broken = checkTransaction({ ...confirm, benchmarkTier: 0 }, plainVerifier(false));
  expect(broken?.rule).toBe("bad-txns-fluxnode-tx-invalid-signature");
  expect(sparesTxid(broken!)).toBe(true);
});

const { acadia, kamata, flux: rebrand, p2shNodes, pon } = mainnet.upgrades;
const start6 = sampleTransactions["start6Normal"]!;
const unshielding = { ...ordinary("shielded"), inputs: [], expiryHeight: 0 };

const AT_HEIGHT: [string, Transaction, number, Rule | undefined][] = [
  ["sprout before Acadia", payment, acadia.height - 1, undefined],
  ["sprout from Acadia", payment, acadia.height, "tx-sapling-active"],
  ["version 4 without the flag", { ...payment, version: 4 }, acadia.height, "tx-overwintered-flag-not-set"],
  ["sapling before Acadia", sapling, acadia.height - 1, "tx-overwinter-not-active"],
  ["sapling from Acadia", { ...sapling, expiryHeight: 0 }, acadia.height, undefined],
  ["overwinter from Acadia", ordinary("overwinter"), acadia.height, "bad-sapling-tx-version-group-id"],
  ["sapling version 3", { ...sapling, version: 3 }, acadia.height, "bad-tx-sapling-version-too-low"],
  ["sapling version 5", { ...sapling, version: 5 }, acadia.height, "bad-tx-sapling-version-too-high"],
  ["at its expiry", { ...sapling, expiryHeight: acadia.height }, acadia.height, undefined],
  ["past its expiry", { ...sapling, expiryHeight: acadia.height }, acadia.height + 1, "tx-sapling-expired"],
  [
    "100,001 bytes before Acadia",
    { ...payment, outputs: [{ value: 0n, scriptPubKey: new Uint8Array(100_000) }] },
    1_000,
    "bad-txns-oversize",
  ],
  ["shielding before Flux", { ...ordinary("shielded"), expiryHeight: 0 }, rebrand.height - 1, undefined],
  [
    "shielding from Flux",
    { ...ordinary("shielded"), expiryHeight: 0 },
    rebrand.height,
    "bad-txns-fluxrebrand-vprivacy-not-empty",
  ],
  ["no transparent input from Flux", unshielding, rebrand.height, undefined],
  [
    "spends with transparent inputs from Flux",
    { ...withShielded({ spends: [spend(1)] }), expiryHeight: 0 },
    rebrand.height,
    undefined,
  ],
  ["start before Kamata", start, kamata.height - 1, "tx-fluxnodes-not-active"],
  ["start from Kamata", start, kamata.height, undefined],
  ["version 6 before P2SH nodes", start6, p2shNodes.height - 1, "tx-p2shnodes-not-active"],
  ["version 6 from P2SH nodes", start6, p2shNodes.height, undefined],
  [
    "flag bits before proof of node",
    sampleTransactions["start6Delegates"]!,
    pon.height - 1,
    "tx-bit-features-not-active",
  ],
  ["flag bits from proof of node", sampleTransactions["start6Delegates"]!, pon.height, undefined],
  [
    "version 6 confirm before proof of node",
    sampleTransactions["confirm6"]!,
    pon.height - 1,
    "tx-bit-features-not-active",
  ],
  ["version 6 confirm from proof of node", sampleTransactions["confirm6"]!, pon.height, undefined],
];

test.each(AT_HEIGHT)("%s", (_, tx, height, rule) => {
  expect(checkTransactionAtHeight(tx, height, mainnet, plainScriptOf)?.rule).toBe(rule);
});

test("at proof of node delegates come with flag bits, so no rule of their own is reached", () => {
  expect(delegatesAllowed(mainnet, pon.height - 1)).toBe(false);
});

test("special funding is owed to the satoshi, at its height only", () => {
  const { exchange } = mainnet.funds;
  const paying = (value: bigint) => ({
    ...coinbase,
    outputs: [{ value, scriptPubKey: plainScriptOf(exchange.address) }],
  });
  const check = (value: bigint, height: number) =>
    checkCoinbaseFunding(paying(value), height, mainnet, plainScriptOf)?.rule;
  expect(check(exchange.amount, exchange.height)).toBeUndefined();
  expect(check(exchange.amount + 1n, exchange.height)).toBe("tx-coinbase-missing-exchange-funding");
  expect(check(flux(1n), exchange.height + 1)).toBeUndefined();
});

test("Groth16 joinsplits are asked about, PHGR13 ones never", () => {
  const refuse = () => false;
  expect(checkJoinSplitProofs(sprout, refuse)).toBeUndefined();
  expect(checkJoinSplitProofs({ ...sapling, shielded }, refuse)?.rule).toBe(
    "bad-txns-joinsplit-verification-failed",
  );
  expect(checkJoinSplitProofs({ ...sapling, shielded }, () => true)).toBeUndefined();
});

test("what a sender is charged depends on who judges", () => {
  const block = { judging: "block", catchingUp: false } as const;
  const loose = { judging: "looseTransaction", catchingUp: false } as const;
  const syncing = { judging: "block", catchingUp: true } as const;
  const looseSyncing = { judging: "looseTransaction", catchingUp: true } as const;
  const charged = (rule: Rule, facts = {}) =>
    [block, loose, syncing, looseSyncing].map((judge) => dosScore(violation(rule, facts), judge));
  expect(charged("bad-txns-vin-empty")).toEqual([10, 10, 10, 10]);
  expect(charged("tx-sapling-active")).toEqual([100, 10, 100, 10]);
  expect(charged("tx-overwinter-not-active")).toEqual([100, 10, 0, 0]);
  expect(charged("tx-sapling-expired", { justExpired: 1 })).toEqual([0, 0, 0, 0]);
  expect(charged("tx-sapling-expired", { justExpired: 0 })).toEqual([100, 10, 100, 10]);
  expect(charged("bad-txns-invalid-joinsplit-signature")).toEqual([100, 100, 0, 0]);
  expect(rejectCode(violation("bad-txnmrklroot"))).toBe(0x10);
  expect([
    sparesBlockHash(violation("bad-txnmrklroot")),
    sparesBlockHash(violation("bad-cb-missing")),
  ]).toEqual([true, false]);
});

vectorTest("transactions the daemon's tests call valid break no rule", () => {
  const rows = readJson<unknown[][]>("tx_valid.json").filter((row) => row.length > 1);
  expect(rows.length).toBe(19);
  for (const [, raw] of rows) {
    const tx = parseWhole(wireHex(raw as string), readTransaction);
    if (tx instanceof ParseError) throw new Error(String(tx));
    expect(checkTransaction(tx, plainVerifier(true))).toBeUndefined();
  }
});

vectorTest("transactions the daemon's tests call invalid break a rule unless a script decides", () => {
  const rows = readJson<unknown[][]>("tx_invalid.json").filter((row) => row.length > 1);
  const rules = new Set<string>();
  for (const [, raw] of rows) {
    const tx = parse(wireHex(raw as string), readTransaction);
    const rule = tx instanceof ParseError ? "unreadable" : checkTransaction(tx, plainVerifier(true))?.rule;
    if (rule !== undefined) rules.add(rule);
  }
  expect([...rules]).toEqual(["bad-cb-length"]);
});
