import { type Command, CommanderError } from "commander";
import { InputError } from "./inputError.ts";

/** Exit codes of every command of the lab. */
const EXIT = { badInput: 2, interrupted: 130 } as const;

/** Reads a seed. @throws InputError */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InputError(`--seed: expected a whole number from 0 to 2^53 - 1, got "${text}"`);
  }
  return seed;
}

/**
 * Runs a command line to its exit code: 2 for what a person has to change, shown without a stack; 130 after Ctrl-C, which
 * `signal` announces so that the command can clean up. Anything else that is thrown is our bug and crashes loudly.
 */
export async function runCommand(program: Command, controller: AbortController): Promise<void> {
  const interrupt = () => controller.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    await program.exitOverride().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT.badInput;
    } else if (error instanceof InputError) {
      console.error(error.message);
      process.exitCode = EXIT.badInput;
    } else if (controller.signal.aborted) {
      console.error("Interrupted: nothing was written.");
      process.exitCode = EXIT.interrupted;
    } else {
      throw error;
    }
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
