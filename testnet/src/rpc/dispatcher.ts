import type { Json } from "@fluxlab/core/host";
import { Args } from "./args.ts";
import { type Command, type CommandContext, type CommandGroup, helpText } from "./command.ts";
import { accountCommands } from "./commands/accounts.ts";
import { addressIndexCommands } from "./commands/addressIndex.ts";
import { blockchainCommands } from "./commands/blockchain.ts";
import { controlCommands } from "./commands/control.ts";
import { delegateStartCommands } from "./commands/delegateStart.ts";
import { emergencyBlockCommands } from "./commands/emergencyBlock.ts";
import { fluxnodeCommands } from "./commands/fluxnode.ts";
import { fluxnodeOwnerCommands } from "./commands/fluxnodeOwner.ts";
import { generatingCommands } from "./commands/generating.ts";
import { miningCommands } from "./commands/mining.ts";
import { multisigStartCommands } from "./commands/multisigStart.ts";
import { networkCommands } from "./commands/network.ts";
import { notOffered } from "./commands/notOffered.ts";
import { rawTransactionCommands } from "./commands/rawTransactions.ts";
import { utilCommands } from "./commands/util.ts";
import { walletCommands } from "./commands/wallet.ts";
import { walletDumpCommands } from "./commands/walletDump.ts";
import { walletHistoryCommands } from "./commands/walletHistory.ts";
import { walletTotalsCommands } from "./commands/walletTotals.ts";
import { RPC, RpcError } from "./rpcError.ts";

const GROUPS: readonly CommandGroup[] = [
  addressIndexCommands,
  blockchainCommands,
  emergencyBlockCommands,
  {
    ...fluxnodeCommands,
    commands: [fluxnodeCommands, fluxnodeOwnerCommands, delegateStartCommands, multisigStartCommands].flatMap(
      ({ commands }) => commands,
    ),
  },
  generatingCommands,
  miningCommands,
  networkCommands,
  rawTransactionCommands,
  utilCommands,
  {
    ...walletCommands,
    commands: [
      walletCommands,
      accountCommands,
      walletHistoryCommands,
      walletTotalsCommands,
      walletDumpCommands,
    ].flatMap(({ commands }) => commands),
  },
];

/** Every command by each of its names. */
const COMMANDS: ReadonlyMap<string, Command> = new Map(
  [...[...GROUPS, controlCommands(GROUPS)].flatMap(({ commands }) => commands), ...notOffered].flatMap(
    (command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
  ),
);

/** Finds commands by name and runs them on one node. */
export class Dispatcher {
  readonly #context: CommandContext;
  /** While the node is not ready: what it is doing. */
  #warmUp: string | undefined;

  constructor(context: CommandContext, warmUp?: string) {
    this.#context = context;
    this.#warmUp = warmUp;
  }

  /** From now on calls are answered. */
  ready(): void {
    this.#warmUp = undefined;
  }

  /** @throws RpcError for what the caller should know, anything else for our bugs */
  async call(method: string, params: readonly unknown[]): Promise<Json> {
    if (this.#warmUp !== undefined) throw new RpcError(RPC.warmUp, this.#warmUp);
    const command = COMMANDS.get(method);
    if (command === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
    const [least, most] = command.takes;
    if (params.length < least || params.length > most) throw new RpcError(RPC.misc, helpText(command));
    return await command.run(new Args(params), this.#context);
  }
}
