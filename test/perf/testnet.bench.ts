import { createConnection, createServer, type Socket } from "node:net";
import { Random } from "@fluxlab/core";
import { LinkProxy, NO_TROUBLE } from "@fluxlab/testnet/fleet";
import { line } from "../support/figures.ts";

// What the proxy of a link costs: the same bytes and the same questions with it and without.

const HOST = "127.0.0.1";
const BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 7);
const QUESTIONS = 5_000;

/** Somebody who says again what it hears, or only counts it. */
function listener(answers: boolean): Promise<{ readonly target: string; close(): void }> {
  const server = createServer((socket) => {
    socket.setNoDelay(true).unref();
    socket.on("error", () => {}); // who asks hangs up when it knows enough
    if (answers) socket.pipe(socket);
    else socket.on("data", (bytes) => void countdown(socket, bytes.length));
  });
  return new Promise((resolve) => {
    server.unref(); // a connection that nobody ended does not keep the bench alive
    server.listen(0, HOST, () => {
      const { port } = server.address() as { port: number };
      resolve({ target: `${HOST}:${port}`, close: () => void server.close() });
    });
  });
}

const left = new WeakMap<Socket, number>();

/** Says when all has come. */
function countdown(socket: Socket, count: number): void {
  const still = (left.get(socket) ?? BYTES) - count;
  left.set(socket, still);
  if (still <= 0) socket.end("!");
}

function dial(address: string): Promise<Socket> {
  const [host, port] = address.split(":");
  const socket = createConnection({ host: host!, port: Number(port), noDelay: true });
  return new Promise((resolve) => socket.once("connect", () => resolve(socket)));
}

/** Seconds for all bytes to arrive. */
async function bulk(address: string): Promise<number> {
  const socket = await dial(address);
  const beganAt = performance.now();
  const arrived = new Promise((resolve) => socket.once("data", resolve));
  for (let sent = 0; sent < BYTES; sent += CHUNK.length) {
    if (!socket.write(CHUNK)) await new Promise((resolve) => socket.once("drain", resolve));
  }
  await arrived;
  socket.destroy();
  return (performance.now() - beganAt) / 1_000;
}

/** Microseconds for a question and its answer. */
async function roundTrip(address: string): Promise<number> {
  const socket = await dial(address);
  const beganAt = performance.now();
  for (let i = 0; i < QUESTIONS; i++) {
    socket.write("?");
    await new Promise((resolve) => socket.once("data", resolve));
  }
  socket.destroy();
  return ((performance.now() - beganAt) * 1_000) / QUESTIONS;
}

async function compare(
  answers: boolean,
  measure: (address: string) => Promise<number>,
): Promise<readonly [direct: number, proxied: number]> {
  const end = await listener(answers);
  const proxy = await LinkProxy.start(
    { listenOn: HOST, target: end.target, from: HOST },
    Random.root("bench"),
  );
  proxy.set("there", NO_TROUBLE);
  const measured = [await measure(end.target), await measure(proxy.address)] as const;
  end.close();
  await proxy.close();
  return measured;
}

/** Prints the cost of a link's proxy beside a plain connection. */
export async function benchTestnet(): Promise<void> {
  const [direct, proxied] = await compare(false, bulk);
  line("bytes over a link's proxy", BYTES / 1e6 / proxied, "MB/s");
  line("without it", BYTES / 1e6 / direct, `MB/s: ${(proxied / direct).toFixed(1)} times as fast`);
  const [short, long] = await compare(true, roundTrip);
  line("question and answer over a link's proxy", long, "µs");
  line("without it", short, `µs: ${(long / short).toFixed(1)} times as fast`);
}
