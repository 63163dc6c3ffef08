import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const CHUNK_BYTES = 64 * 1024;

/** Reads the lines that a growing file has got since it was last asked. A file that is not there yet has none. */
export class LogFollower {
  readonly #file: string;
  readonly #decoder = new StringDecoder("utf8");
  #offset = 0;
  #rest = "";

  constructor(file: string) {
    this.#file = file;
  }

  /** Whole lines only; the beginning of one waits for its end. */
  newLines(): readonly string[] {
    const added = this.#read();
    if (added === "") return [];
    const lines = `${this.#rest}${added}`.split("\n");
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  #read(): string {
    let file: number;
    try {
      file = openSync(this.#file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw error;
    }
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      let text = "";
      for (;;) {
        const count = readSync(file, chunk, 0, CHUNK_BYTES, this.#offset);
        if (count === 0) return text;
        this.#offset += count;
        text += this.#decoder.write(chunk.subarray(0, count));
      }
    } finally {
      closeSync(file);
    }
  }
}
