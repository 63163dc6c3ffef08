import type { EcdsaBackend, ScriptError } from "@fluxlab/core";
import { scriptRefusal } from "../../core/host/check/script.ts";
import { Field } from "../../core/host/field.ts";
import { readJson } from "./vectors.ts";

// fluxd src/test/data/script_valid.json and script_invalid.json, run as in src/test/script_tests.cpp.

export type ScriptRow = readonly [
  scriptSig: string,
  scriptPubKey: string,
  flags: string,
  ...comments: string[],
];

/** The tests of a file, without its comments. */
export const scriptRows = (file: "script_valid.json" | "script_invalid.json"): ScriptRow[] =>
  readJson<string[][]>(file).filter((row) => row.length > 1) as unknown as ScriptRow[];

/** Why the row's spend is refused; undefined if it is accepted. */
export const scriptVerdict = (row: ScriptRow, ecdsa: EcdsaBackend): ScriptError | undefined =>
  scriptRefusal(new Field(row), ecdsa);
