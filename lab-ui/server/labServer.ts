import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { InputError } from "@fluxlab/core/command-line";
import sirv from "sirv";
import { StoredRuns } from "./storedRuns.ts";

export interface LabServer {
  /** http://127.0.0.1:PORT/ */
  readonly address: string;
  close(): Promise<void>;
}

/** Ports tried before giving up. */
const PORTS_TRIED = 20;

/** The page talks to nobody but its own server, and shares memory with its threads. Styles are set by its editor too. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Content-Security-Policy": [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
} as const;

/**
 * Serves the lab to this machine only, on `firstPort` or the next that is free: the built page, the runs of a folder with their
 * reports, and under /api what the page asks. Nothing that is served changes anything.
 * @throws InputError if no port is free.
 */
export async function serveLab(page: string, runs: string, firstPort: number): Promise<LabServer> {
  const stored = new StoredRuns(runs);
  const files = sirv(page, { brotli: true, gzip: true, setHeaders: keepAssets });
  const reports = sirv(runs, { dev: true });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.setHeader("Cache-Control", "no-cache");
    if (!isForThisMachine(request)) return answer(response, 403, "this server answers to 127.0.0.1 alone\n");
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "only GET\n");
    const path = (request.url ?? "/").split("?")[0]!;
    if (path.startsWith("/api/")) return answerApi(stored, path.slice("/api/".length), response);
    const missing = () => answer(response, 404, "Not found\n");
    if (path.startsWith("/runs/")) {
      request.url = path.slice("/runs".length);
      return reports(request, response, missing);
    }
    return files(request, response, missing);
  });
  const port = await listenFrom(server, firstPort);
  return { address: `http://127.0.0.1:${port}/`, close: () => closed(server) };
}

/** Files whose names change with what is in them stay in the browser; the page that names them is asked for each time. */
function keepAssets(response: ServerResponse, path: string): void {
  if (path.startsWith("/assets/")) response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
}

/** A page of another site that has its name point here would name itself. */
function isForThisMachine({ headers }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "");
}

function answerApi(stored: StoredRuns, path: string, response: ServerResponse): void {
  if (path === "runs") return answer(response, 200, JSON.stringify(stored.list()), "application/json");
  const name = /^runs\/([^/]+)$/.exec(path)?.[1];
  const record = name === undefined ? undefined : stored.record(decoded(name));
  if (record === undefined) return answer(response, 404, `no run "${decoded(name ?? path)}"\n`);
  return answer(response, 200, record, "application/json");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function answer(response: ServerResponse, status: number, body: string, type = "text/plain"): void {
  response.writeHead(status, { "Content-Type": `${type}; charset=utf-8` });
  response.end(body);
}

async function listenFrom(server: Server, firstPort: number): Promise<number> {
  for (let port = firstPort; port < firstPort + PORTS_TRIED; port++) {
    if (await listens(server, port)) return (server.address() as AddressInfo).port;
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
