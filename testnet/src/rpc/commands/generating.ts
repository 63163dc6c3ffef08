import { makeBlock, toDisplayHex } from "@fluxlab/core";
import type { Json } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand, walletOf } from "../command.ts";
import { freshChance, nextTemplateContext } from "../mining/templates.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { outcomeText } from "./mining.ts";

// Source: fluxd src/rpc/mining.cpp generate, setgenerate.

/** Between two blocks others have their turn. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function generate(args: Args, context: CommandContext): Promise<Json> {
  const { api } = context;
  if (!api.params.mineBlocksOnDemand) {
    throw new RpcError(RPC.methodNotFound, "This method can only be used on regtest");
  }
  const count = args.at(0).integer();
  if (count < 0) throw new RpcError(RPC.parameter, "Invalid parameter, count must not be negative");
  const payTo = walletOf(context).miningScript();
  const hashes: string[] = [];
  while (hashes.length < count) {
    await breathe();
    hashes.push(oneBlock(context, payTo));
  }
  return hashes;
}

function oneBlock(context: CommandContext, payTo: Uint8Array): string {
  const { api, wallet } = context;
  const { chain, mempool } = api.node;
  const parent = { state: chain.state(), headers: chain.headers() };
  const block = makeBlock(parent, {
    ...nextTemplateContext(context),
    payTo,
    random: freshChance(),
    solver: () => api.solver(),
    producers: wallet?.producers(parent.state) ?? [],
    mempool,
  });
  if ("why" in block) {
    if (block.why === "noProducer") {
      throw new RpcError(
        RPC.internal,
        "Proof of node: no FluxNode whose key is in the wallet may make a block soon. Import the operating key of a node with importprivkey.",
      );
    }
    const { why } = block;
    throw new RpcError(
      RPC.internal,
      why === "template" ? `No block could be made: ${block.outcome.outcome}` : why,
    );
  }
  const { result } = api.submitBlock(block);
  if (result.outcome !== "active")
    throw new RpcError(RPC.internal, `The block was not taken: ${outcomeText(result)}`);
  return toDisplayHex(chain.tipHash);
}

function setGenerate(args: Args, { api, miner }: CommandContext): Json {
  if (api.params.mineBlocksOnDemand) {
    throw new RpcError(RPC.methodNotFound, "Use the generate method instead of setgenerate on this network");
  }
  const threads = args.at(1).or(-1, (arg) => arg.integer());
  miner.set(args.at(0).flag() && threads !== 0, threads);
  return null;
}

export const generatingCommands: CommandGroup = {
  category: "Generating",
  commands: [
    {
      name: "generate",
      usage: "generate numblocks",
      help: "Makes blocks at once, where the network has blocks on demand. Returns their hashes.",
      takes: [1, 1],
      run: generate,
    },
    plainCommand({
      name: "getgenerate",
      help: "Whether the built-in miner runs.",
      run: ({ miner }) => miner.running,
    }),
    {
      name: "setgenerate",
      usage: "setgenerate generate ( genproclimit )",
      help: "Starts or stops the built-in miner; the limit is its threads, -1 for one a core.",
      takes: [1, 2],
      run: setGenerate,
    },
  ],
};
