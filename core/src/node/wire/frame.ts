import { sha256d } from "../../bytes/hash.ts";
import { Reader } from "../../bytes/reader.ts";
import { Writer } from "../../bytes/writer.ts";
import { assert } from "../../util/assert.ts";
import { bytesOfText, textOfBytes } from "./byteText.ts";

// A stream of bytes is a sequence of frames: magic, command, length, checksum, payload.
// Source: fluxd src/protocol.h CMessageHeader, src/net.cpp CNetMessage, src/main.cpp ProcessMessages.

/** Bytes before a payload. */
export const FRAME_HEADER_BYTES = 24;

/** Longest payload. A longer one closes the connection. Source: fluxd src/net.h MAX_PROTOCOL_MESSAGE_LENGTH. */
export const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;

/** Room for a command in a frame. */
export const MAX_COMMAND_CHARACTERS = 12;

/** Room is made for so many bytes at a time: a length that was only claimed costs no more. */
const GROWTH_BYTES = 256 * 1024;

/** Chunks that are smaller together wait as one. */
const SMALL_BYTES = 4 * 1024;

/**
 * What a stream held next. A frame that is `skipped` leaves the connection open and costs the sender nothing; `broken` ends
 * the stream, because what follows cannot be told apart any more.
 */
export type FrameEvent =
  | { readonly kind: "frame"; readonly command: string; readonly payload: Uint8Array }
  | { readonly kind: "skipped"; readonly why: "command" | "checksum" }
  | { readonly kind: "broken"; readonly why: "magic" | "length" };

interface Frame {
  readonly command: string | undefined;
  readonly length: number;
  readonly checksum: number;
}

/**
 * Finds the frames in chunks of bytes however they were cut. Bytes are taken up with {@link next}, frame by frame, so that
 * whoever reads a peer slowly lets chunks wait; {@link waiting} says how many bytes do.
 */
export class FrameReader {
  /** Bytes pushed and not yet part of a frame that was returned. */
  waiting: number;
  readonly #messageStart: Uint8Array;
  readonly #chunks: Uint8Array[];
  /** Bytes of the first chunk that are used up. */
  #used: number;
  #frame: Frame | undefined;
  #part: Uint8Array;
  #filled: number;
  #broken: FrameEvent | undefined;

  /** `messageStart`: the four bytes that open each frame on this network. */
  constructor(messageStart: Uint8Array) {
    assert(messageStart.length === 4, "a network's magic has four bytes");
    this.waiting = 0;
    this.#messageStart = messageStart;
    this.#chunks = [];
    this.#used = 0;
    this.#frame = undefined;
    this.#part = new Uint8Array(FRAME_HEADER_BYTES);
    this.#filled = 0;
    this.#broken = undefined;
  }

  /** The next bytes of the stream; they are kept until they are taken up, and must not change. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#broken !== undefined) return;
    const last = this.#chunks.at(-1);
    if (last === undefined || last.length + chunk.length > SMALL_BYTES) this.#chunks.push(chunk);
    else this.#joinToLast(last, chunk);
    this.waiting += chunk.length;
  }

  /** A byte that comes alone would cost a hundred times its size if it had to wait alone. */
  #joinToLast(last: Uint8Array, chunk: Uint8Array): void {
    const joined = new Uint8Array(last.length + chunk.length);
    joined.set(last);
    joined.set(chunk, last.length);
    this.#chunks[this.#chunks.length - 1] = joined;
  }

  /** What comes next, or undefined if more bytes are needed first. A stream that is broken stays so. */
  next(): FrameEvent | undefined {
    if (this.#broken !== undefined) return this.#broken;
    if (this.#frame === undefined) {
      if (!this.#fill(FRAME_HEADER_BYTES)) return undefined;
      const header = readFrameHeader(this.#part, this.#messageStart);
      if ("kind" in header) return this.#break(header);
      this.#frame = header;
      this.#startPart(header.length);
    }
    if (!this.#fill(this.#frame.length)) return undefined;
    const event = judgeFrame(this.#frame, this.#part.subarray(0, this.#frame.length));
    this.#frame = undefined;
    this.#startPart(FRAME_HEADER_BYTES);
    return event;
  }

  #startPart(length: number): void {
    this.waiting -= this.#filled;
    this.#part = new Uint8Array(Math.min(length, GROWTH_BYTES));
    this.#filled = 0;
  }

  /** Moves bytes from the chunks to the part until it has `length`; whether it has. */
  #fill(length: number): boolean {
    while (this.#filled < length && this.#chunks.length > 0) {
      const chunk = this.#chunks[0]!;
      const taken = Math.min(length - this.#filled, chunk.length - this.#used);
      this.#makeRoom(this.#filled + taken, length);
      this.#part.set(chunk.subarray(this.#used, this.#used + taken), this.#filled);
      this.#filled += taken;
      this.#used += taken;
      if (this.#used === chunk.length) {
        this.#chunks.shift();
        this.#used = 0;
      }
    }
    return this.#filled === length;
  }

  #makeRoom(needed: number, length: number): void {
    if (needed <= this.#part.length) return;
    const grown = new Uint8Array(Math.min(length, Math.max(needed, this.#part.length * 2)));
    grown.set(this.#part);
    this.#part = grown;
  }

  #break(event: FrameEvent): FrameEvent {
    this.#broken = event;
    this.#chunks.length = 0;
    this.waiting = 0;
    return event;
  }
}

function readFrameHeader(bytes: Uint8Array, messageStart: Uint8Array): Frame | FrameEvent {
  const reader = new Reader(bytes);
  const magic = reader.bytes(4, "magic");
  const command = readCommand(reader.bytes(MAX_COMMAND_CHARACTERS, "command"));
  const length = reader.u32("length");
  if (magic.some((byte, i) => byte !== messageStart[i])) return { kind: "broken", why: "magic" };
  if (length > MAX_PAYLOAD_BYTES) return { kind: "broken", why: "length" };
  return { command, length, checksum: reader.u32("checksum") };
}

/** Printable ASCII, then zero bytes to the end; undefined for anything else. */
function readCommand(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  const characters = end < 0 ? bytes : bytes.subarray(0, end);
  const padding = bytes.subarray(characters.length);
  const fine =
    characters.every((byte) => byte >= 0x20 && byte <= 0x7e) && padding.every((byte) => byte === 0);
  return fine ? textOfBytes(characters) : undefined;
}

function judgeFrame({ command, checksum }: Frame, payload: Uint8Array): FrameEvent {
  if (command === undefined) return { kind: "skipped", why: "command" };
  if (checksumOf(payload) !== checksum) return { kind: "skipped", why: "checksum" };
  return { kind: "frame", command, payload };
}

const checksumOf = (payload: Uint8Array): number => new Reader(sha256d(payload)).u32("checksum");

/** Reused by {@link frameBytes}, which is done with it when it returns. */
const scratch = new Writer();

/** A payload in its frame, ready to be sent. */
export function frameBytes(messageStart: Uint8Array, command: string, payload: Uint8Array): Uint8Array {
  assert(command.length <= MAX_COMMAND_CHARACTERS, `"${command}" does not fit a frame`);
  assert(payload.length <= MAX_PAYLOAD_BYTES, `${command}: nobody reads ${payload.length} bytes`);
  scratch.reset();
  scratch.bytes(messageStart);
  scratch.bytes(bytesOfText(command.padEnd(MAX_COMMAND_CHARACTERS, "\0")));
  scratch.u32(payload.length);
  scratch.u32(checksumOf(payload));
  scratch.bytes(payload);
  return scratch.copy();
}
