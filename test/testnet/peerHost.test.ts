import { createConnection, createServer, type Socket } from "node:net";
import {
  endpointText,
  frameBytes,
  type Message,
  type NetworkAddress,
  onlyAddress,
  type PeerId,
  type PeerLink,
  payloadBytes,
  type Unreadable,
} from "@fluxlab/core";
import { type HostedNode, MAX_OUTBOUND, PeerHost, type PeerHostSettings } from "@fluxlab/testnet/host";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ip } from "../support/ip.ts";

const MAGIC = Uint8Array.of(0xaa, 0xe8, 0x3f, 0x5f);
const LOCALHOST = "127.0.0.1";

/** Notes what a host tells it. What it does besides is up to the test. */
class ScriptedNode implements HostedNode {
  readonly links = new Map<PeerId, PeerLink>();
  readonly received: Message[] = [];
  readonly unreadables: Unreadable[] = [];
  readonly failed: NetworkAddress[] = [];
  readonly gone: PeerId[] = [];
  started = false;
  wakes = 0;
  answer: ((peer: PeerId, message: Message) => void) | undefined;

  start(): void {
    this.started = true;
  }
  connected(peer: PeerId, link: PeerLink): void {
    this.links.set(peer, link);
  }
  connectFailed(address: NetworkAddress): void {
    this.failed.push(address);
  }
  disconnected(peer: PeerId): void {
    this.links.delete(peer);
    this.gone.push(peer);
  }
  receive(peer: PeerId, message: Message): void {
    this.received.push(message);
    this.answer?.(peer, message);
  }
  unknown(): void {}
  unreadable(_peer: PeerId, what: Unreadable): void {
    this.unreadables.push(what);
  }
  wake(): void {
    this.wakes++;
  }
}

interface Hosted {
  readonly host: PeerHost;
  readonly node: ScriptedNode;
  readonly address: NetworkAddress;
  readonly logged: string[];
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function hosted(settings: Partial<PeerHostSettings> = {}): Promise<Hosted> {
  const logged: string[] = [];
  const host = new PeerHost({
    messageStart: MAGIC,
    listen: { host: LOCALHOST, port: 0 },
    maxConnections: 125,
    whitelisted: () => false,
    upcomingVersion: () => undefined,
    observe: () => {},
    log: (text) => logged.push(text),
    ...settings,
  });
  const node = new ScriptedNode();
  const address = await host.run(node);
  cleanups.push(() => host.close());
  return { host, node, address: address!, logged };
}

const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 5 });

/** A peer made of a bare socket. */
async function rawPeer({ address }: Hosted, from = LOCALHOST): Promise<Socket> {
  const socket = createConnection({ host: LOCALHOST, port: address.port, localAddress: from });
  cleanups.push(() => void socket.destroy());
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

const framed = (message: Message): Uint8Array => frameBytes(MAGIC, message.command, payloadBytes(message));

const ping = (nonce: bigint): Message => ({ command: "ping", nonce });
const onlyPeer = ({ node }: Hosted): PeerId => [...node.links.keys()][0]!;

describe("a host", () => {
  test("starts its node, connects it to another, and carries what they say in order", async () => {
    const [a, b] = [await hosted(), await hosted()];
    expect([a.node.started, b.node.started]).toEqual([true, true]);
    a.host.connect(b.address, "ordinary");
    await until(() => a.node.links.size === 1 && b.node.links.size === 1);
    expect(a.node.links.get(onlyPeer(a))).toEqual({
      direction: "outbound",
      address: b.address,
      whitelisted: false,
      purpose: "ordinary",
    });
    expect(b.node.links.get(onlyPeer(b))).toMatchObject({ direction: "inbound", purpose: "ordinary" });
    expect([...b.node.links.values()][0]?.address.ip).toEqual(ip(LOCALHOST));
    const pings = Array.from({ length: 200 }, (_, i) => ping(BigInt(i)));
    for (const each of pings) a.host.send(onlyPeer(a), each);
    b.node.answer = (peer, message) => b.host.send(peer, { ...message, command: "pong" } as Message);
    await until(() => a.node.received.length === pings.length);
    expect(b.node.received).toEqual(pings);
    expect(a.node.received).toEqual(pings.map((each) => ({ ...each, command: "pong" })));
    const [status] = a.host.peers();
    expect(status?.endpoint).toBe(endpointText(b.address));
    expect(status?.shortestPing).toBeGreaterThanOrEqual(0);
    expect(status?.traffic).toEqual({ bytesSent: 200 * 32, bytesReceived: 200 * 32 });
  });

  test("a message of two megabytes arrives", async () => {
    const [a, b] = [await hosted(), await hosted()];
    a.host.connect(b.address, "ordinary");
    await until(() => a.node.links.size === 1);
    const data = new Uint8Array(2_000_000).fill(7);
    a.host.send(onlyPeer(a), { command: "filteradd", data });
    await until(() => b.node.received.length === 1);
    const [received] = b.node.received;
    expect(received?.command === "filteradd" && Buffer.compare(received.data, data)).toBe(0);
  });

  test("parts from a peer when the node wants to, after what was said; only the other side hears of it", async () => {
    const [a, b] = [await hosted(), await hosted()];
    a.host.connect(b.address, "ordinary");
    await until(() => a.node.links.size === 1 && b.node.links.size === 1);
    a.host.send(onlyPeer(a), ping(1n));
    a.host.disconnect(onlyPeer(a));
    await until(() => b.node.gone.length === 1);
    expect(b.node.received).toEqual([ping(1n)]);
    expect([a.node.gone, a.host.peers(), b.host.peers()]).toEqual([[], [], []]);
    a.host.send(1, ping(2n)); // gone: nothing happens
    expect(a.host.sendQueueBytes(1)).toBe(0);
  });

  test("hears out a peer that says something and leaves", async () => {
    const a = await hosted();
    const socket = await rawPeer(a);
    socket.end(Buffer.concat(Array.from({ length: 50 }, (_, i) => framed(ping(BigInt(i))))));
    await until(() => a.node.gone.length === 1);
    expect(a.node.received.length).toBe(50);
  });

  test("skips what it may skip, names what it cannot read, and parts from whoever speaks another protocol", async () => {
    const a = await hosted();
    const socket = await rawPeer(a);
    const spoiled = framed(ping(1n));
    spoiled[30]! ^= 1;
    const short = frameBytes(MAGIC, "inv", Uint8Array.of(9));
    const strange = frameBytes(MAGIC, "tx", Uint8Array.from([9, 0, 0, 0x80, 0, 0, 0, 0]));
    const unknown = frameBytes(MAGIC, "sendaddrv2", Uint8Array.of(1));
    socket.write(Buffer.concat([spoiled, unknown, short, strange, framed(ping(2n))]));
    await until(() => a.node.received.length === 1);
    expect(a.node.received).toEqual([ping(2n)]);
    expect(a.node.unreadables).toEqual([
      { command: "inv", unknownTransactionFormat: false },
      { command: "tx", unknownTransactionFormat: true },
    ]);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => a.node.gone.length === 1);
    expect(a.logged.at(-1)).toContain("no message of this network: wrong magic");
    await until(() => socket.destroyed || socket.readableEnded);
  });

  test("says when nobody is there", async () => {
    const a = await hosted({ listen: undefined });
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, LOCALHOST, resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const nobody = { services: 0n, ip: ip(LOCALHOST), port };
    a.host.connect(nobody, "feeler");
    expect(a.host.isConnectedTo(nobody)).toBe(true);
    await until(() => a.node.failed.length === 1);
    expect(a.node.failed).toEqual([nobody]);
    expect(a.logged.at(-1)).toContain("ECONNREFUSED");
    expect(a.host.outboundCount).toBe(0);
  });

  test("gives a peer that does not read no more turns once a megabyte waits for it, and takes five from it", async () => {
    const a = await hosted();
    const socket = await rawPeer(a);
    socket.pause();
    await until(() => a.node.links.size === 1);
    const peer = onlyPeer(a);
    const large: Message = { command: "filteradd", data: new Uint8Array(1_000_000) };
    while (a.host.sendQueueBytes(peer) < 1_000_000) {
      a.host.send(peer, large);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const flood = framed({ command: "filteradd", data: new Uint8Array(500_000) });
    for (let i = 0; i < 60; i++) socket.write(flood);
    const taken = () => a.host.peers()[0]!.traffic.bytesReceived;
    await until(() => taken() >= 5_000_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken()).toBeLessThan(5_000_000 + 2 * 65_536);
    expect(a.node.received).toEqual([]);
    socket.resume();
    await until(() => a.node.received.length === 60);
  });

  test("neither lets in nor dials whom it banned, until the ban is lifted", async () => {
    const [a, b] = [await hosted(), await hosted()];
    a.host.ban(b.address, 1_000);
    expect(a.host.currentBans().map((ban) => ban.subnet)).toEqual([onlyAddress(ip(LOCALHOST))]);
    a.host.connect(b.address, "ordinary");
    expect(a.node.failed).toEqual([]); // not from inside the call
    await until(() => a.node.failed.length === 1);
    const refused = await rawPeer(a);
    refused.resume();
    await until(() => refused.destroyed);
    expect(a.node.links.size).toBe(0);
    a.host.bans.lift(onlyAddress(b.address.ip));
    a.host.connect(b.address, "ordinary");
    await until(() => a.node.links.size === 1);
  });

  test("lets in whom it trusts, banned or not", async () => {
    const a = await hosted({ whitelisted: () => true });
    a.host.ban({ services: 0n, ip: ip(LOCALHOST), port: 1 }, 1_000);
    await rawPeer(a);
    await until(() => a.node.links.size === 1);
    expect([...a.node.links.values()][0]?.whitelisted).toBe(true);
  });

  test("has as many places as it says; then the youngest of the largest group goes, or the newcomer is turned away", async () => {
    const full = async (places: number) => {
      const a = await hosted({ maxConnections: MAX_OUTBOUND + places });
      for (let i = 0; i < places; i++) {
        await rawPeer(a, `127.0.1.${i + 1}`);
        await until(() => a.node.links.size === i + 1);
      }
      const newcomer = await rawPeer(a, "127.0.2.1");
      return { a, newcomer };
    };
    const protectedAll = await full(12);
    protectedAll.newcomer.resume();
    await until(() => protectedAll.newcomer.destroyed);
    expect(protectedAll.a.node.links.size).toBe(12);
    const crowded = await full(15);
    await until(() => crowded.a.node.gone.length === 1 && crowded.a.node.links.size === 15);
    expect([...crowded.a.node.links.values()].at(-1)?.address.ip).toEqual(ip("127.0.2.1"));
  });

  test("wakes its node once, at the latest time it asked for", async () => {
    const a = await hosted();
    a.host.wakeAt(a.host.now() + 3_600_000_000);
    a.host.wakeAt(a.host.now() + 20_000);
    await until(() => a.node.wakes === 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(a.node.wakes).toBe(1);
  });

  test("wakes its node while its clock stands still, or nothing would be announced", async () => {
    const a = await hosted();
    a.host.setMockTime(1_647_146_400);
    await until(() => a.node.wakes === 1); // it may be late for much now
    a.host.wakeAt(a.host.now() + 20_000);
    await until(() => a.node.wakes === 2);
    expect(a.host.seconds()).toBe(1_647_146_400);
    a.host.setMockTime(undefined);
    expect(a.host.seconds()).toBeGreaterThan(1_647_146_400);
  });

  test("closes: peers see it go, its port is free, its node hears nothing more", async () => {
    const [a, b] = [await hosted(), await hosted()];
    a.host.connect(b.address, "ordinary");
    await until(() => a.node.links.size === 1 && b.node.links.size === 1);
    a.host.wakeAt(a.host.now() + 10_000);
    await a.host.close();
    await until(() => b.node.gone.length === 1);
    expect([a.node.gone, a.node.wakes]).toEqual([[], 0]);
    const again = await hosted({ listen: { host: LOCALHOST, port: a.address.port } });
    expect(again.address.port).toBe(a.address.port);
  });

  test("says which port it cannot have", async () => {
    const a = await hosted();
    await expect(hosted({ listen: { host: LOCALHOST, port: a.address.port } })).rejects.toThrow("EADDRINUSE");
  });
});
