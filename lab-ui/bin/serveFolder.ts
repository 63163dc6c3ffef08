import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { InputError } from "@fluxlab/core/command-line";
import sirv from "sirv";

export interface FolderServer {
  /** http://127.0.0.1:PORT/ */
  readonly address: string;
  close(): Promise<void>;
}

/** Ports tried before giving up. */
const PORTS_TRIED = 20;

/**
 * Serves a folder's files to this machine only, `index` at the root, on `firstPort` or the next that is free.
 * @throws InputError if none is.
 */
export async function serveFolder(folder: string, index: string, firstPort: number): Promise<FolderServer> {
  const files = sirv(folder, { dev: true });
  const server = createServer((request, response) => {
    if (request.url === "/") request.url = `/${index}`;
    files(request, response, () => {
      response.statusCode = 404;
      response.end("Not found\n");
    });
  });
  for (let port = firstPort; port < firstPort + PORTS_TRIED; port++) {
    if (!(await listens(server, port))) continue;
    const { port: taken } = server.address() as AddressInfo;
    return { address: `http://127.0.0.1:${taken}/`, close: () => closed(server) };
  }
  throw new InputError(
    `no free port from ${firstPort} to ${firstPort + PORTS_TRIED - 1}; name another with --port`,
  );
}

/** False if the port is taken or not ours to take. */
function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(false) : reject(error);
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", failed);
      resolve(true);
    });
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
