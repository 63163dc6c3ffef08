import { InputError } from "../../commandLine.ts";
import { checkCases, type FileResult } from "../checkFile.ts";
import { gather } from "./gather.ts";
import { type Judging, RecordedChains } from "./recordedChains.ts";

/** Results by file, and what is wrong with files that could not be checked. */
export interface Checked {
  readonly results: readonly FileResult[];
  readonly problems: readonly string[];
}

/** Who hears how far the check is. */
export interface Listener {
  /** `done` of `total` cases of a file. */
  progress(file: string, done: number, total: number): void;
  finished(result: FileResult): void;
}

/**
 * Checks recorded chains and what refers to them together: whatever the order of the files, and with the chain from a file's
 * folder where none that was given has its blocks.
 */
export function checkRecordings(files: readonly string[], judging: Judging, listener: Listener): Checked {
  const chains = new RecordedChains(judging);
  const { recordings, forks, problems: unreadable } = gather(files, chains);
  const problems = [...unreadable];
  const results: FileResult[] = [];
  for (const { file, format, rows, neededBy } of recordings) {
    try {
      const cases = format.cases(rows, { chains, ecdsa: judging.ecdsa, forks });
      const told = (done: number) => listener.progress(file, done, cases.length);
      const result = { ...checkCases(file, format.name, cases, told), neededBy };
      results.push(result);
      listener.finished(result);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(`${file}: as ${format.name}: ${error.message}`);
    }
  }
  return { results, problems };
}
