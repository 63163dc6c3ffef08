import { isIpv4, isLocal, isRoutable, networkGroupKey } from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

/** Group of the address in this text. */
const groupOf = (text: string): string => networkGroupKey(ip(text));

describe("network addresses", () => {
  test.each([
    "8.8.8.8",
    "1.0.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "198.20.0.1",
    "2a00::1",
    "64:ff9b::8.8.8.8",
  ])("%s can be reached", (text) => expect(isRoutable(ip(text))).toBe(true));

  test.each([
    ...[
      "0.0.0.0",
      "255.255.255.255",
      "127.0.0.1",
      "0.1.2.3",
      "10.1.2.3",
      "192.168.0.1",
      "172.16.0.1",
      "172.31.9.9",
    ],
    ...[
      "198.18.0.1",
      "198.19.255.1",
      "169.254.1.1",
      "100.64.0.1",
      "100.127.0.1",
      "192.0.2.1",
      "198.51.100.1",
    ],
    ...[
      "203.0.113.9",
      "::",
      "::1",
      "2001:db8::1",
      "fe80::1",
      "fc00::1",
      "fd00::1",
      "2001:10::1",
      "2001:1f::1",
    ],
    "0:0:0:ff:ff00::",
  ])("%s cannot", (text) => expect(isRoutable(ip(text))).toBe(false));

  test("onion addresses are routable though their prefix is for private use", () => {
    expect(isRoutable(ip("fd87:d87e:eb43:edb1:8e4:3588:e546:35ca"))).toBe(true);
  });

  test("some are this machine's own", () => {
    expect([isLocal(ip("127.9.9.9")), isLocal(ip("::1")), isLocal(ip("128.0.0.1"))]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isIpv4(ip("1.2.3.4")), isIpv4(ip("::1"))]).toEqual([true, false]);
  });

  test("groups: /16 in IPv4 and in what stands for it, /32 in IPv6, /36 of he.net, four bits of onions, one of all others", () => {
    expect(groupOf("250.1.2.3")).toBe("01fa01");
    expect(groupOf("64:ff9b::250.1.2.3")).toBe("01fa01");
    expect(groupOf("::ffff:0:250.1.2.3")).toBe("01fa01");
    expect(groupOf("2002:fa01:203::1")).toBe("01fa01");
    expect(groupOf("2001:0:9999:9999:9999:9999:5fe:fdfc")).toBe("01fa01");
    expect(groupOf("2a00:1234:5678::1")).toBe("022a001234");
    expect(groupOf("2001:470:abcd:9999::1")).toBe("0220010470af");
    expect(groupOf("fd87:d87e:eb43:edb1:8e4:3588:e546:35ca")).toBe("03ef");
    expect(groupOf("10.1.2.3")).toBe("00");
    expect(groupOf("127.0.0.1")).toBe("00");
  });
});
