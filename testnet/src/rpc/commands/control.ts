import { MIN_RELAY_FEE_RATE } from "@fluxlab/core";
import { FluxAmount, type Json } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, helpText, plainCommand } from "../command.ts";
import { difficulty } from "../results/headerFacts.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { REFERENCE_VERSION } from "../version.ts";

// Source: fluxd src/rpc/misc.cpp getinfo, src/rpc/server.cpp help, stop.

function getInfo({ api, wallet, index }: CommandContext): Json {
  const { node, params } = api;
  const { chain } = node;
  return {
    version: REFERENCE_VERSION,
    protocolversion: node.settings.protocolVersion,
    ...(wallet === undefined
      ? {}
      : { walletversion: wallet.version, balance: new FluxAmount(wallet.balance(index, node)) }),
    blocks: chain.tipHeight,
    timeoffset: node.adjustedTime - api.now(),
    connections: node.peers.length,
    proxy: "",
    difficulty: difficulty(chain.shared.tree.bits(chain.tip), params),
    testnet: params.kind === "test",
    ...(wallet === undefined
      ? {}
      : {
          keypoololdest: wallet.oldestKeyTime,
          keypoolsize: wallet.keyPoolSize,
          ...(wallet.unlockedUntil === undefined ? {} : { unlocked_until: wallet.unlockedUntil }),
          paytxfee: new FluxAmount(wallet.feeRate),
        }),
    relayfee: new FluxAmount(MIN_RELAY_FEE_RATE),
    errors: "",
  };
}

function setMockTime(args: Args, { api }: CommandContext): Json {
  if (api.params.kind === "main" || api.params.kind === "test") {
    throw new RpcError(RPC.misc, "setmocktime for regression testing (-regtest mode) only");
  }
  const seconds = args.at(0).wide();
  api.setMockTime(seconds === 0 ? undefined : seconds);
  return null;
}

/** The groups, `help` among them, which tells of all. */
export function controlCommands(others: readonly CommandGroup[]): CommandGroup {
  const group: CommandGroup = {
    category: "Control",
    commands: [
      plainCommand({
        name: "getinfo",
        help: "The node in short.",
        run: getInfo,
      }),
      {
        name: "help",
        usage: 'help ( "command" )',
        help: "Lists all commands, or explains one.",
        takes: [0, 1],
        run: (args) =>
          args.at(0).or(listOf([group, ...others]), (arg) => explain([group, ...others], arg.text())),
      },
      plainCommand({
        name: "stop",
        help: "Ends the node in order.",
        run: ({ api }) => {
          api.stop();
          return "Flux server stopping";
        },
      }),
      {
        name: "setmocktime",
        usage: "setmocktime timestamp",
        help: "Stops the node's clock at a Unix time, 0 lets it go. Not on the public networks.",
        takes: [1, 1],
        hidden: true,
        run: setMockTime,
      },
    ],
  };
  return group;
}

function listOf(groups: readonly CommandGroup[]): string {
  const sorted = [...groups].sort((a, b) => (a.category < b.category ? -1 : 1));
  return sorted
    .map(({ category, commands }) => {
      const shown = commands.filter(({ hidden }) => hidden !== true).map(({ usage }) => usage);
      return [`== ${category} ==`, ...shown.sort()].join("\n");
    })
    .join("\n\n");
}

function explain(groups: readonly CommandGroup[], name: string): string {
  const found = groups
    .flatMap(({ commands }) => commands)
    .find((command) => command.name === name || command.aliases?.includes(name) === true);
  return found === undefined ? `help: unknown command: ${name}\n` : helpText(found);
}
