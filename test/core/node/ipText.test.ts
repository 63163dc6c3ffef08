import { SocketAddress } from "node:net";
import { endpointText, ipText, parseIp, toWireHex } from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const hexOf = (text: string): string | undefined => {
  const bytes = parseIp(text);
  return bytes === undefined ? undefined : toWireHex(bytes);
};

describe("IPs as text", () => {
  test.each([
    ["1.2.3.4", "00000000000000000000ffff01020304"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["2001:db8::ff00:42:8329", "20010db8000000000000ff0000428329"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
  ])("%s", (text, hex) => expect(hexOf(text)).toBe(hex));

  test.each([
    "",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4.5",
    "a.b.c.d",
    "1:2:3",
    ":1",
    "1:::2",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7:8::",
    "g::",
  ])("%s is none", (text) => expect(hexOf(text)).toBeUndefined());

  test("come back as they went, and are written as Node.js writes them", () => {
    const part = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 8, maxLength: 8 }), (words) => {
        const bytes = Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
        const text = ipText(bytes);
        expect(parseIp(text)).toEqual(bytes);
        // Node.js writes the last 32 bits of some addresses with dots; there the two are compared as addresses.
        const { address } = new SocketAddress({
          address: text,
          family: text.includes(":") ? "ipv6" : "ipv4",
        });
        expect(address.includes(".") ? hexOf(address) : address).toBe(
          address.includes(".") ? hexOf(text) : text,
        );
      }),
      { numRuns: 300 },
    );
  });

  test("with a port, IPv6 in brackets", () => {
    expect(endpointText({ ip: parseIp("1.2.3.4")!, port: 5 })).toBe("1.2.3.4:5");
    expect(endpointText({ ip: parseIp("::1")!, port: 5 })).toBe("[::1]:5");
  });
});
