import { lookup } from "node:dns/promises";
import { type NetworkAddress, parseIp } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";

/** A host, in brackets if it has colons, and a port behind the last colon. */
const WITH_PORT = /^(?:\[(.+)\]|([^:]+)):(\d+)$/;

/** HOST, HOST:PORT or [IPV6]:PORT as its two parts. `option`: of the command line, for errors. @throws InputError */
export function splitEndpoint(
  text: string,
  defaultPort: number,
  option: string,
): { host: string; port: number } {
  const match = WITH_PORT.exec(text);
  if (match === null) return { host: text.replace(/^\[(.*)\]$/, "$1"), port: defaultPort };
  const port = Number(match[3]);
  if (port > 0xffff) throw new InputError(`${option} ${text}: expected a port up to 65535, got ${match[3]}`);
  return { host: match[1] ?? match[2]!, port };
}

/** Where a text such as "node7:16125" or "[2a00::1]:16125" leads; names are looked up. @throws InputError */
export async function parseEndpoint(
  text: string,
  defaultPort: number,
  option: string,
): Promise<NetworkAddress> {
  const { host, port } = splitEndpoint(text, defaultPort, option);
  const ip = parseIp(host) ?? parseIp(await resolve(host, text, option));
  if (ip === undefined)
    throw new InputError(`${option} ${text}: expected an IP address or the name of a machine`);
  return { services: 0n, ip, port };
}

async function resolve(host: string, text: string, option: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new InputError(
      `${option} ${text}: "${host}" cannot be looked up (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}
