import type { RunRecord } from "@fluxlab/sim";
export interface RunAbout {
  readonly commit: string;
  readonly command: string;
  readonly version: string;
}
export const reportFiles = (record: RunRecord, about: RunAbout): ReadonlyMap<string, string> =>
  new Map([["run.json", record.digest + about.commit]]);
export const summaryText = (record: RunRecord): string => `digest  ${record.digest}`;
