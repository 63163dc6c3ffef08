import { readRecord } from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";

// The lab's server, if there is one: the built page works without.

/** A run in the server's folder of runs. */
export interface StoredRun {
  /** Folder name. */
  readonly name: string;
  readonly title: string;
  readonly question?: string;
  readonly seed: string;
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly digest: string;
  /** When it was written, milliseconds since 1970. */
  readonly writtenAt: number;
}

/** The stored runs, newest first; undefined without a server of ours. */
export async function storedRuns(): Promise<readonly StoredRun[] | undefined> {
  try {
    const response = await fetch("api/runs", { headers: { accept: "application/json" } });
    const isOurs = response.ok && response.headers.get("content-type")?.startsWith("application/json");
    return isOurs ? ((await response.json()) as readonly StoredRun[]) : undefined;
  } catch {
    return undefined; // opened from a file, or the server has ended
  }
}

/** @throws Error if there is no such run, or it cannot be read. */
export async function storedRecord(name: string): Promise<RunRecord> {
  const response = await fetch(`api/runs/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error((await response.text()).trim());
  return readRecord(await response.text());
}
