import { BanList, isWithin, onlyAddress, parseIp, parseSubnet, subnetText } from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

const [addressA, addressB] = [ip("1.2.3.4"), ip("1.2.3.5")];
const [a, b] = [onlyAddress(addressA), onlyAddress(addressB)];

describe("bans", () => {
  test("hold for one address until their time is up", () => {
    const bans = new BanList();
    bans.ban(a, 100);
    expect([bans.isBanned(addressA, 99), bans.isBanned(addressA, 100), bans.isBanned(addressB, 99)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("are made longer and never shorter", () => {
    const bans = new BanList();
    bans.ban(a, 100);
    bans.ban(a, 50);
    bans.ban(b, 50);
    bans.ban(b, 120);
    expect(bans.bans(0)).toEqual([
      { subnet: a, until: 100 },
      { subnet: b, until: 120 },
    ]);
    expect(bans.bans(100)).toEqual([{ subnet: b, until: 120 }]);
  });

  test("can be lifted one by one and all at once", () => {
    const bans = new BanList();
    bans.ban(a, 100);
    expect([bans.lift(a), bans.lift(a), bans.isBanned(addressA, 0)]).toEqual([true, false, false]);
    bans.ban(b, 100);
    bans.clear();
    expect(bans.bans(0)).toEqual([]);
  });
});

describe("bans of subnets", () => {
  test("hold for all who are in it, beside those of single addresses", () => {
    const bans = new BanList();
    const subnet = parseSubnet("1.2.3.0/24")!;
    bans.ban(subnet, 100);
    bans.ban(a, 200);
    expect([99, 100, 200].map((now) => bans.isBanned(addressA, now))).toEqual([true, true, false]);
    expect([99, 100].map((now) => bans.isBanned(addressB, now))).toEqual([true, false]);
    expect(bans.isBanned(ip("1.2.4.4"), 0)).toBe(false);
    expect([bans.lift(b), bans.lift(subnet), bans.isBanned(addressB, 0)]).toEqual([false, true, false]);
    expect(bans.isBanned(addressA, 0)).toBe(true);
  });

  test("are listed by address and then by mask, and forgotten when their time is up", () => {
    const bans = new BanList();
    const texts = ["10.0.0.0/16", "2001:db8:7::/48", "10.0.0.0/8", "9.9.9.9"];
    for (const [i, text] of texts.entries()) bans.ban(parseSubnet(text)!, 10 + i);
    expect(bans.bans(0).map(({ subnet, until }) => [subnetText(subnet), until])).toEqual([
      ["9.9.9.9/255.255.255.255", 13],
      ["10.0.0.0/255.0.0.0", 12],
      ["10.0.0.0/255.255.0.0", 10],
      ["2001:db8:7::/ffff:ffff:ffff:0:0:0:0:0", 11],
    ]);
    expect(bans.bans(11)).toHaveLength(2);
    expect(bans.isBanned(ip("10.0.1.1"), 11)).toBe(true);
  });
});

describe("subnets", () => {
  // Those of fluxd src/test/netbase_tests.cpp subnet_test, and what its code says of others.
  test.each([
    ["1.2.3.0/24", "1.2.3.4", true],
    ["1.2.2.0/24", "1.2.3.4", false],
    ["1.2.3.4", "1.2.3.4", true],
    ["1.2.3.4/32", "1.2.3.4", true],
    ["1.2.3.4", "5.6.7.8", false],
    ["1.2.3.4/255.255.255.255", "1.2.3.4", true],
    ["1.2.3.9/255.0.255.0", "1.77.3.4", true],
    ["0.0.0.0/0", "1.2.3.4", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "1.2.3.4", true],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", true],
    ["1:2:3:4:5:6:7:0/112", "1:2:3:4:5:6:7:1234", true],
    ["1:2:3:4:5:6:7:0/112", "1:2:3:4:5:6:8:1234", false],
    ["[2a01::]/ffff::", "2a01:9::1", true],
    ["192.168.0.20/29", "192.168.0.18", true],
    ["192.168.0.0/+24", "192.168.0.18", true],
  ])("%s with %s in it: %s", (subnet, address, inside) => {
    expect(isWithin(parseIp(address)!, parseSubnet(subnet)!)).toBe(inside);
  });

  test.each([
    "",
    "/",
    "1.2.3.0/33",
    "1.2.3.0/-1",
    "1.2.3.0/",
    "1.2.3.0/24/8",
    "::/129",
    "fuzzy",
    "1.2.3.0/x",
  ])("'%s' is none", (text) => {
    expect(parseSubnet(text)).toBe(undefined);
  });

  test("nobody has an address that nobody can have", () => {
    expect(isWithin(parseIp("0.0.0.0")!, parseSubnet("0.0.0.0/0")!)).toBe(false);
  });

  test("hold the addresses that begin with the same bits, and are read as they are written", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(bytes(4), bytes(4), fc.nat(32), (x, y, bits) => {
        const subnet = parseSubnet(`${x.join(".")}/${bits}`)!;
        const first = (each: Uint8Array): string =>
          [...each]
            .map((byte) => byte.toString(2).padStart(8, "0"))
            .join("")
            .slice(0, bits);
        const other = parseIp(y.join("."))!;
        const valid = !y.every((byte) => byte === 0) && !y.every((byte) => byte === 0xff);
        expect(isWithin(other, subnet)).toBe(valid && first(x) === first(y));
        expect(parseSubnet(subnetText(subnet))).toEqual(subnet);
      }),
    );
  });
});
