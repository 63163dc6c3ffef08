import {
  type Block,
  type BlockOutcome,
  type BlockTemplate,
  blockSubsidy,
  connectBlock,
  decodeTarget,
  equalBytes,
  knownTxid,
  legacySigops,
  ParseError,
  parse,
  readBlock,
  rejectReason,
  scriptAddress,
  specialFundingAt,
  TIERS,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  u256,
  u256Hex,
} from "@fluxlab/core";
import {
  FluxAmount,
  hexWord,
  type Json,
  type JsonObject,
  JsonReal,
  knownBefore,
  submitAnswer,
} from "@fluxlab/core/host";
import type { Arg, Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand } from "../command.ts";
import { templateOnTip } from "../mining/templates.ts";
import { difficulty } from "../results/headerFacts.ts";
import { networkRate, nextWorkBits } from "../results/networkRate.ts";
import { RPC, RpcError } from "../rpcError.ts";

// Source: fluxd src/rpc/mining.cpp.

/** @throws RpcError if it is no block */
export function decodeBlock(hex: Arg): Block {
  const block = parse(hex.hex(), readBlock); // what follows a block is not looked at
  if (block instanceof ParseError) throw new RpcError(RPC.deserialization, "Block decode failed");
  return block;
}

/** What an outcome is called in a sentence or an answer; "" for the best. */
export function outcomeText(result: BlockOutcome): string {
  switch (result.outcome) {
    case "active":
      return "";
    case "known":
    case "knownInvalid":
      return result.outcome === "known" ? "duplicate" : "duplicate-invalid";
    case "invalid":
      return rejectReason(result.violation);
    case "unknownParent":
    case "invalidParent":
      return "bad-prevblk";
    case "cannotTell":
      return `cannot verify ${result.unverified}`;
    case "held":
    case "ignored":
      return "inconclusive";
  }
}

function submitBlock(args: Args, { api }: CommandContext): Json {
  const block = decodeBlock(args.at(0, "argument 1"));
  const before = knownBefore(api.node.chain, block.header);
  if (before === "valid" || before === "failed") return submitAnswer({ outcome: "known" }, before);
  const { result } = api.submitBlock(block);
  return result.outcome === "cannotTell" ? outcomeText(result) : submitAnswer(result, before);
}

function miningInfo({ api, miner }: CommandContext): Json {
  const { node, params } = api;
  const rate = networkRate(api, 120, -1);
  return {
    blocks: node.chain.tipHeight,
    currentblocksize: 0,
    currentblocktx: 0,
    difficulty: difficulty(nextWorkBits(api), params),
    errors: "",
    genproclimit: miner.threads,
    localsolps: new JsonReal(miner.solutionRate),
    networksolps: rate,
    networkhashps: rate,
    pooledtx: node.mempool.pool.size,
    testnet: params.kind === "test",
    chain: params.kind,
    generate: miner.running,
    ponminter: false,
  };
}

function getBlockSubsidy(args: Args, { api }: CommandContext): Json {
  const height = args.at(0).or(api.node.chain.tipHeight, (arg) => arg.integer());
  if (height < 0) throw new RpcError(RPC.parameter, "Block height out of range");
  const fund = specialFundingAt(api.params, height).reduce((sum, { amount }) => sum + amount, 0n);
  return { miner: new FluxAmount(blockSubsidy(api.params, height) + fund) };
}

/** Long polls wait so long for a tip, and then look at the pool every so often, in milliseconds. */
const LONG_POLL_MS = 60_000;
const POOL_LOOK_MS = 10_000;

async function waitForNews(id: string, context: CommandContext): Promise<void> {
  const { node } = context.api;
  const tipNow = (): string => toDisplayHex(node.chain.tipHash);
  const [tip, pool] = [id.slice(0, 64), id.slice(64)];
  if (tip !== tipNow()) return;
  await context.tipMoved(LONG_POLL_MS);
  while (tip === tipNow() && pool === `${node.mempool.pool.changes}`) await context.tipMoved(POOL_LOOK_MS);
}

async function blockTemplate(args: Args, context: CommandContext): Promise<Json> {
  const { api, wallet } = context;
  const request = args.at(0);
  const option = (name: string): string | undefined =>
    request.or(undefined, (arg) => arg.get(name).or(undefined, (each) => each.text()));
  const mode = option("mode") ?? "template";
  if (mode === "proposal") return propose(request.get("data"), context);
  if (mode !== "template") throw new RpcError(RPC.parameter, "Invalid mode");
  if (wallet === undefined) throw new RpcError(RPC.methodNotFound, "Method not found (no wallet to pay)");
  // On every network, whatever its parameters say about peers.
  if (api.node.peers.length === 0) throw new RpcError(RPC.notConnected, "Flux is not connected!");
  const longPollId = option("longpollid");
  if (longPollId !== undefined) await waitForNews(longPollId, context);
  return templateJson(templateOnTip(context, wallet.miningScript()), context);
}

/** What a block lacks besides its proof. */
function propose(data: Arg, { api }: CommandContext): Json {
  if (data.absent) throw new RpcError(RPC.type, "Missing data String key for proposal");
  const block = decodeBlock(data);
  const { chain } = api.node;
  const before = knownBefore(chain, block.header);
  if (before !== undefined) return submitAnswer({ outcome: "known" }, before);
  if (!equalBytes(block.header.previousHash, chain.tipHash)) return "inconclusive-not-best-prevblk";
  const options = { ecdsa: chain.shared.verifier.ecdsa, trust: "nothing", unsigned: true } as const;
  const verdict = connectBlock(chain.state(), block, api.params, options);
  if (verdict.verdict === "connected") return null;
  return verdict.verdict === "invalid"
    ? rejectReason(verdict.violation)
    : `cannot verify ${verdict.unverified}`;
}

/** Source: fluxd src/rpc/mining.cpp getblocktemplate. */
function templateJson(template: BlockTemplate, { api }: CommandContext): Json {
  const { block, entries, fees, height, minTime } = template;
  const { header, transactions } = block;
  const place = new Map(entries.map(({ entry }, i) => [toDisplayHex(entry.txid), i + 1]));
  const target = u256();
  decodeTarget(target, header.bits);
  const coinbase = transactions[0]!;
  return {
    capabilities: ["proposal"],
    version: header.version,
    previousblockhash: toDisplayHex(header.previousHash),
    finalsaplingroothash: toDisplayHex(header.saplingRoot),
    transactions: entries.map(({ entry, fee, sigops }) => ({
      data: toWireHex(transactionBytes(entry.tx)),
      hash: toDisplayHex(entry.txid),
      depends: dependsOn(entry.tx, place),
      fee,
      sigops,
    })),
    coinbasetxn: {
      data: toWireHex(transactionBytes(coinbase)),
      hash: toDisplayHex(knownTxid(coinbase)),
      depends: [],
      fee: -fees,
      sigops: legacySigops(coinbase),
      required: true,
    },
    longpollid: `${toDisplayHex(header.previousHash)}${api.node.mempool.pool.changes}`,
    target: u256Hex(target),
    mintime: minTime,
    mutable: ["time", "transactions", "prevblock"],
    noncerange: "00000000ffffffff",
    sigoplimit: 20_000,
    sizelimit: 2_000_000,
    curtime: header.time,
    bits: hexWord(header.bits),
    height,
    miner_reward: coinbase.kind === "ordinary" ? coinbase.outputs[0]!.value : 0n,
    ...payeesJson(template, api.params),
    ...fundJson(height, api.params),
  };
}

function dependsOn(
  tx: BlockTemplate["block"]["transactions"][number],
  place: ReadonlyMap<string, number>,
): number[] {
  if (tx.kind !== "ordinary") return [];
  return [...new Set(tx.inputs.flatMap(({ prevout }) => place.get(toDisplayHex(prevout.txid)) ?? []))];
}

/** Names that pools know the tiers by. */
const OLD_TIER_NAMES = { cumulus: "basic", nimbus: "super", stratus: "bamf" } as const;

function payeesJson({ due }: BlockTemplate, params: CommandContext["api"]["params"]): JsonObject {
  const members = TIERS.flatMap((tier) => {
    const payment = due[tier];
    if (payment === undefined) return [];
    const address = scriptAddress(payment.scriptPubKey, params) ?? "";
    const names = [`${OLD_TIER_NAMES[tier]}_zelnode`, `${tier}_zelnode`, `${tier}_fluxnode`];
    return names.flatMap((name) => [
      [`${name}_address`, address] as const,
      [`${name}_payout`, payment.amount] as const,
    ]);
  });
  return Object.fromEntries(members);
}

function fundJson(height: number, params: CommandContext["api"]["params"]): JsonObject {
  const [funding] = specialFundingAt(params, height);
  if (funding === undefined) return {};
  return { flux_creation_address: funding.address, flux_creation_amount: funding.amount };
}

function prioritise(args: Args, { boosts }: CommandContext): Json {
  boosts.add(args.at(0, "txid").hash(), args.at(1).real(), BigInt(args.at(2).wide()));
  return true;
}

export const miningCommands: CommandGroup = {
  category: "Mining",
  commands: [
    {
      name: "getblocktemplate",
      usage: 'getblocktemplate ( {"mode":"template|proposal","data":"hex","longpollid":"id"} )',
      help: "What a miner needs for the next block; or whether a proposed block lacks only its proof.",
      takes: [0, 1],
      run: blockTemplate,
    },
    {
      name: "submitblock",
      usage: 'submitblock "hex" ( parameters )',
      help: "Gives a block to the node. Null if it becomes the tip, else why not.",
      takes: [1, 2],
      run: submitBlock,
    },
    plainCommand({
      name: "getmininginfo",
      help: "Difficulty, rates and the built-in miner.",
      run: miningInfo,
    }),
    {
      name: "getblocksubsidy",
      usage: "getblocksubsidy ( height )",
      help: "What the block of a height creates, special funds included.",
      takes: [0, 1],
      run: getBlockSubsidy,
    },
    ...(["getnetworkhashps", "getnetworksolps"] as const).map((name) => ({
      name,
      usage: `${name} ( blocks height )`,
      help: "Solutions a second that the network tried over some blocks, 120 unless said, up to a height.",
      takes: [0, 2] as const,
      run: (args: Args, { api }: CommandContext): Json =>
        networkRate(
          api,
          args.at(0).or(120, (arg) => arg.integer()),
          args.at(1).or(-1, (arg) => arg.integer()),
        ),
    })),
    plainCommand({
      name: "getlocalsolps",
      help: "Solutions a second that the built-in miner finds: 0 while it is not running.",
      run: ({ miner }) => new JsonReal(miner.solutionRate),
    }),
    {
      name: "prioritisetransaction",
      usage: 'prioritisetransaction "txid" priority fee',
      help: "Lets a transaction count as if it had more priority, or paid so many satoshi more, for this node's blocks.",
      takes: [3, 3],
      run: prioritise,
    },
  ],
};
