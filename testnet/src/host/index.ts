export { addressLines, parseAddressLines } from "./addressBook.ts";
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
export { type AppendFile, DiskFile } from "./store/appendFile.ts";
export { BlockFiles, type BlockPlace } from "./store/blockFiles.ts";
export { BlockLog, type LogContents } from "./store/blockLog.ts";
export { ChainDisk, type ChainDiskOptions, type DiskContents, type DiskTuning } from "./store/chainDisk.ts";
export { DataFolder } from "./store/dataFolder.ts";
export { readSnapshot, SNAPSHOT, type Snapshot } from "./store/snapshotFile.ts";
export type { StoreFolder } from "./store/storeFolder.ts";
