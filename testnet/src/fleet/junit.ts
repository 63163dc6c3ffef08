import { describeVerdict } from "./expectation.ts";
import type { Outcome } from "./play.ts";

/** One run, for the report. */
export interface JUnitRun extends Outcome {
  /** Of the scenario, and of this repetition of it. */
  readonly name: string;
}

/**
 * The runs as JUnit XML, which every CI system reads: a suite a run, a test case an expectation, one that no node ended by
 * itself, and one for the checkers where they watched.
 */
export function junitXml(runs: readonly JUnitRun[]): string {
  const suites = runs.map(suite).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}\n</testsuites>\n`;
}

function suite({ name, verdicts, crashes, findings, lengthMs }: JUnitRun): string {
  const found = (findings ?? []).map(({ checker, message }) => `${checker}: ${message}`);
  const failed =
    verdicts.filter(({ outcome }) => outcome !== "met").length +
    (crashes.length > 0 ? 1 : 0) +
    (found.length > 0 ? 1 : 0);
  const cases = [
    ...verdicts.map((verdict) =>
      testCase(
        name,
        verdict.expectation.text,
        verdict.at,
        verdict.outcome === "met" ? undefined : describeVerdict(verdict),
      ),
    ),
    testCase(name, "no node ends by itself", lengthMs, crashes.length > 0 ? crashes.join("\n") : undefined),
    ...(findings === undefined
      ? []
      : [testCase(name, "checkers find nothing", lengthMs, found.length > 0 ? found.join("\n") : undefined)]),
  ];
  const counts = `tests="${cases.length}" failures="${failed}" time="${seconds(lengthMs)}"`;
  return `  <testsuite name="${escapeXml(name)}" ${counts}>\n${cases.join("\n")}\n  </testsuite>`;
}

function testCase(suiteName: string, name: string, ms: number, failure: string | undefined): string {
  const open = `    <testcase classname="${escapeXml(suiteName)}" name="${escapeXml(name)}" time="${seconds(ms)}"`;
  if (failure === undefined) return `${open}/>`;
  const [first = ""] = failure.split("\n");
  return `${open}>\n      <failure message="${escapeXml(first)}">${escapeXml(failure)}</failure>\n    </testcase>`;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML 1.0 has no place for most control characters, not even escaped. */
const escapeXml = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, (sign) => (sign === "\n" ? sign : "?"))
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
