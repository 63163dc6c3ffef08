import type { Command } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";

// What fluxd answers and this node does not, so that callers are told why instead of that there is no such thing.

const SHIELDED =
  "zcrawkeygen zcrawjoinsplit zcrawreceive zcsamplejoinsplit zcbenchmark z_getnewaddress z_listaddresses z_listunspent " +
  "z_listreceivedbyaddress z_getbalance z_gettotalbalance z_sendmany z_shieldcoinbase z_mergetoaddress z_getoperationstatus " +
  "z_getoperationresult z_listoperationids z_setmigration z_getmigrationstatus z_importkey z_exportkey z_importviewingkey " +
  "z_exportviewingkey z_importwallet z_exportwallet z_getpaymentdisclosure z_validatepaymentdisclosure z_validateaddress";

const SPORKS = "createsporkkeys";

const MAINTENANCE =
  "rescanblockchain consolidateutxos resendwallettransactions rebuildfluxnodedb rebuildzelnodedb";

const REASONS: readonly (readonly [names: string, why: string])[] = [
  [SHIELDED, "shielded payments need proof systems that this node does not have"],
  [SPORKS, "no rule of the chain is switched by sporks any more"],
  ["move", "there is one account, the nameless, and nothing can be moved from it to itself"],
  [MAINTENANCE, "there is nothing to repair or rescan: index and wallet follow the chain at once"],
];

/** Known names that are answered with why they are not offered. */
export const notOffered: readonly Command[] = REASONS.flatMap(([names, why]) =>
  names.split(" ").map((name) => ({
    name,
    usage: name,
    help: `Not offered: ${why}.`,
    takes: [0, Number.POSITIVE_INFINITY] as const,
    hidden: true,
    run: () => {
      throw new RpcError(RPC.methodNotFound, `Method not offered by this node: ${why}`);
    },
  })),
);
