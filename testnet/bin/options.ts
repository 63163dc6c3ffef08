import { InputError } from "@fluxlab/core/command-line";
import type { RunnerOptions } from "@fluxlab/testnet/fleet";

// What the commands of the testnet laboratory share.

/** Options that all commands have. */
export interface Common {
  readonly root: string;
  readonly json?: true;
}

/** And those that start a testnet. */
export interface Start extends Common, RunnerOptions {
  readonly name?: string;
  readonly nodes?: number;
  readonly seed?: number;
}

/** Data for programs, a line each. */
export const print = (data: unknown): void => console.log(JSON.stringify(data));

/** @throws InputError if the text is no whole number from 1 */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InputError(`expected a whole number from 1, got "${text}"`);
  return Number(text);
}
