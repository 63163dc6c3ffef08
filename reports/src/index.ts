export type { RunAbout } from "./about.ts";
export { reportFiles } from "./reportFiles.ts";
export { summaryText } from "./summary.ts";
