import { createConnection, createServer, type Server, type Socket } from "node:net";
import { Random } from "@fluxlab/core";
import { LinkProxy, type LinkTrouble, NO_TROUBLE, RETRANSMISSION_MS } from "@fluxlab/testnet/fleet";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";

const HOST = "127.0.0.1";

/** One link with somebody at both ends. */
interface Ends {
  readonly proxy: LinkProxy;
  readonly dialler: End;
  readonly listener: End;
}

/** A socket and all that it has heard. */
class End {
  readonly socket: Socket;
  heard = Buffer.alloc(0);
  readonly closed: Promise<"in order" | "broken">;
  #look = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => {
      this.heard = Buffer.concat([this.heard, bytes]);
      this.#look();
    });
    let broken = false;
    socket.on("error", () => {
      broken = true;
    });
    this.closed = new Promise((resolve) => socket.on("close", () => resolve(broken ? "broken" : "in order")));
  }

  hears(length: number): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (this.heard.length >= length) resolve(this.heard);
      };
      this.#look();
    });
  }
}

const listening = (server: Server) =>
  new Promise<string>((resolve) =>
    server.listen(0, HOST, () => resolve(`${HOST}:${(server.address() as { port: number }).port}`)),
  );

async function connect(there: Partial<LinkTrouble> = {}, back: Partial<LinkTrouble> = {}): Promise<Ends> {
  const server = createServer();
  const target = await listening(server);
  const proxy = await LinkProxy.start({ listenOn: HOST, target, from: HOST }, Random.root("link"));
  proxy.set("there", { ...NO_TROUBLE, ...there });
  proxy.set("back", { ...NO_TROUBLE, ...back });
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const [host, port] = proxy.address.split(":");
  const dialler = new End(createConnection({ host: host!, port: Number(port) }));
  const listener = new End(await accepted);
  onTestFinished(async () => {
    dialler.socket.destroy();
    listener.socket.destroy();
    server.close();
    await proxy.close();
  });
  return { proxy, dialler, listener };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a link", () => {
  test("carries what is said, whole and in order, whatever slows it", async () => {
    const trouble = fc.record({
      latencyMs: fc.integer({ min: 0, max: 3 }),
      jitterMs: fc.integer({ min: 0, max: 5 }),
      bytesPerSecond: fc.constantFrom(0, 1_000_000),
    });
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), {
      minLength: 1,
      maxLength: 8,
    });
    const whole = fc.asyncProperty(trouble, pieces, pieces, async (slow, question, reply) => {
      const { dialler, listener } = await connect(slow, slow);
      const [said, answered] = [Buffer.concat(question), Buffer.concat(reply)];
      for (const piece of question) dialler.socket.write(piece);
      for (const piece of reply) listener.socket.write(piece);
      expect(Buffer.compare(await listener.hears(said.length), said)).toBe(0);
      expect(Buffer.compare(await dialler.hears(answered.length), answered)).toBe(0);
    });
    await fc.assert(whole, { numRuns: 25 });
  });

  test("ends when either side does, after what was said has arrived", async () => {
    const { dialler, listener } = await connect({ latencyMs: 30 });
    dialler.socket.end("goodbye");
    expect(await listener.closed).toBe("in order");
    expect(listener.heard.toString()).toBe("goodbye");
    expect(await dialler.closed).toBe("in order");
  });

  test("a latency is the least that it takes, in its direction", async () => {
    const { dialler, listener } = await connect({ latencyMs: 80 });
    const saidAt = performance.now();
    dialler.socket.write("slow");
    await listener.hears(4);
    expect(performance.now() - saidAt).toBeGreaterThanOrEqual(79);
  });

  test("by how much a busy machine makes it later than that is counted", async () => {
    const { proxy, dialler, listener } = await connect({ latencyMs: 40 });
    for (let said = 1; proxy.counts.lateMs < 20; said++) {
      dialler.socket.write("x");
      await later(20); // it is on its way now, unless somebody else has the processor
      const beganAt = performance.now();
      while (performance.now() - beganAt < 60);
      await listener.hears(said);
    }
    expect(proxy.counts.waited).toBeGreaterThanOrEqual(1);
  });

  test("a loss holds up what is behind it for TCP's time to send again", async () => {
    const { dialler, listener } = await connect({ lossPerMillion: 1_000_000 });
    const saidAt = performance.now();
    dialler.socket.write("lost");
    expect((await listener.hears(4)).toString()).toBe("lost");
    expect(performance.now() - saidAt).toBeGreaterThanOrEqual(RETRANSMISSION_MS - 1);
  });

  test("a bandwidth is the most that gets through", async () => {
    const { dialler, listener } = await connect({ bytesPerSecond: 100_000 });
    const saidAt = performance.now();
    dialler.socket.write(Buffer.alloc(20_000, 7));
    await listener.hears(20_000);
    expect(performance.now() - saidAt).toBeGreaterThanOrEqual(199);
  });

  test("a cut is of one direction, and what was said meanwhile comes when it heals", async () => {
    const { proxy, dialler, listener } = await connect({ cut: true });
    dialler.socket.write("question");
    listener.socket.write("news");
    expect((await dialler.hears(4)).toString()).toBe("news");
    await later(50);
    expect(listener.heard.length).toBe(0);
    proxy.set("there", NO_TROUBLE);
    expect((await listener.hears(8)).toString()).toBe("question");
  });

  test("a duplicate is heard twice", async () => {
    const { dialler, listener } = await connect({ duplicatedPerMillion: 1_000_000 });
    dialler.socket.write("echo");
    expect((await listener.hears(8)).toString()).toBe("echoecho");
  });

  test("a reset breaks both ends: by chance, and when asked for", async () => {
    const byChance = await connect({ resetPerMillion: 1_000_000 });
    byChance.dialler.socket.write("x");
    expect(await Promise.all([byChance.dialler.closed, byChance.listener.closed])).toEqual([
      "broken",
      "broken",
    ]);
    const { proxy, dialler, listener } = await connect();
    expect(proxy.counts).toMatchObject({ connections: 1, open: 1 });
    proxy.reset();
    expect(await Promise.all([dialler.closed, listener.closed])).toEqual(["broken", "broken"]);
    expect(proxy.counts).toMatchObject({ connections: 1, open: 0 });
  });

  test("nobody at the other end: the connection breaks", async () => {
    const server = createServer();
    const target = await listening(server);
    await new Promise((closed) => server.close(closed));
    const proxy = await LinkProxy.start({ listenOn: HOST, target, from: HOST }, Random.root("link"));
    onTestFinished(() => proxy.close());
    const [host, port] = proxy.address.split(":");
    expect(await new End(createConnection({ host: host!, port: Number(port) })).closed).toBe("broken");
  });
});
