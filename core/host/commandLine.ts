import type { Command, CommanderError } from "commander";

/** Exit codes of every command of the lab. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** Something a person has to change: a file, an argument, a folder. The command line shows it and exits with 2. */
export class InputError extends Error {
  override name = "InputError";
}

/**
 * Runs a command line to its exit code: 2 for what a person has to change, shown without a stack; otherwise what the command
 * has set. With a `controller` Ctrl-C aborts it, so that the command can clean up, and the code is 130; without one Ctrl-C
 * ends the process as usual. Anything else that is thrown is our bug and crashes loudly.
 */
export async function runCommand(
  program: Command,
  controller?: AbortController,
  afterInterrupt = "Interrupted: nothing was written.",
): Promise<void> {
  const interrupt = () => controller?.abort(new Error("interrupted"));
  if (controller !== undefined) {
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
  }
  process.stdout.on("error", endQuietly);
  try {
    await throwing(program).parseAsync();
  } catch (error) {
    if (isCommanderError(error)) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    } else if (error instanceof InputError) {
      console.error(error.message);
      process.exitCode = EXIT.badInput;
    } else if (controller?.signal.aborted === true) {
      console.error(afterInterrupt);
      process.exitCode = EXIT.interrupted;
    } else {
      throw error;
    }
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** By its code, not its class: every workspace may have a copy of commander of its own. */
const isCommanderError = (error: unknown): error is CommanderError =>
  error instanceof Error && "code" in error && String(error.code).startsWith("commander.");

/** The command, its subcommands included, made to throw where it would end the process. */
function throwing(command: Command): Command {
  for (const each of command.commands) throwing(each);
  return command.exitOverride();
}

/** A reader that has seen enough, such as `head`, is no error of ours. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

/** Seconds that are left: 75 is "1:15". */
export function formatEta(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${`${whole % 60}`.padStart(2, "0")}`;
}
