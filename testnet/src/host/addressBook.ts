import {
  type AddressManager,
  type Ban,
  endpointText,
  ipText,
  isOneAddress,
  type KnownAddress,
  type NetworkAddress,
  parseIp,
  parseSubnet,
  parseWireHex,
  type Subnet,
  subnetText,
  toWireHex,
} from "@fluxlab/core";
import { splitEndpoint } from "./net/endpoint.ts";

// Whom a node knows, as text that outlives it. fluxd has peers.dat and anchors.dat for it.

const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Every address of `addresses`, a line each. */
export function addressLines(addresses: AddressManager): string {
  const lines = addresses.known().map(({ address, source, ...history }) =>
    JSON.stringify({
      ip: toWireHex(address.ip),
      port: address.port,
      services: address.services.toString(),
      time: address.time,
      source: toWireHex(source),
      ...history,
    }),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** The reverse of {@link addressLines}. Lines that cannot be read are left out: addresses are heard of again. */
export const parseAddressLines = (text: string): KnownAddress[] =>
  text.split("\n").flatMap((line) => parseLine(line) ?? []);

function parseLine(line: string): KnownAddress | undefined {
  const { ip, port, services, time, source, lastSuccess, attempts, tried } = fieldsOf(line);
  if (!isText(ip) || !isText(source) || !isText(services) || !/^\d{1,20}$/.test(services)) return undefined;
  if (!isCount(port) || !isCount(time) || !isCount(lastSuccess) || !isCount(attempts)) return undefined;
  const [ipBytes, sourceBytes] = [parseWireHex(ip), parseWireHex(source)];
  if (ipBytes?.length !== 16 || sourceBytes?.length !== 16) return undefined;
  const address = { ip: ipBytes, port, services: BigInt(services), time };
  return { address, source: sourceBytes, lastSuccess, attempts, tried: tried === true };
}

/** Bans in force, a line each. fluxd forgets them when it ends; whoever bans by hand expects them to stay. */
export const banLines = (bans: readonly Ban[]): string =>
  bans.map(({ subnet, until }) => `${JSON.stringify({ ip: bannedText(subnet), until })}\n`).join("");

/** One address as it has always been written. */
const bannedText = (subnet: Subnet): string =>
  isOneAddress(subnet) ? ipText(subnet.network) : subnetText(subnet);

/** The reverse of {@link banLines}. Lines that cannot be read are left out. */
export const parseBanLines = (text: string): Ban[] =>
  text.split("\n").flatMap((line) => {
    const { ip, until } = fieldsOf(line);
    const subnet = isText(ip) ? parseSubnet(ip) : undefined;
    return subnet !== undefined && isCount(until) ? [{ subnet, until }] : [];
  });

/** Peers to come back to first, a line each. Source: fluxd src/addrdb.cpp DumpAnchors. */
export const anchorLines = (addresses: readonly NetworkAddress[]): string =>
  addresses.map((address) => `${endpointText(address)}\n`).join("");

/** The reverse of {@link anchorLines}. */
export const parseAnchorLines = (text: string): NetworkAddress[] =>
  text.split("\n").flatMap((line) => {
    if (line === "") return [];
    const { host, port } = splitEndpoint(line, 0, "anchors");
    const ip = parseIp(host);
    return ip === undefined || port === 0 ? [] : [{ services: 0n, ip, port }];
  });

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return (JSON.parse(line) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
