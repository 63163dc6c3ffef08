export type { RunAbout } from "./about.ts";
export { plainSpaces } from "./format.ts";
export { type RunFigures, runFigures } from "./metrics/figures.ts";
export { type SpreadFigures, spreadFigures } from "./metrics/spread.ts";
export { type MissedPayments, missedPayments } from "./metrics/upgrade.ts";
export { rehearsalFiles } from "./rehearsalReport.ts";
export { reportFiles } from "./reportFiles.ts";
export { summaryText } from "./summary.ts";
export { type Sweep, sweepFiles, sweepParquetColumns, sweepSentences } from "./sweepReport.ts";
