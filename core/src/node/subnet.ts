import { toWireHex } from "../bytes/hex.ts";
import { ipText, parseIp } from "./ipText.ts";
import { isIpv4, isValidIp } from "./networkAddress.ts";

// Parts of the network by their first bits. Source: fluxd src/netbase.cpp CSubNet.

/** Addresses that are the same as `network` wherever `mask` has a bit. Both have 16 bytes. */
export interface Subnet {
  /** 0 where the mask has none. */
  readonly network: Uint8Array;
  readonly mask: Uint8Array;
}

const BITS = 128;
/** Bits before an IPv4 address, which are always part of the mask. */
const MAPPED_BITS = 96;

const masked = (ip: Uint8Array, mask: Uint8Array): Uint8Array => ip.map((byte, i) => byte & mask[i]!);

/** The first `bits` of 128. */
const prefixMask = (bits: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => 0xff00 >> Math.min(8, Math.max(0, bits - 8 * i)));

/** The subnet of one address. */
export const onlyAddress = (ip: Uint8Array): Subnet => ({ network: ip, mask: prefixMask(BITS) });

/** Whether it is of one address. */
export const isOneAddress = ({ mask }: Subnet): boolean => mask.every((byte) => byte === 0xff);

/**
 * Reads an address with a number of bits or a mask behind it, or alone: "10.0.0.0/8", "10.0.0.0/255.0.0.0", "2001:db8::/32".
 * Undefined if it is none.
 */
export function parseSubnet(text: string): Subnet | undefined {
  const slash = text.lastIndexOf("/");
  const ip = parseHost(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return undefined;
  const mask = slash < 0 ? prefixMask(BITS) : parseMask(text.slice(slash + 1), isIpv4(ip));
  return mask && { network: masked(ip, mask), mask };
}

const parseHost = (text: string): Uint8Array | undefined =>
  parseIp(text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text);

function parseMask(text: string, ofIpv4: boolean): Uint8Array | undefined {
  const first = ofIpv4 ? MAPPED_BITS : 0;
  if (/^[+-]?\d+$/.test(text)) {
    const bits = Number(text);
    return bits >= 0 && bits <= BITS - first ? prefixMask(first + bits) : undefined;
  }
  const mask = parseHost(text);
  return mask?.map((byte, i) => (8 * i < first ? 0xff : byte));
}

/** As {@link parseSubnet} reads it, always with its mask written out. */
export function subnetText({ network, mask }: Subnet): string {
  const words = Array.from({ length: 8 }, (_, i) => ((mask[2 * i]! << 8) | mask[2 * i + 1]!).toString(16));
  return `${ipText(network)}/${isIpv4(network) ? mask.subarray(12).join(".") : words.join(":")}`;
}

/** A subnet as a key, in fluxd's order of subnets. */
export const subnetKey = ({ network, mask }: Subnet): string => toWireHex(network) + toWireHex(mask);

/** Whether an address, which must be one that somebody can have, is in a subnet. */
export const isWithin = (ip: Uint8Array, { network, mask }: Subnet): boolean =>
  isValidIp(ip) && ip.every((byte, i) => (byte & mask[i]!) === network[i]);
