import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { InputError } from "@fluxlab/core/command-line";

/** A port that is free on all addresses is free on each. */
const EVERY_ADDRESS = "0.0.0.0";
/** Testnets live on this machine alone. */
const LOOPBACK = "127.0.0.1";

/**
 * Below the ports that systems give to connections and to listeners that take any (Linux from 32768, others from 49152), so that none of
 * those takes one of ours between now and its use.
 */
const [LOWEST, HIGHEST] = [20_000, 32_000];
/** For each port. */
const MOST_TRIES = 1_000;

/**
 * Ports that nobody listens on, all different. They are drawn, so that testnets that start side by side find different ones, and held until
 * the last is found; what another program takes before its use is reported by the node that wanted it.
 * @throws InputError if there are none
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  try {
    for (let i = 0; i < count; i++) held.push(await holdAny());
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
}

async function holdAny(): Promise<Server> {
  for (let i = 0; i < MOST_TRIES; i++) {
    try {
      return await listen(createServer(), randomInt(LOWEST, HIGHEST), EVERY_ADDRESS);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new InputError(`no TCP port from ${LOWEST} to ${HIGHEST} is free: end what listens there`);
}

/** Resolves once `server` listens on this port; 0: any. `host`: one of the machine's own addresses. */
export function listen<S extends Server>(server: S, port: number, host = LOOPBACK): Promise<S> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

/** Where a server listens. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen on TCP");
  return address.port;
}
