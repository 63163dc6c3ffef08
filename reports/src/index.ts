export type { RunAbout } from "./about.ts";
export { type SpreadFigures, spreadFigures } from "./metrics/spread.ts";
export { reportFiles } from "./reportFiles.ts";
export { summaryText } from "./summary.ts";
