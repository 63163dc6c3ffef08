import { type Message, ParseError, payloadBytes, readPayload, toWireHex } from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyMessage, MESSAGES } from "../../../support/messages.ts";
import { capturedMessages } from "../../../support/p2pCapture.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** What a payload in hex reads as. */
const read = (command: string, hex: string) => readPayload(command, bytesOf(hex));

describe("messages", () => {
  for (const [command, message] of Object.entries(MESSAGES)) {
    test(`${command} comes back as it went`, () => {
      fc.assert(
        fc.property(message, (each: Message) => {
          expect(readPayload(command, payloadBytes(each))).toEqual(each);
        }),
        { numRuns: 50 },
      );
    });
  }

  test("cut short anywhere, a message is an error, an older form, or the same: never thrown", () => {
    fc.assert(
      fc.property(anyMessage, fc.double({ min: 0, max: 1, maxExcluded: true }), (message, at) => {
        const whole = payloadBytes(message);
        const cut = readPayload(message.command, whole.subarray(0, Math.floor(at * whole.length)));
        const optional = ["version", "ping", "pong", "reject"].includes(message.command);
        if (whole.length > 0 && !optional) expect(cut).toBeInstanceOf(ParseError);
      }),
    );
  });

  test("bytes that were changed or made up are read or refused, never thrown", () => {
    const garbage = fc.tuple(fc.constantFrom(...Object.keys(MESSAGES)), fc.uint8Array({ maxLength: 500 }));
    const changed = fc
      .tuple(anyMessage, fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([message, at, flip]) => {
        const bytes = payloadBytes(message);
        if (bytes.length > 0) bytes[at % bytes.length]! ^= flip;
        return [message.command as string, bytes] as const;
      });
    fc.assert(
      fc.property(fc.oneof(garbage, changed), ([command, bytes]) => {
        const message = readPayload(command, bytes);
        if (message === undefined || message instanceof ParseError) return;
        // What could be read has one form, which reads as the same.
        expect(readPayload(command, payloadBytes(message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  test("bytes after a message are left alone", () => {
    fc.assert(
      fc.property(anyMessage, fc.uint8Array({ minLength: 1, maxLength: 40 }), (message, rest) => {
        if (["ping", "pong", "reject"].includes(message.command)) return; // what follows may be a field
        const payload = payloadBytes(message);
        expect(readPayload(message.command, Uint8Array.from([...payload, ...rest]))).toEqual(message);
      }),
    );
  });

  test("a command that nobody knows is no message and no error", () => {
    expect(read("sendaddrv2", "")).toBeUndefined();
    expect(read("", "00")).toBeUndefined();
    expect(read("constructor", "00")).toBeUndefined();
  });

  test("counts that the payload cannot hold and sizes of another form are refused before anything is made", () => {
    expect(read("inv", "fe00000002")).toMatchObject({ reason: "endOfData", field: "items" });
    expect(read("inv", "fe01000002")).toMatchObject({ reason: "sizeTooLarge", field: "items" });
    expect(read("inv", "fd0100")).toMatchObject({ reason: "nonCanonicalSize", field: "items" });
    expect(read("headers", "fd0001")).toMatchObject({ reason: "endOfData", field: "headers" });
  });

  test("a transaction of a format that nobody knows is named, wherever it is", () => {
    const strange = "09000080" + "00000000";
    expect(read("tx", strange)).toMatchObject({ reason: "unknownTransactionFormat" });
    const inBlock = `${"00".repeat(32)}01${strange}`;
    expect(read("blocktxn", inBlock)).toMatchObject({
      reason: "unknownTransactionFormat",
      field: "transactions[0].version",
    });
  });

  test("fields of `version` after the receiver may be missing, group by group", () => {
    const required = `29980200${"05"}${"00".repeat(7)}ba00000000000000${"00".repeat(26)}`;
    const missing = {
      version: 170_025,
      services: 5n,
      time: 186n,
      nonce: 1n,
      userAgent: "",
      startHeight: -1,
      relay: true,
    };
    expect(read("version", required)).toMatchObject(missing);
    const sender = `${"00".repeat(24)}3efd${"07".repeat(8)}`;
    expect(read("version", required + sender)).toMatchObject({
      ...missing,
      sender: { port: 0x3efd },
      nonce: 0x0707070707070707n,
    });
    expect(read("version", `${required}${sender}022f41`)).toMatchObject({ userAgent: "/A", startHeight: -1 });
    expect(read("version", `${required}${sender}0001000000`)).toMatchObject({ startHeight: 1, relay: true });
    expect(read("version", `${required}${sender}000100000000`)).toMatchObject({
      startHeight: 1,
      relay: false,
    });
    expect(read("version", required.slice(2))).toBeInstanceOf(ParseError);
    expect(read("version", `${required}00`)).toBeInstanceOf(ParseError);
    expect(read("version", `${required}${sender}fd0101${"41".repeat(257)}`)).toMatchObject({
      reason: "sizeTooLarge",
      field: "userAgent",
    });
  });

  test("version 10300 reads as 300", () => {
    const required = `3c280000${"00".repeat(42)}`;
    expect(read("version", required)).toMatchObject({ version: 300 });
  });

  test("a short id lies in ten bytes: the low 32 bits in eight, sixteen more in two", () => {
    const header = `04000000${"00".repeat(136)}00`;
    const compact = `${header}${"00".repeat(8)}01${"78563412"}00000000${"bc9a"}00`;
    expect(read("cmpctblock", compact)).toMatchObject({ shortIds: [0x9abc12345678] });
  });

  test("transactions asked for are named by absolute positions, prefilled ones by steps", () => {
    expect(read("getblocktxn", `${"00".repeat(32)}03010203`)).toMatchObject({ indexes: [1, 2, 3] });
    const tx = "0100000000" + "00" + "00000000";
    const header = `04000000${"00".repeat(136)}00`;
    const compact = `${header}${"00".repeat(8)}00${"02"}00${tx}01${tx}`;
    expect(read("cmpctblock", compact)).toMatchObject({ prefilled: [{ index: 0 }, { index: 2 }] });
    expect(read("getblocktxn", `${"00".repeat(32)}01fe00000100`)).toMatchObject({ reason: "sizeTooLarge" });
  });

  test("a pong too short for its nonce gives up its ping; a ping too short is unreadable", () => {
    expect(read("pong", "01020304")).toEqual({ command: "pong", nonce: undefined });
    expect(read("ping", "01020304")).toBeInstanceOf(ParseError);
    expect(read("ping", "")).toEqual({ command: "ping", nonce: undefined });
  });

  test("a reason that is too long is cut when it is sent and refused when it comes", () => {
    const message = { command: "reject", message: "tx", code: 0x10, hash: undefined } as const;
    const sent = payloadBytes({ ...message, reason: "x".repeat(200) });
    expect(readPayload("reject", sent)).toEqual({ ...message, reason: "x".repeat(111) });
    expect(read("reject", `02747810${"70"}${"78".repeat(112)}`)).toMatchObject({
      reason: "sizeTooLarge",
      field: "reason",
    });
  });

  vectorTest("what two daemons said to each other reads, and is written as they wrote it", () => {
    const commands = new Set<string>();
    for (const { command, payload } of capturedMessages()) {
      const message = readPayload(command, payload);
      if (message === undefined || message instanceof ParseError) throw new Error(`${command}: ${message}`);
      expect(message.command).toBe(command);
      expect(toWireHex(payloadBytes(message))).toBe(toWireHex(payload));
      commands.add(command);
    }
    expect(commands.size).toBeGreaterThan(10);
  });
});
