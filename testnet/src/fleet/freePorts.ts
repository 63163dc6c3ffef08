import { createServer, type Server } from "node:net";

/** A port that is free on all addresses is free on each. */
const EVERY_ADDRESS = "0.0.0.0";
/** Testnets live on this machine alone. */
const LOOPBACK = "127.0.0.1";

/**
 * Ports that nobody listens on, all different. They are held until the last is found, so that none is given twice; between then and
 * their use another program may take one, which the node that wanted it reports.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  try {
    for (let i = 0; i < count; i++) held.push(await listen(createServer(), 0, EVERY_ADDRESS));
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
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
