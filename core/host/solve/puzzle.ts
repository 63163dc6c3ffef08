import { randomBytes } from "node:crypto";
import { EQUIHASH_SHAPES, type EquihashShape, parseWireHex } from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import { readText } from "../readInput.ts";

// What `npm run solve` is given: a set of parameters and a header.

/** A header up to and with its nonce. */
const PUZZLE_BYTES = 140;

const NONCE_OFFSET = 108;

/** Reads "125,4". @throws InputError */
export function parseParams(text: string): EquihashShape {
  const shape = EQUIHASH_SHAPES.find(({ n, k }) => `${n},${k}` === text.replaceAll(" ", ""));
  if (shape !== undefined) return shape;
  const known = EQUIHASH_SHAPES.map(({ n, k }) => `${n},${k}`).join(" ");
  throw new InputError(`--params: expected one of ${known}, got "${text}"`);
}

/** Reads a whole number from 1 to `max`. @throws InputError */
export function parseCount(option: string, text: string, max: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= max) return count;
  throw new InputError(`${option}: expected a whole number from 1 to ${max}, got "${text}"`);
}

/**
 * The puzzle of a header in hex: 108 bytes without nonce, 140 with it; what follows, a solution, is left out. "-" is standard
 * input. @throws InputError
 */
export function readPuzzle(file: string): Uint8Array {
  const text = readText(file).trim();
  const bytes = parseWireHex(text);
  if (bytes === undefined) throw new InputError(`${file}: expected a header in hex, two digits a byte`);
  if (bytes.length !== NONCE_OFFSET && bytes.length < PUZZLE_BYTES) {
    throw new InputError(`${file}: expected 108 bytes, or 140 and more, got ${bytes.length}`);
  }
  const puzzle = new Uint8Array(PUZZLE_BYTES);
  puzzle.set(bytes.subarray(0, PUZZLE_BYTES));
  return puzzle;
}

/** A header that nobody mined. */
export const randomPuzzle = (): Uint8Array => new Uint8Array(randomBytes(PUZZLE_BYTES));

/** `puzzle` with `step` added to the first word of its nonce. */
export function nextPuzzle(puzzle: Uint8Array, step: number): Uint8Array {
  const next = puzzle.slice();
  const words = new DataView(next.buffer);
  words.setUint32(NONCE_OFFSET, words.getUint32(NONCE_OFFSET, true) + step, true);
  return next;
}

/** Nonce of a puzzle, in wire order. */
export const nonceOf = (puzzle: Uint8Array): Uint8Array => puzzle.subarray(NONCE_OFFSET);
