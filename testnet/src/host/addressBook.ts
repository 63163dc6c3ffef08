import { type AddressManager, type KnownAddress, parseWireHex, toWireHex } from "@fluxlab/core";

// The addresses a node knows, as text that outlives it: one JSON object an address. fluxd has peers.dat for it.

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
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { ip, port, services, time, source, lastSuccess, attempts, tried } = fields;
  if (!isText(ip) || !isText(source) || !isText(services) || !/^\d{1,20}$/.test(services)) return undefined;
  if (!isCount(port) || !isCount(time) || !isCount(lastSuccess) || !isCount(attempts)) return undefined;
  const [ipBytes, sourceBytes] = [parseWireHex(ip), parseWireHex(source)];
  if (ipBytes?.length !== 16 || sourceBytes?.length !== 16) return undefined;
  const address = { ip: ipBytes, port, services: BigInt(services), time };
  return { address, source: sourceBytes, lastSuccess, attempts, tried: tried === true };
}
