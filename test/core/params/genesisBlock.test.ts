import {
  blockBytes,
  genesisBlock,
  mainnet,
  merkleTree,
  regtest,
  testnet,
  toDisplayHex,
  toWireHex,
  txid,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { labnet } from "../../support/networks.ts";
import { readJson, readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

describe("genesis blocks", () => {
  test.each([
    mainnet,
    testnet,
    regtest,
  ])("of $name: its transactions are what the header commits to", (params) => {
    const block = genesisBlock(params)!;
    expect(toDisplayHex(merkleTree(block.transactions.map(txid)).root)).toBe(params.genesis.merkleRoot);
  });

  const recorded = (file: string) => readJsonLines<{ hex: string }>(file)[0]!.hex;

  vectorTest("of regtest and test: the recorded ones, byte for byte", () => {
    expect(toWireHex(blockBytes(genesisBlock(regtest)!))).toBe(recorded("labnet/regtest-chain.jsonl"));
    expect(toWireHex(blockBytes(genesisBlock(testnet)!))).toBe(recorded("labnet/testnet-chain.jsonl"));
  });

  vectorTest("of a network from a file: by its solution", () => {
    const { genesis } = readJson<{ genesis: { solution: string; hex: string } }>("labnet/params.json");
    const params = labnet();
    expect(genesisBlock(params)).toBeUndefined();
    const block = genesisBlock(params, Uint8Array.from(Buffer.from(genesis.solution, "hex")))!;
    expect(toWireHex(blockBytes(block))).toBe(genesis.hex);
    expect(genesisBlock(params, new Uint8Array(36))).toBeUndefined();
  });
});
