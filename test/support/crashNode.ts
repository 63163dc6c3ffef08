import { setTimeout as sleep } from "node:timers/promises";
import {
  type Block,
  blockBytes,
  displayHash,
  makeBlock,
  plainSolver,
  Random,
  stateHash,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { BlockLog, DiskFile, type LiveNode } from "@fluxlab/testnet/host";
import { BENCH_PARAMS, openBenchNode } from "./benchNode.ts";
import { hashText } from "./forkedChain.ts";
import { MINER_SCRIPT } from "./miningLab.ts";

// A program that is made to be killed: opens a node in a folder, says what is there, and goes on, saying what it has acknowledged.
//
// It snapshots, begins files and folds all the time; with a number it prunes to so many bytes.
//
//   node crashNode.ts DATADIR given FILE [BYTES]        takes the blocks of a file by hand, from the one after its tip on
//   node crashNode.ts DATADIR sync PORT:TIME [BYTES]    gets blocks from a peer, until it has what that one has
//   node crashNode.ts DATADIR mine HEIGHT [BYTES]       mines
//
// Lines: "open TIP DIGEST BLOCK", "ack TIP BLOCK"; in the end "done".

const [dataFolder = "", how, source = "", pruneTo] = process.argv.slice(2);

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function tipOf({ node: { chain } }: LiveNode): { readonly hash: string; readonly hex: string } {
  const block = chain.block(chain.tip);
  return { hash: toDisplayHex(chain.tipHash), hex: toWireHex(blockBytes(block as Block)) };
}

function acknowledge(live: LiveNode): void {
  const { hash, hex } = tipOf(live);
  say(`ack ${hash} ${hex}`);
}

/** So that what was said gets out, and signals get in. */
const breath = (): Promise<void> => sleep(1);

async function takeGiven(live: LiveNode): Promise<void> {
  const blocks: Block[] = [];
  const log = new BlockLog(new DiskFile(source), displayHash(BENCH_PARAMS.genesis.hash), source);
  log.scan((block) => blocks.push(block));
  const { hash } = tipOf(live);
  for (const block of blocks.slice(blocks.findIndex((each) => hashText(each) === hash) + 1)) {
    live.submitBlock(block);
    acknowledge(live);
    await breath();
  }
}

/** What a node has from peers it acknowledges to nobody; a kill leaves to the file what was written to it. */
async function sync(live: LiveNode): Promise<void> {
  const { chain } = live.node;
  const end = Number(source.split(":")[1]);
  live.host.setMockTime(end);
  for (let tip = chain.tip; chain.shared.tree.time(tip) < end; await breath()) {
    if (chain.tip === tip) continue;
    tip = chain.tip;
    acknowledge(live);
  }
}

async function mine(live: LiveNode): Promise<void> {
  const { chain } = live.node;
  while (chain.tipHeight < Number(source)) {
    const headers = chain.headers();
    const block = makeBlock(
      { state: chain.state(), headers },
      {
        ecdsa: chain.shared.verifier.ecdsa,
        trust: "nothing",
        params: BENCH_PARAMS,
        payTo: MINER_SCRIPT,
        adjustedTime: headers.time(headers.height) + BENCH_PARAMS.pow.targetSpacing,
        solver: () => plainSolver({ n: 48, k: 5 })!,
        random: Random.root(`${process.pid}`),
        producers: [],
        mempool: live.node.mempool,
      },
    );
    if ("why" in block) throw new Error(block.why);
    live.submitBlock(block);
    acknowledge(live);
    await breath();
  }
}

const live = await openBenchNode(dataFolder, {
  ...(how === "sync" ? { port: Number(source.split(":")[0]) } : {}),
  listen: undefined,
  diskTuning: { keep: 10, foldEvery: 5, snapshotEvery: 3, fileBytes: 6_000 },
  pruneTo: pruneTo === undefined ? undefined : Number(pruneTo),
});
const { hash, hex } = tipOf(live);
say(`open ${hash} ${stateHash(live.node.chain.state())} ${hex}`);
if (how === "given") await takeGiven(live);
else if (how === "sync") await sync(live);
else await mine(live);
await live.close();
say("done");
