import { InputError } from "@fluxlab/core/command-line";

/** Reads a seed. @throws InputError */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InputError(`--seed: expected a whole number from 0 to 2^53 - 1, got "${text}"`);
  }
  return seed;
}
