import { InitialDownload, mainnet, regtest, type TipNow, u256FromHex } from "@fluxlab/core";
import { expect, test } from "vitest";

const CLOCK = 1_800_000_000;
const work = (n: number) => u256FromHex(n.toString(16).padStart(64, "0"));
const tip = (parts: Partial<TipNow>): TipNow => ({
  height: 1,
  work: work(1),
  time: CLOCK,
  clock: CLOCK,
  importing: false,
  ...parts,
});

test("a node at genesis is not downloading, but may begin to", () => {
  const flag = new InitialDownload(regtest);
  expect(flag.isOngoing(tip({ height: 0, time: 0 }))).toBe(false);
  expect(flag.isOngoing(tip({ time: CLOCK - 14_401 }))).toBe(true);
  expect(flag.isOngoing(tip({ time: CLOCK - 14_400 }))).toBe(false);
});

test("once over it is over for good", () => {
  const flag = new InitialDownload(regtest);
  expect(flag.isOngoing(tip({ importing: true }))).toBe(true);
  expect(flag.isOngoing(tip({}))).toBe(false);
  expect(flag.isOngoing(tip({ importing: true, time: 0 }))).toBe(false);
});

test("less than the minimum work of the network is not enough", () => {
  const flag = new InitialDownload(mainnet);
  expect(flag.isOngoing(tip({ work: work(0x21f5d5da5d72) }))).toBe(true);
  expect(flag.isOngoing(tip({ work: work(0x21f5d5da5d73) }))).toBe(false);
});

test("the age of a tip can be allowed to be another", () => {
  const flag = new InitialDownload(regtest, 60);
  expect(flag.isOngoing(tip({ time: CLOCK - 61 }))).toBe(true);
  expect(flag.isOngoing(tip({ time: CLOCK - 60 }))).toBe(false);
});
