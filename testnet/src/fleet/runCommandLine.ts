import { spawn } from "node:child_process";
import type { Executed } from "./runner.ts";

/** A command that takes longer is ended. */
const TIMEOUT_MS = 60_000;
/** Of each output; what is more is left out. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Runs a command to its end. One that cannot be started has code 127, as in a shell. */
export function runCommandLine(
  [command, ...args]: readonly string[],
  folder?: string,
  input = "",
): Promise<Executed> {
  return new Promise((resolve) => {
    const child = spawn(command!, args, { cwd: folder, timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        if (said[stream].length < MOST_BYTES) said[stream] += text;
      });
    }
    child.stdin.on("error", () => {}); // one that does not read its input
    child.stdin.end(input);
    child.once("error", (error) => resolve({ code: 127, ...said, stderr: error.message }));
    child.once("close", (code, signal) =>
      resolve({
        code: code ?? 128,
        ...said,
        stderr: said.stderr + (signal === null ? "" : `ended by ${signal}`),
      }),
    );
  });
}
