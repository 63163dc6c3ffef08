import type { HeaderHistory } from "@fluxlab/core";
import type { Header } from "./bigintDifficulty.ts";

/** The history a list of headers is; `first` is the height of the first one, and asking below it is an error. */
export function historyOf(headers: readonly Header[], first = 0): HeaderHistory {
  const at = (height: number): Header => {
    const header = headers[height - first];
    if (header === undefined) throw new Error(`the rules read height ${height} of ${first}..`);
    return header;
  };
  return {
    height: first + headers.length - 1,
    time: (height) => at(height).time,
    bits: (height) => at(height).bits,
  };
}
