import type { Reporter, TestModule } from "vitest/node";

/** Says at the end of a run which tests were skipped and why: their titles carry the reason. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    // A filter such as -t leaves tests out on purpose; only those that name a reason are reported.
    const titles = skipped.map(({ name }) => name).filter((name) => name.startsWith("SKIPPED"));
    if (titles.length > 0) console.log(`${titles.join("\n")}\n${titles.length} skipped for these reasons\n`);
  }
}
