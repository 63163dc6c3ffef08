import {
  AddressManager,
  chooseFeeler,
  chooseOutbound,
  networkGroupKey,
  type OutboundRules,
  Random,
  type TimedAddress,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

const NOW = 1_700_000_000;
const PORT = 16_125;
const RULES: OutboundRules = { defaultPort: PORT, takenGroups: new Set(), refused: () => false };

const address = (text: string, port = PORT): TimedAddress => ({
  services: 1n,
  ip: ip(text),
  port,
  time: NOW,
});

function knowing(...list: TimedAddress[]): AddressManager {
  const random = Random.root("outbound");
  const addresses = new AddressManager(new Uint8Array(32), () => random.bits32());
  for (const each of list) addresses.add(each, ip("9.9.9.9"), NOW);
  return addresses;
}

describe("whom to connect to", () => {
  test("nobody, if nobody is known", () => {
    expect(chooseOutbound(knowing(), NOW, RULES)).toBeUndefined();
    expect(chooseFeeler(knowing(), NOW, RULES)).toBeUndefined();
  });

  test("nobody of a group that a peer is of already, and nobody who is refused", () => {
    const addresses = knowing(address("1.2.3.4"));
    const taken = { ...RULES, takenGroups: new Set([networkGroupKey(ip("1.2.9.9"))]) };
    expect(chooseOutbound(addresses, NOW, RULES)).toEqual(address("1.2.3.4"));
    expect(chooseOutbound(addresses, NOW, taken)).toBeUndefined();
    expect(chooseFeeler(addresses, NOW, taken)).toBeUndefined();
    expect(chooseOutbound(addresses, NOW, { ...RULES, refused: () => true })).toBeUndefined();
  });

  test("somebody tried a moment ago only if there is nobody else", () => {
    const [tried, other] = [address("1.2.3.4"), address("5.6.7.8")];
    const addresses = knowing(tried, other);
    addresses.attempt(tried, NOW - 599);
    for (let i = 0; i < 50; i++) expect(chooseOutbound(addresses, NOW, RULES)).toEqual(other);
    const alone = knowing(tried);
    alone.attempt(tried, NOW - 599);
    expect(chooseOutbound(alone, NOW, RULES)).toEqual(tried);
  });

  test("another port than the network's only if there is nobody else", () => {
    const [odd, usual] = [address("1.2.3.4", 1), address("5.6.7.8")];
    for (let i = 0; i < 20; i++) expect(chooseOutbound(knowing(odd, usual), NOW, RULES)).toEqual(usual);
    expect(chooseOutbound(knowing(odd), NOW, RULES)).toEqual(odd);
  });

  test("a feeler goes to somebody new, whatever the port", () => {
    const [known, fresh] = [address("1.2.3.4"), address("5.6.7.8", 1)];
    const addresses = knowing(known, fresh);
    addresses.good(known, NOW);
    for (let i = 0; i < 20; i++) expect(chooseFeeler(addresses, NOW, RULES)).toEqual(fresh);
  });
});
