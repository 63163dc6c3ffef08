import {
  type Block,
  blockBytes,
  blockHash,
  blockSize,
  contentId,
  equalBytes,
  headerContentId,
  merkleTree,
  ParseError,
  parseWhole,
  readBlock,
  toDisplayHex,
  toWireHex,
  txid,
} from "@fluxlab/core";
import { expect } from "vitest";
import { caseBytes, listVectors, readJson, readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

function parsed(bytes: Uint8Array): Block {
  const block = parseWhole(bytes, readBlock);
  if (block instanceof ParseError) throw new Error(String(block));
  return block;
}

function expectSameBytes(bytes: Uint8Array, hash: string): Block {
  const block = parsed(bytes);
  expect(equalBytes(blockBytes(block), bytes)).toBe(true);
  expect(blockSize(block)).toBe(bytes.length);
  expect(toDisplayHex(blockHash(block.header))).toBe(hash);
  return block;
}

interface RecordedBlock {
  readonly height: number;
  readonly hash: string;
  readonly hex: string;
  readonly coinbase?: [value: string, scriptPubKey: string][];
}

for (const file of ["chain-a", "regtest-chain", "testnet-chain"]) {
  vectorTest(`every block of ${file} survives parsing, and its header commits to its transactions`, () => {
    const blocks = readJsonLines<RecordedBlock>(`labnet/${file}.jsonl`);
    expect(blocks.length).toBeGreaterThan(100);
    for (const { hash, hex, coinbase } of blocks) {
      const block = expectSameBytes(Buffer.from(hex, "hex"), hash);
      const tree = merkleTree(block.transactions.map(txid));
      expect(tree.duplicated).toBe(false);
      expect(equalBytes(tree.root, block.header.merkleRoot)).toBe(true);
      const [first] = block.transactions;
      if (coinbase === undefined || first?.kind !== "ordinary") continue;
      const outputs = first.outputs.map(({ value, scriptPubKey }) => [
        String(value),
        toWireHex(scriptPubKey),
      ]);
      expect(outputs).toEqual(coinbase);
    }
  });
}

vectorTest("every block of the recorded reorganisations survives parsing", () => {
  let blocks = 0;
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { hash, hex } = node as Partial<RecordedBlock>;
    if (typeof hash === "string" && typeof hex === "string" && hex.length > 280) {
      expectSameBytes(Buffer.from(hex, "hex"), hash);
      blocks++;
    }
    for (const each of Object.values(node)) visit(each);
  };
  for (const file of listVectors("labnet")) if (file.startsWith("reorg-")) visit(readJson(`labnet/${file}`));
  expect(blocks).toBeGreaterThan(500);
});

vectorTest("invalid blocks parse and keep their bytes, unless the daemon could not read them either", () => {
  type Case = { name: string; hash: string; rpcError?: { code: number }; hex?: string; hexGz?: string };
  const cases = readJson<Case[]>("labnet/invalid-blocks.json");
  const unreadable = cases.filter((each) => each.rpcError?.code === -22);
  expect(unreadable.length).toBeGreaterThan(5);
  for (const each of cases) {
    if (unreadable.includes(each))
      expect(parseWhole(caseBytes(each), readBlock), each.name).toBeInstanceOf(ParseError);
    else expectSameBytes(caseBytes(each), each.hash);
  }
});

vectorTest("genesis blocks and a Zcash block have the known hashes, roots and ids", () => {
  type Known = {
    name: string;
    hash: string;
    merkle_root: string;
    txids: string[];
    block_hex: string;
    header_hex: string;
  };
  for (const known of readJson<{ blocks: Known[] }>("blocks.json").blocks) {
    const block = expectSameBytes(Buffer.from(known.block_hex, "hex"), known.hash);
    const ids = block.transactions.map(txid);
    expect(ids.map(toDisplayHex)).toEqual(known.txids);
    expect(toDisplayHex(merkleTree(ids).root)).toBe(known.merkle_root);
    expect(known.block_hex.startsWith(known.header_hex)).toBe(true);
  }
});

vectorTest("a replaced producer signature changes the content and not the block hash", () => {
  const line = readJsonLines<RecordedBlock>("labnet/chain-a.jsonl").find(({ height }) => height === 1_000);
  const block = parsed(Buffer.from(line!.hex, "hex"));
  if (block.header.kind !== "pon") throw new Error("block 1000 is a proof-of-node block");
  const header = { ...block.header, signature: Uint8Array.of(1, 2, 3) };
  expect(blockHash(header)).toEqual(blockHash(block.header));
  expect(headerContentId(header)).not.toEqual(headerContentId(block.header));
  expect(contentId({ ...block, header })).not.toEqual(contentId(block));
});
