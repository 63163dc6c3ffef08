import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import type { RunFigures } from "@fluxlab/reports";

/** A finished run of a sweep. */
export interface SweepRun {
  readonly cell: number;
  readonly seed: number;
  readonly digest: string;
  readonly figures: RunFigures;
}

/** First line of the file: what the runs below it belong to. */
interface Head {
  readonly format: 1;
  readonly identity: string;
}

const FILE = "sweep.jsonl";

/**
 * A sweep's folder. Each run that ends is a line at once, so that a sweep that was interrupted goes on where it was; a line cut
 * short by a crash is played again.
 */
export class SweepStore {
  /** Absolute. */
  readonly path: string;
  readonly #file: string;
  readonly #runs = new Map<string, SweepRun>();

  /**
   * `identity`: of the commit, the scenarios and seeds; runs of another are never mixed in.
   * @throws InputError if the folder holds another sweep, or something else
   */
  constructor(path: string, identity: string) {
    this.path = resolve(path);
    this.#file = join(this.path, FILE);
    try {
      if (existsSync(this.#file)) this.#resume(identity);
      else this.#begin(identity);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${this.path}: cannot be used (${(error as NodeJS.ErrnoException).code})`, {
        cause: error,
      });
    }
  }

  #begin(identity: string): void {
    mkdirSync(this.path, { recursive: true });
    if (readdirSync(this.path).length > 0) {
      throw new InputError(
        `${this.path}: holds files but no ${FILE}, so it is no sweep; name another folder`,
      );
    }
    const head: Head = { format: 1, identity };
    writeFileSync(this.#file, `${JSON.stringify(head)}\n`);
  }

  #resume(identity: string): void {
    const [first = "", ...lines] = readFileSync(this.#file, "utf8").split("\n");
    if (parsed<Head>(first)?.identity !== identity) {
      throw new InputError(
        `${this.path}: holds a sweep of other values, seeds or another commit; name another folder, or remove this one`,
      );
    }
    const whole = lines.flatMap((line) => parsed<SweepRun>(line) ?? []);
    for (const run of whole) this.#runs.set(key(run), run);
    // What was cut short is written over.
    writeFileSync(this.#file, [first, ...whole.map((run) => JSON.stringify(run)), ""].join("\n"));
  }

  get done(): number {
    return this.#runs.size;
  }

  has(run: Pick<SweepRun, "cell" | "seed">): boolean {
    return this.#runs.has(key(run));
  }

  add(run: SweepRun): void {
    this.#runs.set(key(run), run);
    appendFileSync(this.#file, `${JSON.stringify(run)}\n`);
  }

  /** By cell, then by seed, whatever the order in which they ended. */
  get runs(): SweepRun[] {
    return [...this.#runs.values()].sort((a, b) => a.cell - b.cell || a.seed - b.seed);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.path, name), content);
  }
}

const key = ({ cell, seed }: Pick<SweepRun, "cell" | "seed">): string => `${cell}/${seed}`;

function parsed<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}
