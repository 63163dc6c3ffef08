import { equalBytes } from "../bytes/compare.ts";
import { toWireHex } from "../bytes/hex.ts";
import type { NetworkAddress } from "./messages.ts";

// What an IP address tells about where it lies. Addresses have 16 bytes, those of IPv4 behind the prefix that maps them into
// IPv6. Source: fluxd src/netbase.cpp CNetAddr.

interface Prefix {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** `hex` is as long as it must be for `bits`. */
const prefix = (hex: string, bits: number): Prefix => ({
  bytes: Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  bits,
});

const MAPPED = "00000000000000000000ffff";
const mapped = (hex: string, bits: number): Prefix => prefix(MAPPED + hex, 96 + bits);

const IPV4 = mapped("", 0);
/** Onion addresses by OnionCat's prefix. */
const TOR = prefix("fd87d87eeb43", 48);

const LOCAL: readonly Prefix[] = [
  mapped("7f", 8),
  mapped("00", 8),
  prefix("00000000000000000000000000000001", 128),
];

/** Nobody is there: nothing, its broadcast, examples in documents, and a misread `addr` of old clients. */
const INVALID: readonly Prefix[] = [
  prefix("00000000000000000000000000000000", 128),
  mapped("00000000", 32),
  mapped("ffffffff", 32),
  prefix("20010db8", 32),
  prefix("00000000000000ffff", 72),
];

/** Used inside a network only, by the RFC that says so. */
const PRIVATE: readonly Prefix[] = [
  ...[mapped("0a", 8), mapped("c0a8", 16), mapped("ac10", 12)], // 1918
  mapped("c612", 15), // 2544
  mapped("a9fe", 16), // 3927
  mapped("6440", 10), // 6598
  ...[mapped("c00002", 24), mapped("c63364", 24), mapped("cb0071", 24)], // 5737
  prefix("fe80000000000000", 64), // 4862
  prefix("20010010", 28), // 4843
];
const UNIQUE_LOCAL = prefix("fc", 7); // 4193

const TRANSLATED: readonly Prefix[] = [
  prefix("0000000000000000ffff0000", 96), // 6145
  prefix("0064ff9b0000000000000000", 96), // 6052
];
const SIX_TO_FOUR = prefix("2002", 16); // 3964
const TEREDO = prefix("20010000", 32); // 4380
/** Hurricane Electric gives /36 to anybody who asks. */
const TUNNEL_BROKER = prefix("20010470", 32);

function within(ip: Uint8Array, { bytes, bits }: Prefix): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (ip[i] !== bytes[i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((ip[whole]! ^ bytes[whole]!) & (0xff << (8 - rest))) === 0;
}

const withinAny = (ip: Uint8Array, prefixes: readonly Prefix[]): boolean =>
  prefixes.some((each) => within(ip, each));

/** Whether it is an IPv4 address. */
export const isIpv4 = (ip: Uint8Array): boolean => within(ip, IPV4);

/** Whether it is this machine itself. */
export const isLocal = (ip: Uint8Array): boolean => withinAny(ip, LOCAL);

/** Whether somebody can have this address. Source: fluxd src/netbase.cpp CNetAddr::IsValid. */
export const isValidIp = (ip: Uint8Array): boolean => !withinAny(ip, INVALID);

/** Whether somebody elsewhere could be reached there. */
export const isRoutable = (ip: Uint8Array): boolean =>
  isValidIp(ip) && !withinAny(ip, PRIVATE) && !isLocal(ip) && (!within(ip, UNIQUE_LOCAL) || within(ip, TOR));

/** Numbers of networks, as group names begin. Source: fluxd src/netbase.h Network. */
const [UNROUTABLE, NET_IPV4, NET_IPV6, NET_TOR] = [0, 1, 2, 3];

/** The first `bits` of `ip` from byte `start`, the rest of the last byte filled with ones. */
function group(network: number, ip: Uint8Array, start: number, bits: number): Uint8Array {
  const bytes = ip.slice(start, start + Math.ceil(bits / 8));
  if (bits % 8 !== 0) bytes[bytes.length - 1]! |= 0xff >> (bits % 8);
  return Uint8Array.of(network, ...bytes);
}

/**
 * Names the part of the network that one operator is likely to hold: /16 in IPv4, /32 in IPv6. No two outbound connections
 * go to one group. Source: fluxd src/netbase.cpp CNetAddr::GetGroup.
 */
export function networkGroup(ip: Uint8Array): Uint8Array {
  if (!isRoutable(ip)) return Uint8Array.of(UNROUTABLE!);
  if (isIpv4(ip) || withinAny(ip, TRANSLATED)) return group(NET_IPV4!, ip, 12, 16);
  if (within(ip, SIX_TO_FOUR)) return group(NET_IPV4!, ip, 2, 16);
  if (within(ip, TEREDO)) return Uint8Array.of(NET_IPV4!, ip[12]! ^ 0xff, ip[13]! ^ 0xff);
  if (within(ip, TOR)) return group(NET_TOR!, ip, 6, 4);
  return group(NET_IPV6!, ip, 0, within(ip, TUNNEL_BROKER) ? 36 : 32);
}

/** A {@link networkGroup} as a key. */
export const networkGroupKey = (ip: Uint8Array): string => toWireHex(networkGroup(ip));

/** An IP as a key. */
export const ipKey = (ip: Uint8Array): string => toWireHex(ip);

/** Whether both name one port of one machine. */
export const sameEndpoint = (a: NetworkAddress, b: NetworkAddress): boolean =>
  a.port === b.port && equalBytes(a.ip, b.ip);
