/** What a run does not know of itself. Nothing else from outside may enter a report: same record and about, same bytes. */
export interface RunAbout {
  /** Git commit, or "unknown". */
  readonly commit: string;
  /** The line that repeats the run. */
  readonly command: string;
  readonly version: string;
}
