import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the output so far once it matches. Rejects if the program ends first. */
  readonly says: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts one of the project's programs as a process of its own, which reads `input`; it does not outlive the test. `through`: a command that runs it. */
export const startProgram = (
  file: string,
  args: readonly string[],
  input = "",
  through: readonly string[] = [],
): Running => startCommand([...through, process.execPath, join(root, file), ...args], input);

/** The same with any command. */
export function startCommand([command, ...args]: readonly string[], input = ""): Running {
  const child = spawn(command!, args, {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, "node_modules/.cache/flux-lab") },
  });
  child.stdin.end(input);
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const says = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (pattern.test(stdout)) resolve(stdout);
      };
      child.stdout.on("data", look);
      look();
      void ended.then(() => reject(new Error(`ended before it said ${pattern}: ${stdout}${stderr}`)));
    });
  return { child, says, ended };
}

/** Runs a program to its end. */
export const runProgram = (file: string, ...args: string[]): Promise<Ended> => startProgram(file, args).ended;

/** Runs a program that reads `input` to its end. */
export const feedProgram = (input: string, file: string, ...args: string[]): Promise<Ended> =>
  startProgram(file, args, input).ended;

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
