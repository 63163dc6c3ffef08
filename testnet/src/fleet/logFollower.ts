import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads the lines that a growing file has got since it was last asked. A file that is not there yet has none. */
export class LogFollower {
  readonly #file: string;
  readonly #last: number;
  readonly #decoder = new StringDecoder("utf8");
  /** Undefined: before the first call. */
  #offset: number | undefined;
  #rest = "";
  #startsWithin = false;
  #isBehind = false;

  /** `last`: how many bytes at the end of what the file has at first are read, from the first line that begins among them. */
  constructor(file: string, last = Number.POSITIVE_INFINITY) {
    this.#file = file;
    this.#last = last;
  }

  /** Whether older lines of the file were left out. */
  get startsWithin(): boolean {
    return this.#startsWithin;
  }

  /** Whether the last call ended before the file did. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whole lines only; the beginning of one waits for its end. `most`: bytes after which the rest is left to the next call. */
  newLines(most = Number.POSITIVE_INFINITY): readonly string[] {
    const added = this.#read(most);
    if (added === "") return [];
    const lines = `${this.#rest}${added}`.split("\n");
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  #read(most: number): string {
    let file: number;
    try {
      file = openSync(this.#file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      this.#offset = 0; // whatever it begins with is new
      return "";
    }
    try {
      return this.#readFrom(file, most);
    } finally {
      closeSync(file);
    }
  }

  #readFrom(file: number, most: number): string {
    const { size } = fstatSync(file);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const read = (at: number) => chunk.subarray(0, readSync(file, chunk, 0, CHUNK_BYTES, at));
    let at = this.#offset ?? this.#firstLine(size, read);
    const end = at + most;
    let text = "";
    while (at < end) {
      const bytes = read(at);
      if (bytes.length === 0) break;
      at += bytes.length;
      text += this.#decoder.write(bytes);
    }
    this.#offset = at;
    this.#isBehind = at < size;
    return text;
  }

  /** Where the first line begins that is read. */
  #firstLine(size: number, read: (at: number) => Uint8Array): number {
    if (size <= this.#last) return 0;
    this.#startsWithin = true;
    // The byte before belongs to it: where it ends a line, nothing is lost.
    for (let at = size - this.#last - 1; at < size; ) {
      const bytes = read(at);
      const newline = bytes.indexOf(NEWLINE);
      if (newline >= 0) return at + newline + 1;
      at += bytes.length;
    }
    return size;
  }
}
