import { formatFlux } from "@fluxlab/core";
import { InputError } from "./commandLine.ts";
import { Field } from "./field.ts";

// JSON whose numbers lose nothing: amounts of FLUX exceed what a double holds exactly.

/** An amount in satoshi that prints as FLUX with eight places, unquoted, as fluxd's RPC does. */
export class FluxAmount {
  readonly satoshi: bigint;

  constructor(satoshi: bigint) {
    this.satoshi = satoshi;
  }
}

/** Significant digits of a real in fluxd's RPC. */
const REAL_DIGITS = 16;

/** A real that prints as fluxd's RPC prints it: up to 16 significant digits, small and large ones with an exponent. */
export class JsonReal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** As C's "%.16g". Source: fluxd src/univalue/lib/univalue.cpp UniValue::setFloat. */
  get text(): string {
    const [digits = "", power = ""] = this.value.toExponential(REAL_DIGITS - 1).split("e");
    const exponent = Number(power);
    if (exponent >= -4 && exponent < REAL_DIGITS) return shorn(this.value.toPrecision(REAL_DIGITS));
    const size = `${Math.abs(exponent)}`.padStart(2, "0");
    return `${shorn(digits)}e${exponent < 0 ? "-" : "+"}${size}`;
  }
}

/** Without zeros after the last digit of a fraction that counts. */
const shorn = (digits: string): string =>
  digits.includes(".") ? digits.replace(/0+$/, "").replace(/\.$/, "") : digits;

/** An object whose members keep their order, and whose names may repeat, as they do in some results of fluxd's RPC. */
export class JsonMembers {
  readonly members: readonly (readonly [name: string, value: Json])[];

  constructor(members: readonly (readonly [name: string, value: Json])[]) {
    this.members = members;
  }
}

export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | FluxAmount
  | JsonReal
  | JsonMembers
  | readonly Json[]
  | JsonObject;

/** Members that are undefined are left out where it is printed. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** `indent`: what each level is set in by; without it all is on one line. */
export function jsonText(value: Json, indent = "", margin = ""): string {
  if (typeof value === "bigint") return `${value}`;
  if (value instanceof FluxAmount) return formatFlux(value.satoshi);
  if (value instanceof JsonReal) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = margin + indent;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => jsonText(item, indent, inner))
    : membersOf(value as JsonMembers | JsonObject).flatMap(([key, member]) =>
        member === undefined
          ? []
          : [`${JSON.stringify(key)}:${indent && " "}${jsonText(member, indent, inner)}`],
      );
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0 || indent === "") return `${open}${parts.join(",")}${close}`;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
}

const membersOf = (value: JsonMembers | JsonObject): readonly (readonly [string, Json | undefined])[] =>
  value instanceof JsonMembers ? value.members : Object.entries(value);

/** A whole number that a double cannot hold becomes a bigint; `source` is its text. */
const exactNumbers = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
  return /^-?\d+$/.test(source) && source.length < 100 ? BigInt(source) : value;
};

/** Reads JSON; `file` names it in errors. @throws InputError */
export function parseJson(text: string, file: string): Field {
  try {
    return new Field(JSON.parse(text, exactNumbers));
  } catch (error) {
    // A SyntaxError, or a RangeError where lists nest deeper than the stack.
    throw new InputError(`${file}: not JSON: ${(error as Error).message.replace(/\s+/g, " ")}`, {
      cause: error,
    });
  }
}

/** The values of a file of one JSON value a line, each placed by its line. @throws InputError */
export const parseEachLine = (text: string, file: string): Field[] =>
  text.split("\n").flatMap((line, i) => {
    const place = `line ${i + 1}`;
    return line.trim() === "" ? [] : [new Field(parseJson(line, `${file}: ${place}`).value, place)];
  });

/** A file of one JSON value a line, as a list. @throws InputError */
export const parseJsonLines = (text: string, file: string): Field =>
  new Field(parseEachLine(text, file).map(({ value }) => value));
