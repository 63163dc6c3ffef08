import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { InputError } from "@fluxlab/core/command-line";
import { listen, portOf } from "./freePorts.ts";
import { readRecord, type TestnetRecord } from "./registry.ts";

// How other commands talk to the controller of a testnet: HTTP on the loopback interface, with a word that only who may read the
// testnet's folder knows.

/** What a controller does when it is asked; it answers with data that JSON can hold. */
export type Orders = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;

/** Where a controller takes orders. */
export interface ControlServer {
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

const MOST_BYTES = 1024 * 1024;

/** Takes orders until it is closed. */
export async function serveControl(orders: Orders): Promise<ControlServer> {
  const token = randomBytes(32).toString("hex");
  const server: Server = createServer((request, response) => {
    void answer(request, response, token, orders);
  });
  await listen(server, 0);
  return {
    port: portOf(server),
    token,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  orders: Orders,
): Promise<void> {
  const reply = (status: number, body: object) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (!sameText(request.headers.authorization ?? "", `Bearer ${token}`))
    return reply(401, { error: "who asks?" });
  try {
    const { order, argument } = JSON.parse(await bodyOf(request)) as { order: string; argument: unknown };
    const act = Object.hasOwn(orders, order) ? orders[order] : undefined;
    if (act === undefined) return reply(404, { error: `this controller does not know "${order}"` });
    reply(200, { result: (await act(argument)) ?? null });
  } catch (error) {
    reply(error instanceof InputError ? 400 : 500, { error: (error as Error).message });
  }
}

function sameText(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new InputError(`an order has at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The record of a testnet that there is. @throws InputError */
export function existingRecord(root: string, name: string): TestnetRecord {
  const record = readRecord(root, name);
  if (record !== undefined) return record;
  throw new InputError(`there is no testnet "${name}": "status" lists those there are`);
}

/**
 * Has the controller of a testnet do something.
 * @throws InputError if there is none, it does not run any more, or it refuses
 */
export async function order<T>(root: string, name: string, what: string, argument?: unknown): Promise<T> {
  const { control } = existingRecord(root, name);
  if (control === undefined) throw new InputError(`testnet "${name}" is still starting`);
  let reply: { readonly result?: T; readonly error?: string };
  try {
    const response = await fetch(`http://127.0.0.1:${control.port}/`, {
      method: "POST",
      headers: { authorization: `Bearer ${control.token}` },
      body: JSON.stringify({ order: what, argument }),
    });
    reply = (await response.json()) as typeof reply;
  } catch (cause) {
    throw new InputError(
      `the controller of testnet "${name}" does not answer, so it was killed or is stuck: "down ${name}" takes away what it left`,
      { cause },
    );
  }
  if (reply.error !== undefined) throw new InputError(`testnet "${name}": ${reply.error}`);
  return reply.result as T;
}
