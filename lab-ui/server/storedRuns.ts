import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readRecord } from "@fluxlab/reports/metrics";

/** What a list of runs tells of each. */
interface StoredRun {
  /** Folder name. */
  readonly name: string;
  readonly title: string;
  readonly question?: string;
  readonly seed: string;
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

/** The runs that lie in a folder, as `npm run sim` leaves them: one folder a run, its record in run.json. */
export class StoredRuns {
  readonly #folder: string;
  /** What was read, by path and time of writing: records are large, and do not change. */
  readonly #known = new Map<string, StoredRun | undefined>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Newest first. A folder without a record that can be read is no run. */
  list(): StoredRun[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .flatMap(({ name }) => this.#summary(name) ?? [])
      .sort((a, b) => b.writtenAt - a.writtenAt);
  }

  /** The text of a run's record; undefined if there is none of that name. */
  record(name: string): string | undefined {
    const path = this.#path(name);
    return path === undefined ? undefined : readFileSync(path, "utf8");
  }

  /** Names are those of folders: nothing that leads out of ours. */
  #path(name: string): string | undefined {
    if (!/^[\w][\w. -]*$/.test(name)) return undefined;
    const path = join(this.#folder, name, "run.json");
    return existsSync(path) ? path : undefined;
  }

  #summary(name: string): StoredRun | undefined {
    const path = this.#path(name);
    if (path === undefined) return undefined;
    const writtenAt = statSync(path).mtimeMs;
    const key = `${name} ${writtenAt}`;
    if (!this.#known.has(key)) this.#known.set(key, summary(name, path, writtenAt));
    return this.#known.get(key);
  }
}

function summary(name: string, path: string, writtenAt: number): StoredRun | undefined {
  try {
    const { scenario, seed, firstHeight, lastHeight, digest } = readRecord(readFileSync(path, "utf8"));
    const { title, question } = scenario;
    return {
      name,
      title,
      ...(question === undefined ? {} : { question }),
      seed,
      firstHeight,
      lastHeight,
      digest,
      writtenAt,
    };
  } catch {
    return undefined; // written by another version, or by somebody else
  }
}
