import { readFileSync } from "node:fs";
import { genesisBlock, ParseError, parseWhole, readBlock, regtest } from "@fluxlab/core";
import { LiveNode } from "@fluxlab/testnet/host";

// A program that is made to be killed: opens a node in a folder, says its height, and gives it the recorded blocks it lacks,
// saying which ones it has acknowledged.
//
// It snapshots, begins files and folds all the time; with a number it prunes to so many bytes.
//
//   node feedBlocks.ts DATADIR CHAIN.jsonl [BYTES]

const [dataFolder, chainFile, pruneTo] = process.argv.slice(2);
const silent = { info() {}, debug() {}, warn() {} };
const live = await LiveNode.start({
  params: regtest,
  genesis: genesisBlock(regtest)!,
  dataFolder: dataFolder!,
  listen: undefined,
  dial: { added: [], only: [] },
  askSeeds: false,
  maxConnections: 0,
  whitelisted: () => false,
  diskTuning: { keep: 10, foldEvery: 5, snapshotEvery: 3, fileBytes: 6_000 },
  pruneTo: pruneTo === undefined ? undefined : Number(pruneTo),
  log: silent,
});
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
say(`open ${live.node.chain.tipHeight} ${Buffer.from(live.node.chain.tipHash).reverse().toString("hex")}`);
const lines = readFileSync(chainFile!, "utf8").trim().split("\n");
for (const line of lines.slice(live.node.chain.tipHeight + 1)) {
  const { height, hex } = JSON.parse(line) as { height: number; hex: string };
  const block = parseWhole(Uint8Array.from(Buffer.from(hex, "hex")), readBlock);
  if (block instanceof ParseError) throw new Error(String(block));
  const { result } = live.submitBlock(block);
  if (result.outcome !== "active") throw new Error(`block ${height}: ${JSON.stringify(result)}`);
  say(`ack ${height}`);
  await new Promise((resolve) => setTimeout(resolve, 1)); // so that what was said gets out, and signals get in
}
await live.close();
say("done");
