import {
  addBlockProof,
  blockHash,
  blockProof,
  branchIdAt,
  COMPACT_NEGATIVE,
  COMPACT_OVERFLOW,
  checkProofOfNode,
  checkProofOfWork,
  comparePonHashes,
  compareU256,
  currentUpgrade,
  decodeCompact,
  digishieldNextBits,
  displayHash,
  encodeCompact,
  equihashParamsAt,
  headerPonHash,
  mainnet,
  medianTimePast,
  type PonHeader,
  ponHash,
  ponNextBits,
  powNextBits,
  setU256Bytes,
  slotNumber,
  solutionBytes,
  toDisplayHex,
  type U256,
  UPGRADES,
  u256,
  u256FromHex,
  u256Hex,
  verifyDer,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { NETWORKS } from "../../support/networks.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

type Row = Record<string, string>;
const rows = <T>(group: string): T[] => readJson<Record<string, T[]>>("difficulty.json")[group]!;
const bitsOf = (text: string): number => Number.parseInt(text, 16);
const bitsText = (bits: number): string => bits.toString(16).padStart(8, "0");
const value = (hash: string): U256 => setU256Bytes(u256(), displayHash(hash));

const checked: string[] = [];

/** One test a group of difficulty.json; a group without cases would prove nothing. */
function group<T>(name: string, check: (row: T) => void): void {
  checked.push(name);
  vectorTest(`${name}: every case`, () => {
    const cases = rows<T>(name);
    expect(cases.length).toBeGreaterThan(0);
    for (const row of cases) check(row);
  });
}

group<Row & { negative: boolean; overflow: boolean }>("compactDecode", (row) => {
  const target = u256();
  const flags = decodeCompact(target, bitsOf(row["compact"]!));
  expect(u256Hex(target), row["compact"]).toBe(row["target"]);
  const expected = (row.negative ? COMPACT_NEGATIVE : 0) | (row.overflow ? COMPACT_OVERFLOW : 0);
  expect(flags, row["compact"]).toBe(expected);
  expect(bitsText(encodeCompact(target, row.negative)), row["compact"]).toBe(row["reencoded"]);
});

group<Row>("compactEncode", ({ target, compact }) => {
  expect(bitsText(encodeCompact(u256FromHex(target!)))).toBe(compact);
});

group<{ version: number; bits: string; work: string }>("blockProof", ({ version, bits, work }) => {
  expect(u256Hex(blockProof(u256(), version, bitsOf(bits))), bits).toBe(work);
});

group<{ blocks: [number, string][]; totalWork: string }>("chainWork", ({ blocks, totalWork }) => {
  const work = u256();
  for (const [version, bits] of blocks) addBlockProof(work, work, version, bitsOf(bits));
  expect(u256Hex(work)).toBe(totalWork);
});

group<Row & { lastMedianTime: number; firstMedianTime: number }>("digishield", (row) => {
  const { network, averageTarget, lastMedianTime, firstMedianTime } = row;
  const average = u256FromHex(averageTarget!);
  const bits = digishieldNextBits(average, lastMedianTime, firstMedianTime, NETWORKS[network!]!);
  expect(bitsText(bits), averageTarget).toBe(row["bits"]);
});

interface NextBitsRow {
  readonly label: string;
  readonly network: string;
  readonly tipHeight: number;
  readonly headers: readonly [time: number, bits: string][];
  readonly newBlockTime?: number;
  readonly bits: string;
}

const historyOfRow = ({ tipHeight, headers }: NextBitsRow) =>
  historyOf(
    headers.map(([time, bits]) => ({ time, bits: bitsOf(bits) })),
    tipHeight - headers.length + 1,
  );

group<NextBitsRow>("powNextBits", (row) => {
  const bits = powNextBits(historyOfRow(row), row.newBlockTime, NETWORKS[row.network]!);
  expect(bitsText(bits), row.label).toBe(row.bits);
});

group<NextBitsRow>("ponNextBits", (row) => {
  expect(bitsText(ponNextBits(historyOfRow(row), NETWORKS[row.network]!)), row.label).toBe(row.bits);
});

group<{ network: string; time: number; slot: number }>("slot", ({ network, time, slot }) => {
  expect(slotNumber(time, NETWORKS[network]!), `${network} ${time}`).toBe(slot);
});

group<Row & { collateralIndex: number; slot: number }>("ponHash", (row) => {
  const collateral = { txid: displayHash(row["collateralTxid"]!), index: row.collateralIndex };
  const drawn = ponHash(collateral, displayHash(row["prevBlockHash"]!), row.slot);
  expect(toDisplayHex(drawn)).toBe(row["ponHash"]);
});

group<Row & { height: number; valid: boolean }>("checkProofOfNode", (row) => {
  const height = row.height === 0 ? undefined : row.height;
  const hash = displayHash(row["ponHash"]!);
  const valid = checkProofOfNode(hash, bitsOf(row["bits"]!), height, NETWORKS[row["network"]!]!);
  expect(valid, JSON.stringify(row)).toBe(row.valid);
});

group<Row & { valid: boolean }>("checkProofOfWork", (row) => {
  const hash = displayHash(row["hash"]!);
  const valid = checkProofOfWork(hash, bitsOf(row["bits"]!), NETWORKS[row["network"]!]!);
  expect(valid, JSON.stringify(row)).toBe(row.valid);
});

group<{ a: string; b: string; aBeforeB: boolean; aNumericallySmaller: boolean }>("ponHashOrder", (row) => {
  const { a, b } = row;
  expect(comparePonHashes(displayHash(a), displayHash(b)) < 0, a).toBe(row.aBeforeB);
  expect(compareU256(value(a), value(b)) < 0, a).toBe(row.aNumericallySmaller);
});

group<{ network: string; height: number; accepted: [n: number, k: number, bytes: number][] }>(
  "equihashParams",
  ({ network, height, accepted }) => {
    const ours = equihashParamsAt(height, NETWORKS[network]!).map((each) => [
      each.n,
      each.k,
      solutionBytes(each),
    ]);
    expect(ours, `${network} ${height}`).toEqual(accepted);
  },
);

group<{ network: string; height: number; index: number; branchId: string }>("upgradeEpoch", (row) => {
  const { upgrades } = NETWORKS[row.network]!;
  expect(UPGRADES.indexOf(currentUpgrade(upgrades, row.height)), JSON.stringify(row)).toBe(row.index);
  expect(bitsText(branchIdAt(upgrades, row.height)), JSON.stringify(row)).toBe(row.branchId);
});

group<{ times: number[]; median: number }>("medianTimePast", ({ times, median }) => {
  expect(medianTimePast(historyOf(times.map((time) => ({ time, bits: 0 }))))).toBe(median);
});

type SignedHeaderRow = Row & {
  version: number;
  time: number;
  collateralIndex: number;
  signatureValid: boolean;
};

group<SignedHeaderRow>("ponSignedHeader", (row) => {
  const header: PonHeader = {
    kind: "pon",
    version: row.version,
    previousHash: displayHash(row["prevBlockHash"]!),
    merkleRoot: displayHash(row["merkleRoot"]!),
    saplingRoot: displayHash(row["saplingRoot"]!),
    time: row.time,
    bits: bitsOf(row["bits"]!),
    collateral: { txid: displayHash(row["collateralTxid"]!), index: row.collateralIndex },
    signature: wireHex(row["signature"]!),
  };
  const hash = blockHash(header);
  expect(toDisplayHex(hash), row["label"]).toBe(row["blockHash"]);
  expect(toDisplayHex(headerPonHash(header, mainnet)), row["label"]).toBe(row["ponHash"]);
  const valid = verifyDer(fastEcdsa, wireHex(row["pubkey"]!), hash, header.signature);
  expect(valid, row["label"]).toBe(row.signatureValid);
});

vectorTest("every group of difficulty.json is one of the above", () => {
  const file = readJson<Record<string, unknown>>("difficulty.json");
  const groups = Object.keys(file).filter((key) => Array.isArray(file[key]));
  expect(groups.toSorted()).toEqual(checked.toSorted());
});
