import { InputError } from "@fluxlab/core/command-line";

/** Reads a seed. @throws InputError */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InputError(`--seed: expected a whole number from 0 to 2^53 - 1, got "${text}"`);
  }
  return seed;
}

/** Reads a number of nodes; the scenario's schema knows how many there may be. @throws InputError */
export function parseNodes(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InputError(`--nodes: expected a whole number from 1 on, got "${text}"`);
  return Number(text);
}

/** Reads a height. @throws InputError */
export function parseHeight(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InputError(`--from-height: expected a height, got "${text}"`);
  return Number(text);
}
