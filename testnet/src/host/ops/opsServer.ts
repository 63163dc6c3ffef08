import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LiveNode } from "../liveNode.ts";
import { healthOf } from "./health.ts";
import { type MetricSources, NodeMetrics } from "./metrics.ts";

/** For those who look after a node: `/metrics` for Prometheus, `/health` for whoever restarts or routes. It tells nothing secret. */
export class OpsServer {
  readonly #live: LiveNode;
  readonly #sources: MetricSources;
  readonly #metrics: NodeMetrics;
  readonly #server: Server;

  private constructor(live: LiveNode, sources: MetricSources) {
    this.#live = live;
    this.#sources = sources;
    this.#metrics = new NodeMetrics(live, sources);
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Port 0: any that is free. @throws Error of the operating system if the port cannot be had */
  static async start(
    live: LiveNode,
    { host, port }: { readonly host: string; readonly port: number },
    sources: MetricSources,
  ): Promise<OpsServer> {
    const ops = new OpsServer(live, sources);
    await new Promise<void>((resolve, reject) => {
      ops.#server.once("error", reject);
      ops.#server.listen(port, host, () => {
        ops.#server.off("error", reject);
        resolve();
      });
    });
    return ops;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const reads = method === "GET" || method === "HEAD";
    if (!reads) return send(response, 405, "text/plain", "");
    if (url === "/health") {
      const health = healthOf(this.#live, this.#sources.maxTipAge);
      return send(response, health.ok ? 200 : 503, "application/json", `${JSON.stringify(health)}\n`);
    }
    if (url === "/metrics") return send(response, 200, this.#metrics.contentType, await this.#metrics.text());
    send(response, 404, "text/plain", "/metrics or /health\n");
  }

  async close(): Promise<void> {
    this.#metrics.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
