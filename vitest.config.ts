import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/support/skippedReporter.ts"],
    // vitest would keep a core for itself; tests of programs and pages spend most of their time waiting for those.
    maxWorkers: availableParallelism(),
    // For what hangs. The machine may have other things to do, and nothing here is about speed.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
