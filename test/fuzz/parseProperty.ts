import {
  type ParseError,
  Reader,
  readBlock,
  readTransaction,
  type Transaction,
  Writer,
  writeBlock,
  writeTransaction,
} from "@fluxlab/core";

/** What a sequence of bytes is read as. */
export type Kind = "transaction" | "block";

/**
 * What must hold for any bytes: either they are refused with an offset inside them and a field's name, or what was read is
 * written again as it came. Only a START may be written otherwise, as its keys and its boolean are loose on the wire; what is
 * written must then read back to itself. Allocates nothing of its own, so that a long run measures the parser.
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
    const loose = rewrite(kind, reader, this.#first.reset());
    if (reader.error !== undefined) {
      this.refused++;
      return badError(reader.error, bytes.length);
    }
    this.accepted++;
    const written = this.#first.view();
    if (isPrefix(written, bytes, reader.offset)) return undefined;
    if (!loose) return "it is not written as it was read";
    const again = new Reader(written);
    rewrite(kind, again, this.#second.reset());
    if (again.error !== undefined) return `its canonical form does not parse: ${again.error}`;
    if (again.remaining > 0) return `its canonical form has ${again.remaining} bytes too many`;
    const rewritten = this.#second.view();
    return isPrefix(rewritten, written, written.length) ? undefined : "its canonical form is not stable";
  }
}

/** Reads an object and writes it again, nothing if it does not parse. True if several wire forms may read as this object. */
function rewrite(kind: Kind, reader: Reader, writer: Writer): boolean {
  if (kind === "transaction") {
    const tx = readTransaction(reader);
    if (!reader.failed) writeTransaction(writer, tx);
    return isStart(tx);
  }
  const block = readBlock(reader);
  if (!reader.failed) writeBlock(writer, block);
  return block.transactions.some(isStart);
}

const isStart = (tx: Transaction): boolean => tx.kind === "fluxnodeStart";

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
