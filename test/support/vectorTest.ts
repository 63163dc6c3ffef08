import { test } from "vitest";
import { vectorsPresent } from "./vectors.ts";

/** `test`, for tests that read vectors: where those are absent it is skipped by a name that says so, and in CI it fails. */
export function vectorTest(name: string, run: () => void | Promise<void>, timeout?: number): void {
  const skip = !vectorsPresent && process.env["CI"] === undefined;
  test.skipIf(skip)(
    skip ? `SKIPPED: ${name}: ../shared/vectors is not beside this checkout` : name,
    run,
    timeout,
  );
}
