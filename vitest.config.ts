import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/support/skippedReporter.ts"],
    // vitest would keep a core for itself; tests of programs and pages spend most of their time waiting for those.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The machine may have other things to do: a second is soon over.
    expect: { poll: { timeout: 15_000 } },
  },
});
