import { lookup } from "node:dns/promises";
import { type AddressManager, parseIp, uniformBelow } from "@fluxlab/core";
import { osBits32, osNow } from "../os.ts";

const DAY = 86_400;
/** What a seed says is taken to be three to seven days old. Source: fluxd src/net.cpp ThreadDNSAddressSeed. */
const [LEAST_AGE, AGE_SPREAD] = [3 * DAY, 4 * DAY];
/** What peers behind a seed are said to offer: blocks. */
const NODE_NETWORK = 1n;

/** Finds the addresses of a name; the operating system's resolver, unless a test has its own. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const systemResolve: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Asks every seed for addresses of nodes and takes note of them. A seed that cannot be reached is logged and left out. How many
 * addresses were new.
 */
export async function askSeeds(
  seeds: readonly string[],
  port: number,
  addresses: AddressManager,
  log: (text: string) => void,
  resolve: Resolve = systemResolve,
): Promise<number> {
  let added = 0;
  for (const seed of seeds) {
    const texts = await resolve(seed).catch((error: Error) => {
      log(`DNS seed ${seed}: ${error.message}`);
      return [];
    });
    const ips = texts.flatMap((text) => parseIp(text) ?? []);
    const now = Math.floor(osNow() / 1_000_000);
    for (const ip of ips) {
      const time = now - LEAST_AGE - uniformBelow(osBits32, AGE_SPREAD);
      // The seed's first answer stands for the seed: whatever it tells comes from one source.
      if (addresses.add({ services: NODE_NETWORK, ip, port, time }, ips[0]!, now)) added++;
    }
  }
  return added;
}
