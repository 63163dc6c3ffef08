import { DEFAULT_MEMPOOL_SETTINGS, type MempoolSettings } from "../mempool/mempoolSettings.ts";
import type { NetworkAddress } from "./messages.ts";

/** Serves blocks. Source: fluxd src/protocol.h NODE_NETWORK. */
export const SERVICE_NETWORK = 1n;
/** Serves filtered blocks. Source: fluxd src/protocol.h NODE_BLOOM. */
export const SERVICE_BLOOM = 4n;

/** What the operator of a node may set about its part in the network. */
export interface NodeSettings {
  /** Spoken and announced. Source: fluxd src/version.h PROTOCOL_VERSION. */
  readonly protocolVersion: number;
  readonly services: bigint;
  readonly userAgent: string;
  /** Where peers can reach this node; undefined: nowhere that it knows of. */
  readonly listens: NetworkAddress | undefined;
  readonly useCheckpoints: boolean;
  /**
   * Whether peers are pinged and silent ones dropped. fluxd always does; a simulation in which no connection dies in silence
   * may do without, and saves two events a peer every two minutes.
   */
  readonly keepAlive: boolean;
  /** Points at which a peer is banned: -banscore. */
  readonly banScore: number;
  /** -bantime. */
  readonly banSeconds: number;
  /** A tip older than this, in seconds, is one of a node that is still catching up: -maxtipage. */
  readonly maxTipAge: number;
  readonly mempool: MempoolSettings;
}

/** What a node does whose operator set nothing. Sources: fluxd src/init.cpp HelpMessage, src/main.h, src/net.h. */
export const DEFAULT_NODE_SETTINGS: NodeSettings = {
  protocolVersion: 170_021,
  services: SERVICE_NETWORK | SERVICE_BLOOM,
  userAgent: "/FluxLab:1.0.0/",
  listens: undefined,
  useCheckpoints: true,
  keepAlive: true,
  banScore: 100,
  banSeconds: 24 * 60 * 60,
  maxTipAge: 4 * 60 * 60,
  mempool: DEFAULT_MEMPOOL_SETTINGS,
};
