import { type FrameEvent, FrameReader, frameBytes, MAX_PAYLOAD_BYTES, toWireHex } from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturedMessages } from "../../../support/p2pCapture.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

const MAGIC = Uint8Array.of(0x24, 0xe9, 0x27, 0x64);

/** Events in a stream that arrives as `chunks`. */
function events(chunks: readonly Uint8Array[], magic = MAGIC): FrameEvent[] {
  const reader = new FrameReader(magic);
  const found: FrameEvent[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      found.push(event);
      if (event.kind === "broken") return found;
    }
  }
  return found;
}

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A stream cut at any places. */
function chunksOf(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((from, i) => stream.subarray(from, places[i] ?? stream.length));
}

const command = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));
const frame = fc.tuple(command, fc.uint8Array({ maxLength: 400 })).map(([name, payload]) => ({
  bytes: frameBytes(MAGIC, name, payload),
  event: { kind: "frame", command: name, payload } as FrameEvent,
}));
const cuts = fc.array(fc.nat(), { maxLength: 12 });

/** A frame with one byte of its header or payload overwritten. */
function spoiled(offset: number, value: number): Uint8Array {
  const bytes = frameBytes(MAGIC, "ping", Uint8Array.of(1, 2, 3));
  bytes[offset] = value;
  return bytes;
}

const PING: FrameEvent = { kind: "frame", command: "ping", payload: Uint8Array.of(9) };
const ping = frameBytes(MAGIC, "ping", Uint8Array.of(9));

describe("frames", () => {
  test("come out the same however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), cuts, (frames, places) => {
        const stream = joined(frames.map(({ bytes }) => bytes));
        expect(events(chunksOf(stream, places))).toEqual(frames.map(({ event }) => event));
      }),
    );
  });

  test("garbage between them, cut anywhere, gives the same events as in one piece", () => {
    const part = fc.oneof(
      frame.map(({ bytes }) => bytes),
      fc.tuple(frame, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([{ bytes }, at, flip]) => {
        bytes[at % bytes.length]! ^= flip;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), cuts, (parts, places) => {
        const stream = joined(parts);
        expect(events(chunksOf(stream, places))).toEqual(events([stream]));
      }),
      { numRuns: 300 },
    );
  });

  test("of another network break the stream", () => {
    expect(events([spoiled(2, 0), ping])).toEqual([{ kind: "broken", why: "magic" }]);
  });

  test("longer than a message may be break the stream, and nothing is set aside for them", () => {
    const header = frameBytes(MAGIC, "block", new Uint8Array(0)).subarray(0, 24);
    const claim = (length: number) => {
      new DataView(header.buffer, header.byteOffset).setUint32(16, length, true);
      return header.slice();
    };
    expect(events([claim(MAX_PAYLOAD_BYTES)])).toEqual([]);
    expect(events([claim(MAX_PAYLOAD_BYTES + 1)])).toEqual([{ kind: "broken", why: "length" }]);
    expect(events([claim(0xffff_ffff)])).toEqual([{ kind: "broken", why: "length" }]);
  });

  test("of the largest size pass", () => {
    const payload = new Uint8Array(MAX_PAYLOAD_BYTES).fill(7);
    const bytes = frameBytes(MAGIC, "block", payload);
    const chunks = Array.from({ length: 33 }, (_, i) => bytes.subarray(i * 65_536, (i + 1) * 65_536));
    const found = events([...chunks, ping]);
    expect(found[1]).toEqual(PING);
    const [large] = found;
    if (large?.kind !== "frame") throw new Error("no frame");
    expect(Buffer.compare(large.payload, payload)).toBe(0);
  });

  test("with a wrong checksum or a strange command are skipped", () => {
    expect(events([spoiled(20, 0), ping])).toEqual([{ kind: "skipped", why: "checksum" }, PING]);
    expect(events([spoiled(26, 0), ping])).toEqual([{ kind: "skipped", why: "checksum" }, PING]);
    expect(events([spoiled(4, 0x1f), ping])).toEqual([{ kind: "skipped", why: "command" }, PING]);
    expect(events([spoiled(5, 0x7f), ping])).toEqual([{ kind: "skipped", why: "command" }, PING]);
    expect(events([spoiled(15, 0x41), ping])).toEqual([{ kind: "skipped", why: "command" }, PING]);
  });

  test("wait until they are asked for, and are counted meanwhile", () => {
    const reader = new FrameReader(MAGIC);
    reader.push(joined([ping, ping]));
    reader.push(ping.subarray(0, 10));
    expect(reader.waiting).toBe(2 * ping.length + 10);
    expect(reader.next()).toEqual(PING);
    expect(reader.waiting).toBe(ping.length + 10);
    expect(reader.next()).toEqual(PING);
    expect(reader.next()).toBeUndefined();
    expect(reader.waiting).toBe(10);
    reader.push(ping.subarray(10));
    expect(reader.next()).toEqual(PING);
    expect(reader.waiting).toBe(0);
  });

  vectorTest("of two daemons are taken apart and put together as they were", () => {
    const captured = capturedMessages();
    const magic = captured[0]!.bytes.slice(0, 4);
    const found = events([joined(captured.map(({ bytes }) => bytes))], magic);
    expect(found).toEqual(
      captured.map((each) => ({ kind: "frame", command: each.command, payload: each.payload })),
    );
    for (const { command: name, payload, bytes } of captured)
      expect(toWireHex(frameBytes(magic, name, payload))).toBe(toWireHex(bytes));
  });
});
