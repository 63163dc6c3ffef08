import { decodeBase64, parseDisplayHash, parseWireHex } from "@fluxlab/core";
import { InputError } from "./commandLine.ts";

/** JSON that is not of the form it should have; the message says where in the file, what was expected and what is there. */
export class FormatError extends InputError {
  override name = "FormatError";

  constructor(path: string, expected: string, got: string) {
    super(`${path === "" ? "the file" : path}: expected ${expected}, got ${got}`);
  }
}

/** Characters of a wrong value that an error repeats. */
const SHOWN = 60;

/** What a wrong value is, on one short line whatever its size. */
function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "bigint") return `${value}`;
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}

const DECIMAL = /^-?\d{1,30}$/;

/** A value of a JSON file and where in it it stands. Whatever is asked of it and does not hold is a {@link FormatError}. */
export class Field {
  readonly value: unknown;
  /** As "transactions[3].txid"; empty for the whole file. */
  readonly path: string;

  constructor(value: unknown, path = "") {
    this.value = value;
    this.path = path;
  }

  fail(expected: string): never {
    throw new FormatError(this.path, expected, describe(this.value));
  }

  isList(): boolean {
    return Array.isArray(this.value);
  }

  isObject(): boolean {
    return typeof this.value === "object" && this.value !== null && !Array.isArray(this.value);
  }

  items(): Field[] {
    if (!Array.isArray(this.value)) this.fail("a list");
    return this.value.map((item, i) => new Field(item, `${this.path}[${i}]`));
  }

  /** Element of a list. */
  at(index: number): Field {
    if (!Array.isArray(this.value)) this.fail("a list");
    if (index >= this.value.length) this.fail(`a list of at least ${index + 1}`);
    return new Field(this.value[index], `${this.path}[${index}]`);
  }

  keys(): string[] {
    if (!this.isObject()) this.fail("an object");
    return Object.keys(this.value as object);
  }

  /** Member of an object, undefined if it has none of this name. */
  find(key: string): Field | undefined {
    if (!this.isObject()) this.fail("an object");
    if (!Object.hasOwn(this.value as object, key)) return undefined;
    const member = (this.value as Readonly<Record<string, unknown>>)[key];
    return new Field(member, this.path === "" ? key : `${this.path}.${key}`);
  }

  get(key: string): Field {
    const member = this.find(key);
    if (member === undefined) {
      throw new FormatError(
        this.path,
        `an object with "${key}"`,
        `one with ${this.keys().join(", ") || "nothing"}`,
      );
    }
    return member;
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.fail("a text");
  }

  flag(): boolean {
    return typeof this.value === "boolean" ? this.value : this.fail("true or false");
  }

  integer(min: number, max: number): number {
    const { value } = this;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max)
      return value;
    return this.fail(`a whole number from ${min} to ${max}`);
  }

  u32(): number {
    return this.integer(0, 0xffff_ffff);
  }

  i32(): number {
    return this.integer(-0x8000_0000, 0x7fff_ffff);
  }

  /** A block height; fluxd keeps them in 32 bits with a sign. */
  height(): number {
    return this.integer(0, 0x7fff_ffff);
  }

  /** A whole number of any size, or its decimal digits as a text. */
  bigint(): bigint {
    const { value } = this;
    if (typeof value === "bigint") return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === "string" && DECIMAL.test(value)) return BigInt(value);
    return this.fail("a whole number");
  }

  /** An i64. */
  satoshi(): bigint {
    const value = this.bigint();
    return value === BigInt.asIntN(64, value) ? value : this.fail("a whole number of satoshi, 64 bits");
  }

  /** Hex in the order of the bytes, of `length` bytes if that is given. */
  bytes(length?: number): Uint8Array {
    const bytes = parseWireHex(this.text()) ?? this.fail("hex, two digits a byte");
    return length === undefined || bytes.length === length ? bytes : this.fail(`hex of ${length} bytes`);
  }

  /** 32 bytes, as 64 hex digits in the order in which hashes are displayed. */
  hash(): Uint8Array {
    return parseDisplayHash(this.text()) ?? this.fail("a hash of 64 hex digits");
  }

  base64(): Uint8Array {
    return decodeBase64(this.text()) ?? this.fail("base 64");
  }

  /** What a table has under this text. */
  oneOf<T>(table: Readonly<Record<string, T>>): T {
    const key = this.text();
    return Object.hasOwn(table, key) ? table[key]! : this.fail(`one of ${Object.keys(table).join(", ")}`);
  }

  /** Reads the text; an {@link InputError} of `read` is told this place. */
  parsed<T>(read: (text: string) => T): T {
    const text = this.text();
    try {
      return read(text);
    } catch (error) {
      if (error instanceof InputError)
        throw new InputError(`${this.path}: ${error.message}`, { cause: error });
      throw error;
    }
  }
}
