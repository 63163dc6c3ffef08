import { AddressManager, type NetworkAddress, Random } from "@fluxlab/core";
import { askSeeds, Dialer, type PeerHost } from "@fluxlab/testnet/host";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ip } from "../support/ip.ts";

const PORT = 16_125;
const START = 1_700_000_000;

const at = (text: string, port = PORT): NetworkAddress => ({ services: 1n, ip: ip(text), port });

function emptyBook(): AddressManager {
  const random = Random.root("dialer");
  return new AddressManager(new Uint8Array(32), () => random.bits32());
}

/** As much of a host as a dialer sees: every dial succeeds at once. */
class StandIn {
  readonly dialled: string[] = [];
  readonly connected: NetworkAddress[] = [];
  readonly bans = { isBanned: (ip16: Uint8Array) => ip16[15] === 66 };
  readonly outboundGroups = new Set<string>();
  get outboundCount(): number {
    return this.connected.length;
  }
  isConnectedTo(address: NetworkAddress): boolean {
    return this.connected.some((each) => each.ip.join() === address.ip.join() && each.port === address.port);
  }
  connect(address: NetworkAddress, purpose: string): void {
    this.connected.push(address);
    this.dialled.push(`${address.ip.subarray(12).join(".")} ${purpose}`);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: START * 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the dialer", () => {
  const dialing = (
    addresses: AddressManager,
    plan: { added?: NetworkAddress[]; only?: NetworkAddress[] },
  ) => {
    const host = new StandIn();
    const dialer = new Dialer(host as unknown as PeerHost, addresses, {
      defaultPort: PORT,
      added: plan.added ?? [],
      only: plan.only,
    });
    dialer.start();
    return { host, dialer };
  };

  test("fills sixteen places, two a second, and stops when it is stopped", () => {
    const addresses = emptyBook();
    for (let i = 1; i <= 40; i++)
      addresses.add({ ...at(`${i}.1.1.1`), time: START }, ip(`9.${i}.1.1`), START);
    const { host, dialer } = dialing(addresses, {});
    expect(host.dialled.length).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(host.dialled.length).toBe(5);
    vi.advanceTimersByTime(60_000);
    expect(host.dialled.length).toBe(16);
    host.connected.length = 10;
    dialer.stop();
    vi.advanceTimersByTime(60_000);
    expect(host.dialled.length).toBe(16);
  });

  test("looks every two minutes whether somebody new is there", () => {
    const addresses = emptyBook();
    addresses.add({ ...at("1.1.1.1"), time: START }, ip("9.1.1.1"), START);
    addresses.add({ ...at("2.1.1.66"), time: START }, ip("9.1.1.1"), START); // banned
    const { host } = dialing(addresses, {});
    vi.advanceTimersByTime(300_000);
    expect(host.dialled.filter((each) => each.endsWith("ordinary"))).toEqual(["1.1.1.1 ordinary"]);
    addresses.add({ ...at("3.1.1.1", 99), time: START }, ip("9.2.1.1"), START);
    host.connected.length = 0;
    vi.advanceTimersByTime(600_000);
    expect(host.dialled.some((each) => each.endsWith("feeler"))).toBe(true);
    expect(host.dialled.some((each) => each.startsWith("2.1.1.66"))).toBe(false);
  });

  test("goes back to peers that a person added, every two minutes", () => {
    const { host } = dialing(emptyBook(), { added: [at("1.1.1.1")] });
    expect(host.dialled).toEqual(["1.1.1.1 ordinary"]);
    host.connected.length = 0;
    vi.advanceTimersByTime(119_000);
    expect(host.dialled.length).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(host.dialled.length).toBe(2);
  });

  test("connects to nobody else where it was told whom, and at once again when they are lost", () => {
    const addresses = emptyBook();
    addresses.add({ ...at("5.1.1.1"), time: START }, ip("9.1.1.1"), START);
    const { host } = dialing(addresses, { only: [at("1.1.1.1"), at("2.1.1.1")] });
    vi.advanceTimersByTime(10_000);
    expect(host.dialled).toEqual(["1.1.1.1 ordinary", "2.1.1.1 ordinary"]);
    host.connected.length = 1;
    vi.advanceTimersByTime(500);
    expect(host.dialled.at(-1)).toBe("2.1.1.1 ordinary");
  });
});

test("what DNS seeds name is known, three to seven days old; a seed that fails is said to", async () => {
  const addresses = emptyBook();
  const logged: string[] = [];
  const resolve = async (name: string) => {
    if (name === "broken") throw new Error("no such name");
    return ["1.2.3.4", "2a00::1", "127.0.0.1"];
  };
  const added = await askSeeds(["broken", "good"], PORT, addresses, (text) => logged.push(text), resolve);
  expect([added, addresses.size]).toEqual([2, 2]);
  expect(logged).toEqual(["DNS seed broken: no such name"]);
  for (const { address } of addresses.known()) {
    expect(address.port).toBe(PORT);
    expect(START - address.time).toBeGreaterThanOrEqual(3 * 86_400);
    expect(START - address.time).toBeLessThan(7 * 86_400);
  }
});
