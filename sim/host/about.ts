import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The version in package.json. */
export const version = (): string =>
  (JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string }).version;

/** The checkout's commit, with "+changes" if files differ from it; "unknown" outside git. */
export function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const head = git("rev-parse", "HEAD");
    return git("status", "--porcelain") === "" ? head : `${head}+changes`;
  } catch {
    return "unknown";
  }
}
