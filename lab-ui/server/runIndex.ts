import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StoredRun } from "@fluxlab/lab-ui/api";

/** What a record says of its run. */
export type AboutRun = Omit<StoredRun, "name" | "isVerified" | "hasReport" | "writtenAt">;

/** Of what is kept about a run: another one begins anew. */
const FORMAT = 1;
/** Milliseconds that one server waits for another that writes. */
const PATIENCE = 5_000;

const TABLE = `CREATE TABLE IF NOT EXISTS runs (
  name TEXT PRIMARY KEY,
  written_at REAL NOT NULL,
  about TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

/**
 * What the records of a folder say, in a database beside them: records are large, and a server that starts need not read them all again.
 * The records are what counts; the database may be deleted at any time.
 */
export class RunIndex {
  readonly #database: DatabaseSync;

  /** A file that is no database of ours is made anew; where none can be written, what was read is remembered for this process. */
  constructor(file: string) {
    this.#database = opened(file) ?? afresh(file) ?? opened(":memory:")!;
  }

  /**
   * What was found when the record was written at that time, milliseconds; `read` looks into one that is new or was written again.
   * undefined: it is none that this version can read, and the next one may.
   */
  about(name: string, writtenAt: number, read: () => AboutRun | undefined): AboutRun | undefined {
    const find = () =>
      this.#database.prepare("SELECT about FROM runs WHERE name = ? AND written_at = ?").get(name, writtenAt);
    const row = trying(find) as { readonly about: string } | undefined;
    if (row !== undefined) return JSON.parse(row.about) as AboutRun;
    const about = read();
    if (about !== undefined) this.#keep(name, writtenAt, JSON.stringify(about));
    return about;
  }

  /** Forgets runs that are gone. */
  keepOnly(names: readonly string[]): void {
    const there = new Set(names);
    trying(() => {
      const known = this.#database.prepare("SELECT name FROM runs").all() as { readonly name: string }[];
      const forget = this.#database.prepare("DELETE FROM runs WHERE name = ?");
      for (const { name } of known) if (!there.has(name)) forget.run(name);
    });
  }

  #keep(name: string, writtenAt: number, about: string): void {
    const sql = "INSERT OR REPLACE INTO runs (name, written_at, about) VALUES (?, ?, ?)";
    trying(() => this.#database.prepare(sql).run(name, writtenAt, about));
  }

  close(): void {
    this.#database.close();
  }
}

/** Where the disk is full or lost something nothing is known, and the record is read again: what matters lies there. */
function trying<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** A database of this format; undefined if there is none and none can be made. */
function opened(file: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    database = new DatabaseSync(file);
    database.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    const { user_version: format } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    if (format !== 0 && format !== FORMAT) throw new Error(`format ${format}`);
    const { quick_check: check } = database.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
    if (check !== "ok") throw new Error(check);
    database.exec(`${TABLE}; PRAGMA user_version = ${FORMAT}`);
    return database;
  } catch {
    database?.close();
    return undefined;
  }
}

function afresh(file: string): DatabaseSync | undefined {
  trying(() => rmSync(file, { force: true }));
  return opened(file);
}
