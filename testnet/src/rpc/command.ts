import type { Json } from "@fluxlab/core/host";
import type { Args } from "./args.ts";
import type { Boosts } from "./boosts.ts";
import type { ChainIndex } from "./chainIndex.ts";
import type { MinerSwitch } from "./minerSwitch.ts";
import type { NodeApi } from "./nodeApi.ts";
import { RPC, RpcError } from "./rpcError.ts";
import type { Wallet } from "./wallet/wallet.ts";

/** What commands work with. */
export interface CommandContext {
  readonly api: NodeApi;
  /** In step with the node's chain whenever it is asked something. */
  readonly index: ChainIndex;
  /** Undefined: -disablewallet. */
  readonly wallet: Wallet | undefined;
  readonly boosts: Boosts;
  /** Where fluxnode.conf lies. */
  readonly dataFolder: string;
  /** Where wallets may be dumped to: -exportdir. Undefined: nowhere. */
  readonly exportFolder: string | undefined;
  readonly miner: MinerSwitch;
  /** Waits until the tip moves or so many milliseconds have passed. */
  readonly tipMoved: (milliseconds: number) => Promise<void>;
}

/** One command. */
export interface Command {
  readonly name: string;
  /** Older names. */
  readonly aliases?: readonly string[];
  /** The call and its parameters, as `help` lists it: "getblock hash|height ( verbosity )". */
  readonly usage: string;
  /** What it does, for `help COMMAND`. */
  readonly help: string;
  /** Fewest and most parameters. */
  readonly takes: readonly [least: number, most: number];
  /** Not listed by `help`. */
  readonly hidden?: boolean;
  readonly run: (args: Args, context: CommandContext) => Json | Promise<Json>;
}

/** A command that takes nothing. */
export const plainCommand = (
  command: Pick<Command, "name" | "aliases" | "help" | "hidden"> & {
    readonly run: (context: CommandContext) => Json | Promise<Json>;
  },
): Command => ({
  ...command,
  usage: command.name,
  takes: [0, 0],
  run: (_args, context) => command.run(context),
});

/** Commands of one category of `help`. */
export interface CommandGroup {
  readonly category: string;
  readonly commands: readonly Command[];
}

/** What `help COMMAND` says, and the error of a call with too few or too many parameters. */
export const helpText = ({ usage, help }: Command): string => `${usage}\n\n${help}\n`;

/** The wallet. @throws RpcError if the node runs without one, or `need` is "keys" and they are locked */
export function walletOf({ wallet }: CommandContext, need: "anything" | "keys" = "anything"): Wallet {
  if (wallet === undefined) throw new RpcError(RPC.methodNotFound, "Method not found (disabled)");
  if (need === "keys" && wallet.locked) {
    throw new RpcError(
      RPC.unlockNeeded,
      "Error: Please enter the wallet passphrase with walletpassphrase first.",
    );
  }
  return wallet;
}
