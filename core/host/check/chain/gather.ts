import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ParseError, parseWhole, readBlock } from "@fluxlab/core";
import { InputError } from "../../commandLine.ts";
import { type Field, FormatError } from "../../field.ts";
import { recordedBytes } from "../recordedBlock.ts";
import { blocksOfBranches, chainFormat, FORMATS, forksOnto, reorgFormat, tipsOfCalls } from "./formats.ts";
import type { RecordedChains } from "./recordedChains.ts";
import { type Recording, readRecording } from "./recording.ts";

// Files refer to blocks of other files. Those that were not given are looked for in the same folder.

/** What can be checked, in the order in which it is; what is wrong with the rest; and what the calls of some stand on. */
export interface Gathered {
  readonly recordings: readonly Recording[];
  readonly problems: readonly string[];
  /** Reorganisations that lead back to a chain. */
  readonly forks: readonly Field[];
}

/** Reads files, whatever their order, and what they refer to. */
export function gather(files: readonly string[], chains: RecordedChains): Gathered {
  const problems: string[] = [];
  const recordings: Recording[] = [];
  for (const file of files) {
    try {
      recordings.push(readChecked(file, chains));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  recordings.push(...chainsBeside(recordings, chains));
  const onChains = hashesOf(recordings.filter(isChain).flatMap(({ rows }) => rows));
  recordings.push(...forksBeside(recordings, onChains));
  const founded = recordings.filter(({ file, format, rows }) => {
    const bases = format.bases(rows);
    if (bases.length === 0 || bases.some((base) => onChains.has(hashText(base)))) return true;
    problems.push(`${file}: ${whyBaseless(bases[0]!, rows)}`);
    return false;
  });
  const rank = ({ format }: Recording): number => FORMATS.indexOf(format);
  return {
    recordings: founded.sort((a, b) => rank(a) - rank(b)),
    problems,
    forks: founded.flatMap(({ rows }) => forksOnto(rows, (hash) => onChains.has(hashText(hash)))),
  };
}

const isChain = ({ format }: Recording): boolean => format === chainFormat;

const hashText = ({ value }: Field): string => (typeof value === "string" ? value.toLowerCase() : "");

const hashesOf = (rows: readonly Field[]): Set<string> =>
  new Set(rows.flatMap((row) => (row.isObject() ? hashText(row.find("hash") ?? row) : [])));

function messageOf(error: unknown): string {
  if (error instanceof InputError) return error.message;
  throw error;
}

/** Reads a file; a chain must be of the network. @throws InputError */
function readChecked(file: string, chains: RecordedChains, neededBy?: string): Recording {
  const recording = readRecording(file, neededBy);
  if (!isChain(recording)) return recording;
  try {
    checkGenesis(recording.rows[0]!, chains);
  } catch (error) {
    throw new InputError(`${file}: ${messageOf(error)}`, { cause: error });
  }
  return recording;
}

/** @throws FormatError unless this is the genesis block of the network */
function checkGenesis(first: Field, chains: RecordedChains): void {
  const height = first.get("height");
  if (height.value !== 0) height.fail("0: a chain begins with its genesis block");
  const { name, genesis } = chains.params;
  const block = parseWhole(recordedBytes(first), readBlock);
  if (block instanceof ParseError) throw new FormatError(first.path, "a block", `${block}`);
  if (!chains.isGenesis(block)) {
    const expected = `the genesis block of network ${name}, ${genesis.hash}`;
    throw new FormatError(first.path, expected, `${first.get("hash").value}; is --params right?`);
  }
}

/** Chains in the folders of files whose blocks are on no chain that was given. */
function chainsBeside(given: readonly Recording[], chains: RecordedChains): Recording[] {
  const added: Recording[] = [];
  const known = hashesOf(given.filter(isChain).flatMap(({ rows }) => rows));
  for (const { file, format, rows } of given) {
    const missing = () => format.bases(rows).filter((base) => !known.has(hashText(base)));
    if (missing().length === 0) continue;
    for (const beside of filesBeside(file, ".jsonl", [...given, ...added])) {
      const chain = tryRead(beside, chains, file);
      if (chain === undefined || !isChain(chain)) continue;
      const hashes = hashesOf(chain.rows);
      if (!missing().some((base) => hashes.has(hashText(base)))) continue;
      added.push(chain);
      for (const hash of hashes) known.add(hash);
    }
  }
  return added;
}

/** Reorganisations in the folders of files whose calls lead to blocks that no file has. */
function forksBeside(given: readonly Recording[], onChains: ReadonlySet<string>): Recording[] {
  const known = new Set([...onChains, ...hashesOf(given.flatMap(({ rows }) => blocksOfBranches(rows)))]);
  const added: Recording[] = [];
  for (const { file, format, rows } of given) {
    if (format !== reorgFormat || tipsOfCalls(rows).every((tip) => known.has(hashText(tip)))) continue;
    for (const beside of filesBeside(file, ".json", [...given, ...added])) {
      const other = tryRead(beside, undefined, file);
      if (other === undefined) continue;
      if (forksOnto(other.rows, (hash) => onChains.has(hashText(hash))).length > 0) added.push(other);
    }
  }
  return added;
}

/** Files of an ending in the folder of a file, without those that are known. */
function filesBeside(file: string, ending: string, known: readonly Recording[]): string[] {
  const taken = new Set(known.map((recording) => resolve(recording.file)));
  const folder = dirname(file);
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => !taken.has(resolve(path)));
}

/** What lies beside may be anything: only what can be read and fits is used. */
function tryRead(file: string, chains: RecordedChains | undefined, neededBy: string): Recording | undefined {
  try {
    return chains === undefined ? readRecording(file, neededBy) : readChecked(file, chains, neededBy);
  } catch (error) {
    messageOf(error);
    return undefined;
  }
}

function whyBaseless(base: Field, rows: readonly Field[]): string {
  const chain = rows[0]?.find("chain")?.value;
  const which = typeof chain === "string" ? ` ("chain": ${JSON.stringify(chain)})` : "";
  return (
    `${base.path}: no chain has this block: ${base.value}; ` +
    `give the chain file that this was recorded on${which} too, and the --params of its network`
  );
}
