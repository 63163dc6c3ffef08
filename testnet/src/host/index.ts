export { Dialer, type DialPlan } from "./net/dialer.ts";
export { askSeeds, type Resolve } from "./net/dnsSeeds.ts";
export {
  type HostedNode,
  MAX_OUTBOUND,
  PeerHost,
  type PeerHostSettings,
  type PeerStatus,
} from "./net/peerHost.ts";
