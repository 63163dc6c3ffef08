import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { ROOT } from "../support/repository.ts";

type Run = ChildProcessByStdio<Writable, Readable, null>;

/** Begins one of the runs of liveNodeRuns.ts. */
export const spawnRun = (...args: readonly string[]): Run =>
  spawn(process.execPath, ["--expose-gc", join(ROOT, "test/perf/liveNodeRuns.ts"), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });

/** The first line of what a run says. */
export async function saidBy<T>(child: Run): Promise<T> {
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return JSON.parse(text) as T;
}

/** Plays one to its end; what it printed. */
export function run<T>(...args: readonly string[]): Promise<T> {
  const child = spawnRun(...args);
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) => {
      if (code !== 0) reject(new Error(`${args.join(" ")} ended with ${code}`));
      else resolve((text === "" ? undefined : JSON.parse(text)) as T);
    });
  });
}
