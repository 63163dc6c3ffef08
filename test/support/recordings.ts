import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Params } from "@fluxlab/core";
import { nodeEquihash } from "@fluxlab/core/host";
import { type Checked, checkRecordings } from "../../core/host/check/chain/checkRecordings.ts";
import type { Judging } from "../../core/host/check/chain/recordedChains.ts";
import { fastEcdsa } from "./ecdsa.ts";
import { labnet } from "./networks.ts";
import { temporaryFolder } from "./program.ts";
import { listVectors, vectorPath } from "./vectors.ts";

/** What a check printed would be, without what a terminal shows meanwhile. */
export const checkFiles = (
  files: readonly string[],
  params: Params = labnet(),
  equihash: Judging["equihash"] = nodeEquihash(),
): Checked =>
  checkRecordings(files, { params, ecdsa: fastEcdsa, equihash }, { progress: () => {}, finished: () => {} });

/** Every mismatch as "case: expected …, got …", and every problem. */
export const complaints = ({ results, problems }: Checked): string[] => [
  ...results.flatMap(({ failures, undecided }) =>
    [...failures, ...undecided].map(
      (failure) => `${failure.case}: expected ${failure.expected}, got ${failure.got}`,
    ),
  ),
  ...problems,
];

/** Recordings of the laboratory network that are checked against its chain, that chain included. */
export const labRecordings = (): string[] =>
  listVectors("labnet")
    .filter((name) => /^(?:chain-a|fluxnode-|reorg-|invalid-|mempool-)/.test(name))
    .map((name) => vectorPath(`labnet/${name}`));

/** Recorded JSON, in which a test reaches anywhere to change it. */
export type Changeable = ReturnType<typeof JSON.parse>;

/** A folder for changed copies of recordings, gone after the test. */
export class Copies {
  readonly folder = temporaryFolder();

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** The laboratory chain up to a height. */
  chain(height: number, change: (lines: Changeable[]) => void = () => {}): string {
    return this.lines("chain-a.jsonl", height + 1, change);
  }

  /** The first lines of a file of lines. */
  lines(name: string, count: number, change: (lines: Changeable[]) => void = () => {}): string {
    const text = readFileSync(vectorPath(`labnet/${name}`), "utf8")
      .split("\n")
      .slice(0, count);
    const lines = text.map((line) => JSON.parse(line) as Changeable);
    change(lines);
    return this.write(basename(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  /** A file of one JSON value. */
  json(name: string, change: (value: Changeable) => Changeable): string {
    const value = JSON.parse(readFileSync(vectorPath(`labnet/${name}`), "utf8")) as Changeable;
    return this.write(basename(name), JSON.stringify(change(value)));
  }
}
