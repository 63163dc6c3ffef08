import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import sirv from "sirv";
import { answerCall, JsonText, type Route } from "./api.ts";
import { StoredRuns } from "./storedRuns.ts";

export interface LabServer {
  /** http://127.0.0.1:PORT/ */
  readonly address: string;
  /** What calls that change something have to bring. */
  readonly token: string;
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
 * reports, and under /api what the page asks: runs, rehearsals, and the testnets of the folder's `testnets`. What changes something
 * needs the token.
 * @throws InputError if no port is free.
 */
export async function serveLab(page: string, runs: string, firstPort: number): Promise<LabServer> {
  const token = randomBytes(24).toString("base64url");
  const routes = routesOf(runs);
  const files = sirv(page, { brotli: true, gzip: true, setHeaders: keepAssets });
  const reports = sirv(runs, { dev: true });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.setHeader("Cache-Control", "no-cache");
    if (!isForThisMachine(request)) return answer(response, 403, "this server answers to 127.0.0.1 alone\n");
    const path = (request.url ?? "/").split("?")[0]!;
    if (path.startsWith("/api/"))
      return void answerCall(routes.list, token, path.slice("/api/".length), request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "only GET\n");
    const missing = () => answer(response, 404, "Not found\n");
    if (path.startsWith("/runs/")) {
      request.url = path.slice("/runs".length);
      return reports(request, response, missing);
    }
    return files(request, response, missing);
  });
  const port = await listenFrom(server, firstPort);
  return {
    address: `http://127.0.0.1:${port}/`,
    token,
    close: async () => {
      await routes.close();
      await closed(server);
    },
  };
}

/** What is asked of the laboratory of real nodes is loaded when it is: it is large, and the page's first view needs none of it. */
function routesOf(runs: string): { readonly list: readonly Route[]; close(): Promise<void> } {
  const stored = new StoredRuns(runs);
  let laboratory: Promise<import("./laboratory.ts").Laboratory> | undefined;
  const lab = () => {
    laboratory ??= import("./laboratory.ts").then(
      ({ Laboratory }) => new Laboratory(runs, join(runs, "testnets"), stored),
    );
    return laboratory;
  };
  const list: Route[] = [
    { method: "GET", path: /^runs$/, answer: () => stored.list() },
    {
      method: "GET",
      path: /^runs\/([^/]+)$/,
      answer: ({ params: [name] }) => new JsonText(stored.record(name!)),
    },
    {
      method: "GET",
      path: /^runs\/([^/]+)\/verification$/,
      answer: ({ params: [name] }) => new JsonText(stored.verification(name!)),
    },
    ...laboratoryRoutes(lab),
  ];
  const close = async () => {
    await (await laboratory)?.close();
    stored.close();
  };
  return { list, close };
}

function laboratoryRoutes(lab: () => Promise<import("./laboratory.ts").Laboratory>): Route[] {
  return [
    {
      method: "GET",
      path: /^runs\/([^/]+)\/testnet$/,
      answer: async ({ params: [name] }) => (await lab()).recordedTestnet(name!),
    },
    { method: "GET", path: /^testnets$/, answer: async () => (await lab()).testnets.list() },
    { method: "POST", path: /^testnets$/, answer: async ({ body }) => (await lab()).testnets.start(body) },
    {
      method: "DELETE",
      path: /^testnets\/([^/]+)$/,
      answer: async ({ params: [name] }) => (await lab()).testnets.end(name!),
    },
    {
      method: "GET",
      path: /^testnets\/([^/]+)\/live$/,
      follow: async ({ params: [name] }, send, signal) => (await lab()).testnets.follow(name!, send, signal),
    },
    {
      method: "POST",
      path: /^testnets\/([^/]+)\/faults$/,
      answer: async ({ params: [name], body }) => (await lab()).testnets.doFault(name!, body),
    },
    {
      method: "POST",
      path: /^testnets\/([^/]+)\/prediction$/,
      answer: async ({ params: [name], body }) => (await lab()).testnets.predict(name!, body),
    },
    {
      method: "GET",
      path: /^testnets\/([^/]+)\/nodes\/(\d+)$/,
      answer: async ({ params: [name, node] }) => (await lab()).testnets.metrics(name!, Number(node)),
    },
    {
      method: "GET",
      path: /^testnets\/([^/]+)\/nodes\/(\d+)\/log$/,
      follow: async ({ params: [name, node] }, send, signal) =>
        (await lab()).testnets.log(name!, Number(node), send, signal),
    },
    { method: "GET", path: /^rehearsals$/, answer: async () => (await lab()).rehearsals.list() },
    {
      method: "GET",
      path: /^rehearsals\/([^/]+)$/,
      answer: async ({ params: [name] }) => new JsonText((await lab()).rehearsals.report(name!)),
    },
    {
      method: "POST",
      path: /^rehearsals$/,
      answer: async ({ body }) => (await lab()).rehearsals.start(body),
    },
    {
      method: "GET",
      path: /^rehearsing$/,
      follow: async (_call, send, signal) => (await lab()).rehearsals.follow(send, signal),
    },
    { method: "DELETE", path: /^rehearsing$/, answer: async () => (await lab()).rehearsals.end() },
  ];
}

/** Files whose names change with what is in them stay in the browser; the page that names them is asked for each time. */
function keepAssets(response: ServerResponse, path: string): void {
  if (path.startsWith("/assets/")) response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
}

/** A page of another site that has its name point here would name itself. */
function isForThisMachine({ headers }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "");
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
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
