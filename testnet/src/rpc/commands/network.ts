import {
  endpointText,
  ipText,
  isValidIp,
  isWithin,
  MIN_RELAY_FEE_RATE,
  type Peer,
  parseSubnet,
  subnetKey,
  subnetText,
} from "@fluxlab/core";
import { FluxAmount, type Json, JsonMembers, type JsonObject, JsonReal } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand } from "../command.ts";
import type { NodeApi } from "../nodeApi.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { REFERENCE_VERSION } from "../version.ts";

// Source: fluxd src/rpc/net.cpp.

const MICROSECONDS = 1_000_000;
const seconds = (microseconds: number): number => Math.floor(microseconds / MICROSECONDS);
const servicesHex = (services: bigint): string => services.toString(16).padStart(16, "0");

function networkInfo({ api }: CommandContext): Json {
  const { settings, peers } = api.node;
  const network = (name: string, reachable: boolean): JsonObject => ({
    name,
    limited: !reachable,
    reachable,
    proxy: "",
    proxy_randomize_credentials: false,
  });
  const { listens } = settings;
  return {
    version: REFERENCE_VERSION,
    subversion: settings.userAgent,
    protocolversion: settings.protocolVersion,
    localservices: servicesHex(settings.services),
    timeoffset: api.node.adjustedTime - api.now(),
    connections: peers.length,
    networks: [network("ipv4", true), network("ipv6", true), network("onion", false)],
    relayfee: new FluxAmount(MIN_RELAY_FEE_RATE),
    localaddresses:
      listens === undefined ? [] : [{ address: ipText(listens.ip), port: listens.port, score: 1 }],
    warnings: "",
  };
}

const NOTHING = -1;

function heightOf(api: NodeApi, row: number): number {
  return row < 0 ? NOTHING : api.node.chain.shared.tree.height(row);
}

function peerJson(peer: Readonly<Peer>, api: NodeApi): JsonMembers {
  const traffic = api.network.traffic().find((each) => each.peer === peer.id);
  const waiting = api.node.pingWait(peer);
  const ping = Number.isFinite(peer.minPing) ? peer.minPing / MICROSECONDS : 0;
  return new JsonMembers([
    ["id", peer.id],
    ["addr", endpointText(peer.link.address)],
    ["services", servicesHex(peer.services)],
    ["addr_processed", peer.addressesProcessed],
    ["addr_rate_limited", peer.addressesRateLimited],
    ["whitelisted", peer.link.whitelisted],
    ["lastsend", seconds(peer.lastSent)],
    ["lastrecv", seconds(peer.lastReceived)],
    ["bytessent", traffic?.bytesSent ?? 0],
    ["bytesrecv", traffic?.bytesReceived ?? 0],
    ["conntime", seconds(peer.connectedAt)],
    ["timeoffset", 0],
    ["pingtime", new JsonReal(ping)],
    ...(waiting === undefined ? [] : [["pingwait", new JsonReal(waiting / MICROSECONDS)] as const]),
    ["version", peer.version],
    ["subver", peer.userAgent],
    ["inbound", peer.link.direction === "inbound"],
    ["startingheight", peer.startHeight],
    ["banscore", peer.score],
    ["synced_headers", heightOf(api, peer.bestKnown)],
    ["synced_blocks", heightOf(api, peer.lastCommon)],
    ["inflight", peer.requests.map(({ row }) => heightOf(api, row))],
    ["whitelisted", peer.link.whitelisted],
  ]);
}

const READS = ["add", "remove", "onetry"];

async function addNode(args: Args, { api }: CommandContext): Promise<Json> {
  const name = args.at(0).text();
  const how = args.at(1).text();
  if (!READS.includes(how)) throw new RpcError(RPC.misc, 'addnode "node" "add|remove|onetry"');
  if (how === "remove") {
    if (!api.network.remove(name)) throw new RpcError(RPC.nodeNotAdded, "Error: Node has not been added.");
    return null;
  }
  const address = await api.network.resolve(name);
  // As in fluxd, a peer that cannot be had is no error of the command.
  if (how === "onetry") {
    if (address !== undefined) api.network.connectOnce(address);
    return null;
  }
  if (address === undefined) throw new RpcError(RPC.parameter, `Error: cannot find an address for ${name}`);
  if (!api.network.add(name, address)) throw new RpcError(RPC.nodeAlreadyAdded, "Error: Node already added");
  return null;
}

function addedNodes(args: Args, { api }: CommandContext): Json {
  const withDetails = args.at(0).flag();
  const wanted = args.at(1).or(undefined, (arg) => arg.text());
  const added = api.network.added().filter(({ name }) => wanted === undefined || name === wanted);
  if (wanted !== undefined && added.length === 0) {
    throw new RpcError(RPC.nodeNotAdded, "Error: Node has not been added.");
  }
  return added.map(({ name, address }) => {
    if (!withDetails) return { addednode: name };
    const peer = api.node.peers.find(({ link }) => endpointText(link.address) === endpointText(address));
    const connected = peer?.link.direction ?? "false";
    return {
      addednode: name,
      connected: peer !== undefined,
      addresses: [{ address: endpointText(address), connected }],
    };
  });
}

function disconnectNode(args: Args, { api }: CommandContext): Json {
  const name = args.at(0).text();
  const peer = api.node.peers.find(({ link }) => endpointText(link.address) === name);
  if (peer === undefined) throw new RpcError(RPC.nodeNotConnected, "Node not found in connected nodes");
  api.network.disconnect(peer.id);
  return null;
}

const SET_BAN = 'setban "ip(/netmask)" "add|remove" ( bantime absolute )';

/** Source: fluxd src/rpc/net.cpp setban, src/net.cpp CNode::Ban. */
function setBan(args: Args, { api }: CommandContext): Json {
  const how = args.at(1).text();
  if (how !== "add" && how !== "remove") throw new RpcError(RPC.misc, `${SET_BAN}\n`);
  const text = args.at(0).text();
  const subnet = parseSubnet(text);
  const isWide = text.includes("/");
  if (subnet === undefined || (!isWide && !isValidIp(subnet.network)))
    throw new RpcError(RPC.nodeAlreadyAdded, "Error: Invalid IP/Subnet");
  if (how === "remove") {
    if (!api.network.unban(subnet)) throw new RpcError(RPC.misc, "Error: Unban failed");
    return null;
  }
  // A subnet within one that is banned may be banned by itself, for longer.
  const key = subnetKey(subnet);
  const banned = isWide
    ? api.network.bans().some((ban) => subnetKey(ban.subnet) === key)
    : api.network.isBanned(subnet.network);
  if (banned) throw new RpcError(RPC.nodeAlreadyAdded, "Error: IP/Subnet already banned");
  const asked = args.at(2).or(0, (arg) => arg.wide());
  const absolute = args.at(3).value === true;
  const wait = asked > 0 ? asked : api.node.settings.banSeconds;
  api.network.ban(subnet, absolute && asked > 0 ? asked : api.now() + wait);
  for (const { id, link } of [...api.node.peers]) {
    if (isWithin(link.address.ip, subnet)) api.network.disconnect(id);
  }
  return null;
}

export const networkCommands: CommandGroup = {
  category: "Network",
  commands: [
    plainCommand({
      name: "getnetworkinfo",
      help: "Versions, services and addresses of this node.",
      run: networkInfo,
    }),
    plainCommand({
      name: "getpeerinfo",
      help: "Every peer. version is 0 until the peer has said its own.",
      run: ({ api }) => api.node.peers.map((peer) => peerJson(peer, api)),
    }),
    plainCommand({
      name: "getconnectioncount",
      help: "Peers that are connected.",
      run: ({ api }) => api.node.peers.length,
    }),
    plainCommand({
      name: "ping",
      help: "Pings all peers; getpeerinfo shows how long they took to answer.",
      run: ({ api }) => {
        api.node.pingPeers();
        return null;
      },
    }),
    plainCommand({
      name: "getnettotals",
      help: "Bytes received and sent since the node began.",
      run: ({ api }) => {
        const { received, sent } = api.network.totals();
        return { totalbytesrecv: received, totalbytessent: sent, timemillis: api.now() * 1_000 };
      },
    }),
    {
      name: "addnode",
      usage: 'addnode "node" "add|remove|onetry"',
      help: "Stays connected to a peer, no longer does, or connects once.",
      takes: [2, 2],
      run: addNode,
    },
    {
      name: "getaddednodeinfo",
      usage: 'getaddednodeinfo dns ( "node" )',
      help: "Peers added by addnode.",
      takes: [1, 2],
      run: addedNodes,
    },
    {
      name: "disconnectnode",
      usage: 'disconnectnode "node"',
      help: "Parts from a peer, named as getpeerinfo shows it.",
      takes: [1, 1],
      run: disconnectNode,
    },
    {
      name: "setban",
      usage: SET_BAN,
      help: "Bans an address or a subnet for so many seconds, as long as -bantime unless said, or until a Unix second; or lifts its ban.",
      takes: [2, 4],
      run: setBan,
    },
    plainCommand({
      name: "listbanned",
      help: "Bans in force.",
      run: ({ api }) =>
        api.network.bans().map(({ subnet, until }) => ({ address: subnetText(subnet), banned_until: until })),
    }),
    plainCommand({
      name: "clearbanned",
      help: "Lifts all bans.",
      run: ({ api }) => {
        api.network.clearBans();
        return null;
      },
    }),
    plainCommand({
      name: "getdeprecationinfo",
      help: "The height at which fluxd would stop by itself. This node does not: an error on every network.",
      run: () => {
        throw new RpcError(RPC.misc, "getdeprecationinfo\nThis node does not stop at a height.\n");
      },
    }),
  ],
};
