import {
  COLLATERAL_MATURITY,
  compareOutpoints,
  dosRelease,
  type FluxnodeRecord,
  NEW_COLLATERAL,
  OLD_COLLATERAL,
  type StateContents,
  startExpiryBlocks,
  TIERS,
  type Tier,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { Json, JsonObject } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand } from "../command.ts";
import {
  collateralText,
  hostNetwork,
  ipOf,
  nodeJson,
  paymentAddress,
  waitingJson,
  winnerJson,
} from "../results/fluxnodeResult.ts";
import { RPC, RpcError } from "../rpcError.ts";

// Lists of FluxNodes. Source: fluxd src/rpc/fluxnode.cpp.

/** Lists say nothing while the chain is incomplete. */
function synced({ api }: CommandContext): StateContents {
  if (api.node.catchingUp) {
    throw new RpcError(
      RPC.initialDownload,
      "Fluxnode list is not available while the chain is still downloading: see getblockchaininfo",
    );
  }
  return api.node.chain.state();
}

/** Confirmed nodes in payment order; ranks count hidden ones, too. */
function listNodes(context: CommandContext, filter: string): JsonObject[] {
  const state = synced(context);
  return TIERS.flatMap((tier) =>
    [...state.queue(tier)].flatMap((record, rank) =>
      matches(record, state, context, filter) ? [{ ...nodeJson(record, state, context), rank }] : [],
    ),
  );
}

function matches(
  record: FluxnodeRecord,
  state: StateContents,
  context: CommandContext,
  filter: string,
): boolean {
  if (filter === "") return true;
  const { payment_address } = nodeJson(record, state, context);
  const texts = [toDisplayHex(record.outpoint.txid), toWireHex(record.identity.pubkey), ipOf(record)];
  return [...texts, payment_address as string].some((text) => text.includes(filter));
}

const listCommand = (args: Args, context: CommandContext): Json =>
  listNodes(
    context,
    args.at(0).or("", (arg) => arg.text()),
  );

/** Nodes of a list that is waited in, those that leave it first at the top. */
function waiting(context: CommandContext, status: "started" | "dos", name: string, blocks: number): Json {
  const state = synced(context);
  const records = [...state.fluxnodes()].filter((record) => record.status === status);
  const left = ({ identity }: FluxnodeRecord) => blocks - (state.height - identity.addedHeight);
  return records
    .sort((a, b) => left(a) - left(b) || compareOutpoints(a.outpoint, b.outpoint))
    .map((record) => waitingJson(record, [name, left(record)], state, context.api.params));
}

function countNodes(context: CommandContext): JsonObject {
  const state = synced(context);
  const count: Record<Tier, number> = { cumulus: 0, nimbus: 0, stratus: 0 };
  const networks = { ipv4: 0, ipv6: 0, onion: 0 };
  for (const tier of TIERS) {
    for (const record of state.queue(tier)) {
      count[tier]++;
      // An ip with a port behind it is of no network here, unlike in the lists.
      const network = hostNetwork(ipOf(record));
      if (network !== "") networks[network]++;
    }
  }
  const total = count.cumulus + count.nimbus + count.stratus;
  return {
    total,
    stable: total,
    "basic-enabled": count.cumulus,
    "super-enabled": count.nimbus,
    "bamf-enabled": count.stratus,
    "cumulus-enabled": count.cumulus,
    "nimbus-enabled": count.nimbus,
    "stratus-enabled": count.stratus,
    ...networks,
  };
}

function countMigration(context: CommandContext): Json {
  const state = synced(context);
  return (["old", "new"] as const).map((era) => {
    const amounts = era === "old" ? OLD_COLLATERAL : NEW_COLLATERAL;
    const counts = TIERS.map((tier) => {
      const records = [...state.queue(tier)];
      return records.filter(({ identity }) => identity.collateralAmount === amounts[tier]).length;
    });
    return {
      [`total-${era}`]: counts.reduce((sum, count) => sum + count, 0),
      ...Object.fromEntries(TIERS.map((tier, i) => [`${tier}-enabled-${era}`, counts[i]])),
    };
  });
}

/** The first of each queue that can be paid, whether or not payments have begun. */
function currentWinners(context: CommandContext): JsonObject {
  const state = synced(context);
  const { params } = context.api;
  const winners = TIERS.flatMap((tier) => {
    const head = state.queueHead(tier);
    if (head === undefined || paymentAddress(head, state, params) === "") return [];
    return [[`${tier.toUpperCase()} Winner`, winnerJson(head, state, params)] as const];
  });
  return Object.fromEntries(winners);
}

/** Codes of a delegate list: what the state keeps was set by an UPDATE. */
const STORED_DELEGATES = { delegate_version: 1, delegate_type: 1, delegate_type_string: "UPDATE" };

function listDelegates(args: Args, { api }: CommandContext): JsonObject {
  const txid = args.at(0).hash();
  const index = Number(args.at(1).text());
  if (!Number.isInteger(index) || index < 0) throw new RpcError(RPC.parameter, "Invalid output index");
  const outpoint = { txid, index };
  const keys = api.node.chain.state().delegates(outpoint);
  const collateral = collateralText(outpoint);
  if (keys.length === 0) return { collateral, has_delegates: false };
  return { collateral, has_delegates: true, ...STORED_DELEGATES, delegate_keys: keys.map(toWireHex) };
}

/** Commands that only a daemon configured as a FluxNode answers. */
const onlyOnNodes = (): never => {
  throw new RpcError(RPC.misc, "This is not a Flux Node");
};

/** Wallet coins that could carry a node. */
function nodeOutputs(context: CommandContext): Json {
  const amounts: bigint[] = [...Object.values(OLD_COLLATERAL), ...Object.values(NEW_COLLATERAL)];
  const coins = context.wallet?.coins(context.index, context.api.node) ?? [];
  return coins
    .filter(({ output }) => amounts.includes(output.value))
    .map(({ outpoint, output, confirmations }) => ({
      txhash: toDisplayHex(outpoint.txid),
      outputidx: outpoint.index,
      "Flux Amount": Number(output.value / 100_000_000n),
      Confirmations: confirmations,
    }));
}

export const fluxnodeCommands: CommandGroup = {
  category: "Fluxnode",
  commands: [
    {
      name: "viewdeterministicfluxnodelist",
      aliases: ["listfluxnodes", "viewdeterministiczelnodelist", "listzelnodes"],
      usage: 'viewdeterministicfluxnodelist ( "filter" )',
      help: "Confirmed FluxNodes in the order in which each tier pays them. The filter is part of a txid, key, ip or address.",
      takes: [0, 1],
      run: listCommand,
    },
    plainCommand({
      name: "getfluxnodesnapshot",
      help: "All confirmed FluxNodes with the height and hash of the block after which this is the list.",
      run: (context) => {
        const { height, blockHash } = synced(context);
        return { height, blockhash: toDisplayHex(blockHash), nodes: listNodes(context, "") };
      },
    }),
    plainCommand({
      name: "getstartlist",
      help: "FluxNodes that are started and not confirmed, with the blocks they have left.",
      run: (context) => {
        const blocks = startExpiryBlocks(context.api.params, context.api.node.chain.tipHeight);
        return waiting(context, "started", "expires_in", blocks);
      },
    }),
    plainCommand({
      name: "getdoslist",
      help: "FluxNodes that were not confirmed in time, with the blocks until they may be started again.",
      run: (context) => {
        const { blocks } = dosRelease(context.api.params, context.api.node.chain.tipHeight);
        return waiting(context, "dos", "eligible_in", blocks);
      },
    }),
    plainCommand({
      name: "fluxnodecurrentwinner",
      aliases: ["zelnodecurrentwinner"],
      help: "Whom the next block pays, by tier.",
      run: (context) => currentWinners(context),
    }),
    plainCommand({
      name: "getfluxnodecount",
      aliases: ["getzelnodecount"],
      help: "Confirmed FluxNodes by tier and network.",
      run: (context) => countNodes(context),
    }),
    plainCommand({
      name: "getmigrationcount",
      help: "Confirmed FluxNodes on old and on new collateral amounts.",
      run: (context) => countMigration(context),
    }),
    {
      name: "listfluxnodedelegates",
      usage: 'listfluxnodedelegates "txid" "index"',
      help: "Keys that may start the FluxNode of this collateral for its owner.",
      takes: [2, 2],
      run: listDelegates,
    },
    plainCommand({
      name: "getfluxnodeoutputs",
      aliases: ["getzelnodeoutputs"],
      help: `Coins of the wallet that could carry a FluxNode; they must be ${COLLATERAL_MATURITY} blocks old for that.`,
      run: (context) => nodeOutputs(context),
    }),
    plainCommand({
      name: "getfluxnodestatus",
      aliases: ["getzelnodestatus"],
      help: "Status of this FluxNode. This program is not one: operate it with the laboratory's own tools.",
      run: onlyOnNodes,
    }),
    ...["getbenchmarks", "getbenchstatus", "startfluxbenchd", "stopfluxbenchd"].map((name) =>
      plainCommand({
        name,
        aliases: name.endsWith("fluxbenchd") ? [name.replace("flux", "zel")] : [],
        help: "Asks the benchmark program of a FluxNode.",
        run: onlyOnNodes,
      }),
    ),
    plainCommand({
      name: "createconfirmationtransaction",
      help: "Sends an UPDATE of this FluxNode at once.",
      hidden: true,
      run: onlyOnNodes,
    }),
  ],
};
