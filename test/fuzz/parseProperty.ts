import {
  type ParseError,
  Reader,
  readBlock,
  readTransaction,
  Writer,
  writeBlock,
  writeTransaction,
} from "@fluxlab/core";

/** What a sequence of bytes is read as. */
export type Kind = "transaction" | "block";

/**
 * What must hold for any bytes: either they are refused with an offset inside them and a field's name, or what was read is
 * written in a form that reads back to itself. Allocates nothing of its own, so that a long run measures the parser.
 */
export class ParseProperty {
  readonly #first = new Writer();
  readonly #second = new Writer();
  /** Inputs that parsed. */
  accepted = 0;
  /** Inputs refused. */
  refused = 0;

  /** Why the property does not hold for `bytes`, or undefined. */
  failure(kind: Kind, bytes: Uint8Array): string | undefined {
    const reader = new Reader(bytes);
    rewrite(kind, reader, this.#first.reset());
    if (reader.error !== undefined) {
      this.refused++;
      return badError(reader.error, bytes.length);
    }
    this.accepted++;
    const written = this.#first.view();
    // Nearly always what was read; a FluxNode transaction may differ in public keys and booleans.
    if (isPrefix(written, bytes, reader.offset)) return undefined;
    const again = new Reader(written);
    rewrite(kind, again, this.#second.reset());
    if (again.error !== undefined) return `its canonical form does not parse: ${again.error}`;
    if (again.remaining > 0) return `its canonical form has ${again.remaining} bytes too many`;
    const rewritten = this.#second.view();
    return isPrefix(rewritten, written, written.length) ? undefined : "its canonical form is not stable";
  }
}

/** Reads an object and writes it again; writes nothing if it does not parse. */
function rewrite(kind: Kind, reader: Reader, writer: Writer): void {
  if (kind === "transaction") {
    const tx = readTransaction(reader);
    if (!reader.failed) writeTransaction(writer, tx);
  } else {
    const block = readBlock(reader);
    if (!reader.failed) writeBlock(writer, block);
  }
}

function badError({ offset, field }: ParseError, length: number): string | undefined {
  if (!Number.isInteger(offset) || offset < 0 || offset > length)
    return `offset ${offset} of ${length} bytes`;
  return field === "" ? "the error names no field" : undefined;
}

/** Whether `a` is exactly the first `length` bytes of `b`. */
function isPrefix(a: Uint8Array, b: Uint8Array, length: number): boolean {
  if (a.length !== length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
