import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "@fluxlab/core/command-line";

/** The file every run folder has; a folder without it is not ours to replace. */
const MARK = "run.json";

/**
 * A folder that will hold a run's files. Opening it proves, before the run, that it can be written; the files appear in it
 * all at once at the end, so a reader, a full disk or Ctrl-C never meets half a run.
 */
export class RunFolder {
  /** Absolute path. */
  readonly path: string;
  readonly #staging: string;

  /** @throws InputError if the folder cannot be made, or holds something other than a run. */
  constructor(path: string) {
    this.path = resolve(path);
    this.#staging = join(dirname(this.path), `.${basename(this.path)}.${process.pid}.tmp`);
    if (existsSync(this.path)) this.#checkReplaceable();
    try {
      makeFolder(this.#staging);
    } catch (error) {
      throw new InputError(`${this.path}: cannot write there (${(error as NodeJS.ErrnoException).code})`, {
        cause: error,
      });
    }
  }

  /** Puts the files in place, instead of an earlier run's. @throws InputError if the disk refuses. */
  write(files: ReadonlyMap<string, string>): void {
    try {
      for (const [name, content] of files) writeFileSync(join(this.#staging, name), content);
      rmSync(this.path, { recursive: true, force: true });
      renameSync(this.#staging, this.path);
    } catch (error) {
      this.discard();
      throw new InputError(`${this.path}: cannot write the run (${(error as NodeJS.ErrnoException).code})`, {
        cause: error,
      });
    }
  }

  /** Takes back what opening made; an earlier run stays. */
  discard(): void {
    rmSync(this.#staging, { recursive: true, force: true });
  }

  #checkReplaceable(): void {
    let entries: string[];
    try {
      entries = readdirSync(this.path);
    } catch (error) {
      throw new InputError(
        `${this.path}: not a folder that can be read (${(error as NodeJS.ErrnoException).code})`,
        {
          cause: error,
        },
      );
    }
    if (entries.length > 0 && !entries.includes(MARK)) {
      throw new InputError(
        `${this.path}: holds files but no ${MARK}, so it is no run to replace; name another folder`,
      );
    }
  }
}

/** Makes a folder and those above it. Not mkdir's "recursive": under /proc that never returns on Node.js 20 to 24. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
