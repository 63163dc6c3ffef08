import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toWireHex } from "@fluxlab/core";
import type { Kind } from "./parseProperty.ts";

/** An input that once broke the property, kept so that the ordinary tests try it again. */
export interface Finding {
  readonly kind: Kind;
  readonly hex: string;
  readonly failure: string;
  /** Where it came from: the command's seed and the number of the input. */
  readonly seed: string;
  readonly input: number;
}

const folder = fileURLToPath(new URL("findings/", import.meta.url));

/** Writes the finding and returns the path of its file. */
export function keepFinding(finding: Omit<Finding, "hex">, bytes: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}${finding.kind}-${finding.seed}-${finding.input}.json`;
  writeFileSync(path, `${JSON.stringify({ ...finding, hex: toWireHex(bytes) }, null, 2)}\n`);
  return path;
}

export const findings = (): Finding[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(folder + name, "utf8")) as Finding);
