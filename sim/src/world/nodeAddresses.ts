import { DEFAULT_NODE_SETTINGS, type NetworkAddress, type PeerLink } from "@fluxlab/core";

/** The first byte of addresses: anybody's on the real internet, so that nodes treat them as reachable. */
const FIRST_BYTE = 20;
const IP_BYTES = 16;

/** Where a node listens: an IPv4 address in which neighbouring nodes differ in the second byte, as if in different networks. */
export function addressOfNode(node: number, port: number, services: bigint): NetworkAddress {
  const ip = new Uint8Array(IP_BYTES);
  ip.set([0xff, 0xff, FIRST_BYTE + (node >>> 16), node & 0xff, (node >>> 8) & 0xff, 1], 10);
  return { services, ip, port };
}

/** The node at an address; undefined if it is none of a world of so many nodes. */
export function nodeAtAddress({ ip }: NetworkAddress, nodes: number): number | undefined {
  const node = ((ip[12]! - FIRST_BYTE) << 16) | (ip[14]! << 8) | ip[13]!;
  return node >= 0 && node < nodes && ip[15] === 1 ? node : undefined;
}

/** A connection to a node that listens on `port`, as the node at the other end is told of it. */
export const linkTo = (node: number, direction: PeerLink["direction"], port: number): PeerLink => ({
  direction,
  address: addressOfNode(node, port, DEFAULT_NODE_SETTINGS.services),
  whitelisted: false,
  purpose: "ordinary",
});
