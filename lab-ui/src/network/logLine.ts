/** A line of a node's log, for people. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  /** Of its machine's day; empty: the line has none. */
  readonly time: string;
  readonly message: string;
  /** What comes with it, "name=value". */
  readonly rest: string;
}

/** Levels of pino, whose numbers rise with what they matter. */
const levelOf = (level: unknown): LogLine["level"] =>
  typeof level !== "number" || (level >= 30 && level < 40)
    ? "info"
    : level < 30
      ? "debug"
      : level < 50
        ? "warn"
        : "error";

/** A line as the node's logger wrote it, or, if that was somebody else, as it is. */
export function logLine(line: string): LogLine {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { level: "error", time: "", message: line, rest: "" }; // a crash does not speak JSON
  }
  if (typeof said !== "object" || said === null) return { level: "info", time: "", message: line, rest: "" };
  const { level, time, msg, ...fields } = said;
  return {
    level: levelOf(level),
    time: typeof time === "number" ? new Date(time).toISOString().slice(11, 23) : "",
    message: typeof msg === "string" ? msg : "",
    rest: Object.entries(fields)
      .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
      .join(" "),
  };
}
