export {
  addressLines,
  anchorLines,
  banLines,
  parseAddressLines,
  parseAnchorLines,
  parseBanLines,
} from "./addressBook.ts";
export { parseConf, readConf, type Setting } from "./config/confFile.ts";
export { splitArguments, type Translation, translate } from "./config/fluxdOptions.ts";
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
export { type Health, healthOf } from "./ops/health.ts";
export type { MetricSources } from "./ops/metrics.ts";
export { OpsServer } from "./ops/opsServer.ts";
export { parseZmq, type ZmqPlan, ZmqPublisher } from "./ops/zmqPublisher.ts";
export { type AppendFile, DiskFile } from "./store/appendFile.ts";
export { BlockFiles, type BlockPlace } from "./store/blockFiles.ts";
export { BlockLog, type LogContents } from "./store/blockLog.ts";
export { type Loaded, loadBlocks, saveBlocks } from "./store/bootstrapFile.ts";
export { ChainDisk, type ChainDiskOptions, type DiskContents, type DiskTuning } from "./store/chainDisk.ts";
export { DataFolder } from "./store/dataFolder.ts";
export { readSnapshot, SNAPSHOT, type Snapshot } from "./store/snapshotFile.ts";
export type { StoreFolder } from "./store/storeFolder.ts";
export { type DiskTrouble, TroubledFile, troubleIn } from "./store/troubledFile.ts";
