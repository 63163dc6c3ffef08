import { MAX_MONEY, parseDisplayHash, parseFlux, parseWireHex } from "@fluxlab/core";
import { RPC, RpcError } from "./rpcError.ts";

// What callers pass, with fluxd's complaints about it. Source: fluxd src/univalue/lib/univalue.cpp get_int and others,
// src/rpc/server.cpp ParseHashV, ParseHexV, AmountFromValue.

/** A number that is no whole one a double holds, as it was written. */
class Decimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** {@link Decimal}s in the place of numbers that a double would change. */
export const keepDecimals = (
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown =>
  typeof value !== "number" || Number.isSafeInteger(value) || context?.source === undefined
    ? value
    : new Decimal(context.source);

const wrongType = (type: string): RpcError => new RpcError(RPC.misc, `JSON value is not ${type} as expected`);

/** A value of a request; undefined or null: the caller left it out. */
export class Arg {
  readonly value: unknown;
  /** For errors: "parameter 1", or the key of a member. */
  readonly name: string;

  constructor(value: unknown, name: string) {
    this.value = value;
    this.name = name;
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** What `read` makes of it, or `otherwise` if the caller left it out. */
  or<T, U>(otherwise: U, read: (arg: Arg) => T): T | U {
    return this.absent ? otherwise : read(this);
  }

  text(): string {
    if (typeof this.value !== "string") throw wrongType("a string");
    return this.value;
  }

  /** 32 bits with a sign. */
  integer(): number {
    if (typeof this.value !== "number") throw wrongType("an integer");
    if (this.value < -0x8000_0000 || this.value > 0x7fff_ffff) {
      throw new RpcError(RPC.misc, "JSON integer out of range");
    }
    return this.value;
  }

  /** Unix seconds, satoshi and the like: as far as a double is exact. */
  wide(): number {
    if (typeof this.value !== "number") throw wrongType("an integer");
    return this.value;
  }

  real(): number {
    if (this.value instanceof Decimal) return Number(this.value.text);
    if (typeof this.value !== "number") throw wrongType("a number");
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") throw wrongType("a boolean");
    return this.value;
  }

  list(): Arg[] {
    if (!Array.isArray(this.value)) throw wrongType("an array");
    return this.value.map((value, i) => new Arg(value, `${this.name}[${i}]`));
  }

  /** Names with values, in the order of the request. */
  members(): [name: string, value: Arg][] {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Decimal) {
      throw wrongType("an object");
    }
    return Object.entries(value).map(([name, each]) => [name, new Arg(each, name)]);
  }

  get(name: string): Arg {
    const member = this.members().find(([each]) => each === name);
    return member?.[1] ?? new Arg(undefined, name);
  }

  /** 32 bytes, wire order, of a hash in display form. */
  hash(): Uint8Array {
    const hash = parseDisplayHash(this.text());
    if (hash !== undefined) return hash;
    throw new RpcError(
      RPC.parameter,
      `${this.name} must be hexadecimal string of length 64 (not '${this.text()}')`,
    );
  }

  hex(): Uint8Array {
    const bytes = parseWireHex(this.text());
    if (bytes !== undefined && bytes.length > 0) return bytes;
    throw new RpcError(RPC.parameter, `${this.name} must be hexadecimal string (not '${this.text()}')`);
  }

  /** Satoshi of an amount of FLUX, a number or a text. */
  amount(): bigint {
    const { value } = this;
    const isAmount = typeof value === "string" || typeof value === "number" || value instanceof Decimal;
    if (!isAmount) throw new RpcError(RPC.type, "Amount is not a number or string");
    const text = plainDecimal(value instanceof Decimal ? value.text : `${value}`);
    if (text.startsWith("-")) throw new RpcError(RPC.type, "Amount out of range");
    const satoshi = parseFlux(text);
    if (satoshi === undefined) throw new RpcError(RPC.type, "Invalid amount");
    if (satoshi > MAX_MONEY) throw new RpcError(RPC.type, "Amount out of range");
    return satoshi;
  }
}

/** The same number without an exponent: "1e-5" is "0.00001". */
function plainDecimal(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", power = ""] = parts;
  const exponent = Number(power);
  const digits = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, "0");
  return point === padded.length ? sign + padded : `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** The parameters of a call, by position. */
export class Args {
  readonly #values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  get count(): number {
    return this.#values.length;
  }

  /** From 0. `name`: what errors call it. */
  at(position: number, name = `parameter ${position + 1}`): Arg {
    return new Arg(this.#values[position], name);
  }
}
