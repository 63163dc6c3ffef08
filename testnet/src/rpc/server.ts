import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Credentials, isAuthorized } from "./auth.ts";
import { answerRequest, type Caller } from "./jsonRpc.ts";
import type { RestReply } from "./rest.ts";

// The HTTP side. Source: fluxd src/httpserver.cpp, src/httprpc.cpp.

/** What a server needs to know. */
export interface RpcServerOptions {
  /** "127.0.0.1" unless the operator says otherwise. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly credentials: Credentials;
  /** Whether an address may ask at all; loopback always may. */
  readonly allowed: (ip: string) => boolean;
  readonly call: Caller;
  /** Answers a path of GET; undefined: there is no REST. */
  readonly rest: ((path: string) => RestReply) | undefined;
  /** Hears of our own faults, never of secrets. */
  readonly report: (error: unknown) => void;
}

/** Source: fluxd src/httpserver.cpp MAX_SIZE. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_HEADER_BYTES = 8_192;
/** Requests being answered, and those that may wait. Source: fluxd src/httpserver.h DEFAULT_HTTP_THREADS, _WORKQUEUE. */
const WORKERS = 4;
const QUEUE = 16;
/** Source: fluxd src/httpserver.h DEFAULT_HTTP_SERVER_TIMEOUT. */
const IDLE_MS = 30_000;
/** Before a wrong password is refused. Source: fluxd src/httprpc.cpp. */
const WRONG_PASSWORD_MS = 250;
const MAX_CONNECTIONS = 128;

const isLoopback = (ip: string): boolean => /^(::ffff:)?127\.|^::1$/.test(ip);

/** A JSON-RPC server. */
export class RpcServer {
  readonly #options: RpcServerOptions;
  readonly #server: Server;
  #busy: number;
  readonly #waiting: (() => void)[];

  private constructor(options: RpcServerOptions) {
    this.#options = options;
    this.#busy = 0;
    this.#waiting = [];
    this.#server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        options.report(error);
        if (!response.headersSent) send(response, 500, "text/html", "internal error");
        else response.destroy();
      });
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.keepAliveTimeout = IDLE_MS;
    this.#server.requestTimeout = IDLE_MS;
    this.#server.headersTimeout = IDLE_MS;
  }

  /** Listens when this is done. @throws Error of the operating system if the port cannot be had */
  static async start(options: RpcServerOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(options.port, options.host, () => {
        server.#server.off("error", reject);
        resolve();
      });
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** No new requests; those being answered are finished. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ip = request.socket.remoteAddress ?? "";
    const { allowed, rest } = this.#options;
    if (!isLoopback(ip) && !allowed(ip)) return send(response, 403, "text/html", "");
    const path = request.url ?? "/";
    if (path.startsWith("/rest/") && rest !== undefined) {
      if (request.method !== "GET") return send(response, 405, "text/plain", "");
      const { status, type, body } = rest(path);
      return send(response, status, type, body);
    }
    if (path !== "/") return send(response, 404, "text/html", "");
    if (request.method !== "POST") {
      return send(response, 405, "text/html", "JSONRPC server handles only POST requests");
    }
    if (!(await this.#authorized(request, response))) return;
    const body = await readBody(request);
    if (body === undefined)
      return send(response, 413, "text/html", `a request has at most ${MAX_BODY_BYTES} bytes`, true);
    await this.#inTurn(response, async () => {
      const reply = await answerRequest(body, this.#options.call, this.#options.report);
      send(response, reply.status, "application/json", reply.body);
    });
  }

  async #authorized(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { authorization } = request.headers;
    if (authorization !== undefined && isAuthorized(authorization, this.#options.credentials)) return true;
    // Guessing takes time.
    if (authorization !== undefined) await new Promise((resolve) => setTimeout(resolve, WRONG_PASSWORD_MS));
    response.setHeader("WWW-Authenticate", 'Basic realm="jsonrpc"');
    send(response, 401, "text/html", "");
    request.resume();
    return false;
  }

  /** So many at a time, so many in wait, and the rest is told to come back. */
  async #inTurn(response: ServerResponse, work: () => Promise<void>): Promise<void> {
    if (this.#busy >= WORKERS) {
      if (this.#waiting.length >= QUEUE) return send(response, 500, "text/html", "Work queue depth exceeded");
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#busy++;
    try {
      await work();
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }
}

/** Undefined if it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  close = false,
): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    ...(close ? { Connection: "close" } : {}),
  });
  response.end(body);
}
