export { addressLines, parseAddressLines } from "./addressBook.ts";
export { producerOf, tendFluxnodes } from "./fluxnodeDuties.ts";
export { readFluxnodeFile } from "./fluxnodeFile.ts";
export { LiveNode, type LiveNodeOptions, type NodeLog } from "./liveNode.ts";
export { loadNetwork, type Network } from "./loadNetwork.ts";
export { Dialer, type DialPlan } from "./net/dialer.ts";
export { askSeeds, type Resolve } from "./net/dnsSeeds.ts";
export { parseEndpoint, splitEndpoint } from "./net/endpoint.ts";
export {
  type HostedNode,
  MAX_OUTBOUND,
  PeerHost,
  type PeerHostSettings,
  type PeerStatus,
} from "./net/peerHost.ts";
export { ObservationStream } from "./observationStream.ts";
export { type AppendFile, DiskFile } from "./store/appendFile.ts";
export { BlockLog } from "./store/blockLog.ts";
export type { ChainStore, StoreContents } from "./store/chainStore.ts";
export { DataFolder } from "./store/dataFolder.ts";
