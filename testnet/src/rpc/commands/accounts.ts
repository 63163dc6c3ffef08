import { decodeAddress } from "@fluxlab/core";
import type { Json } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, walletOf } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { WalletHistory } from "../wallet/history.ts";
import { sortedAddresses, theAccount } from "./walletTotals.ts";

// The address book. fluxd has accounts no more, but still the commands for the one without a name.
// Source: fluxd src/wallet/rpcwallet.cpp.

function addressOf(args: Args, { api }: CommandContext): string {
  const address = args.at(0).text();
  if (decodeAddress(address, api.params) === undefined)
    throw new RpcError(RPC.notFound, "Invalid Flux address");
  return address;
}

function accountAddress(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context);
  theAccount(args.at(0).text());
  return wallet.accountAddress(paid(context));
}

/** Whether a transaction of the wallet ever paid an address. */
function paid(context: CommandContext): (address: string) => boolean {
  const history = new WalletHistory(context);
  return (address) =>
    history.byId().some(({ own }) => own.some(({ output }) => history.addressOf(output) === address));
}

function setAccount(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context);
  const address = addressOf(args, context);
  const account = args.at(1).or("", (arg) => theAccount(arg.text()));
  if (wallet.ownership(decodeAddress(address, context.api.params)!) === undefined)
    throw new RpcError(RPC.misc, "setaccount can only be used with own address");
  // The address that is told to whoever wants one gets another in its place.
  if (wallet.labelOf(address) !== undefined && wallet.accountAddress(paid(context)) === address)
    wallet.accountAddress(() => true);
  wallet.setLabel(address, account);
  return null;
}

export const accountCommands: CommandGroup = {
  category: "Wallet",
  commands: [
    {
      name: "getaccountaddress",
      usage: 'getaccountaddress ""',
      help: "An address that stays the same until it is paid.",
      takes: [1, 1],
      run: accountAddress,
    },
    {
      name: "getaccount",
      usage: 'getaccount "address"',
      help: 'The account of an address: "", or the label that its key was imported with.',
      takes: [1, 1],
      run: (args, context) => walletOf(context).labelOf(addressOf(args, context)) ?? "",
    },
    {
      name: "setaccount",
      usage: 'setaccount "address" ( "" )',
      help: "Takes an address of the wallet into the address book.",
      takes: [1, 2],
      run: setAccount,
    },
    {
      name: "getaddressesbyaccount",
      usage: 'getaddressesbyaccount ""',
      help: "The address book, without addresses that were imported with a label.",
      takes: [1, 1],
      run: (args, context) => {
        const { book } = walletOf(context);
        const account = theAccount(args.at(0).text());
        const addresses = Object.keys(book).filter((address) => book[address] === account);
        return sortedAddresses(addresses, context.api.params);
      },
    },
  ],
};
