import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FUZZ_VARIABLE, type FuzzedProperty, type FuzzRound } from "../support/property.ts";
import { ROOT } from "../support/repository.ts";

/** Areas and the tests whose properties are theirs. */
export const PROPERTY_TARGETS = {
  arrival: {
    about: "any order of arrival ends at the best valid chain; nodes that share move as nodes alone",
    files: ["test/core/chain/chainView.property.test.ts"],
  },
  chain: {
    about: "connecting and disconnecting, folding, rule sets side by side, the header tree",
    files: [
      "test/core/chain/undo.test.ts",
      "test/core/chain/folding.property.test.ts",
      "test/core/chain/ruleSets.property.test.ts",
      "test/core/chain/headerTree.property.test.ts",
    ],
  },
  fluxnodes: {
    about: "the life of FluxNodes, whom each tier pays, and back again through every upgrade",
    files: ["test/core/chain/fluxnodes.property.test.ts", "test/core/state/paymentQueue.property.test.ts"],
  },
  assets: {
    about: "the invariants of the parallel assets through random histories and reorganisations",
    files: [
      "test/core/state/assets/history.property.test.ts",
      "test/core/state/assets/memoryChain.property.test.ts",
      "test/core/chain/assetView.property.test.ts",
    ],
  },
} as const;

/** Name of an area. */
export type PropertyTarget = keyof typeof PROPERTY_TARGETS;

export interface FuzzOptions {
  /** Of the first round; the next one's is one more. */
  readonly seed: number | undefined;
  /** undefined: until interrupted. */
  readonly minutes: number | undefined;
  /** One failing case, of the one property. */
  readonly path: string | undefined;
  readonly property: string | undefined;
}

/** For each property in a round: long enough that starting the runner does not count. */
const ROUND_SECONDS = 5;
const SEEDS = 2 ** 31;

/** Rounds until one fails, time is up or Ctrl-C. Returns the exit code. */
export async function fuzzProperties(
  name: string,
  targets: readonly PropertyTarget[],
  options: FuzzOptions,
): Promise<number> {
  const files = targets.flatMap((target) => PROPERTY_TARGETS[target].files);
  const folder = mkdtempSync(join(tmpdir(), "flux-lab-fuzz-"));
  const report = join(folder, "report");
  const started = performance.now();
  const end = options.minutes === undefined ? Number.POSITIVE_INFINITY : started + options.minutes * 60_000;
  const firstSeed = options.seed ?? Math.floor(Math.random() * SEEDS);
  let seed = firstSeed;
  let runs = 0;
  let running: ChildProcess | undefined;
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    running?.kill("SIGINT");
  };
  process.on("SIGINT", interrupt);
  const summary = (): string => {
    const seconds = (performance.now() - started) / 1_000;
    const left =
      end === Number.POSITIVE_INFINITY
        ? ""
        : `, ${Math.max(0, Math.round((end - performance.now()) / 1_000))} s left`;
    return `${name}: ${runs} cases in ${Math.round(seconds)} s, ${(runs / seconds).toFixed(1)}/s${left}`;
  };
  try {
    for (; !interrupted && performance.now() < end; seed++) {
      writeFileSync(report, "");
      const seconds = Math.min(ROUND_SECONDS, Math.max(1, (end - performance.now()) / 10_000));
      const round: FuzzRound = { seed, seconds, report, ...(options.path && { path: options.path }) };
      const { code, output } = await runTests(files, round, options.property, (child) => {
        running = child;
      });
      const results = readReport(report);
      runs += results.reduce((sum, each) => sum + each.runs, 0);
      if (interrupted) break;
      if (code !== 0) {
        console.error(output);
        console.error(`FAIL ${summary()}, seed ${seed}`);
        const path = results.find((each) => each.path !== null)?.path;
        const failing = /FAIL\s+\S+ > (.*)/.exec(output)?.[1];
        if (path && failing !== undefined)
          console.error(
            `repeat: npm run fuzz -- ${name} --seed ${seed} --path ${path} --property ${JSON.stringify(failing)}`,
          );
        return 1;
      }
      console.log(`${summary()}, seed ${seed}`);
      if (options.path !== undefined) break;
    }
    console.log(`ok   ${summary()}; repeat: npm run fuzz -- ${name} --seed ${firstSeed}`);
    return interrupted ? 130 : 0;
  } finally {
    process.off("SIGINT", interrupt);
    rmSync(folder, { recursive: true });
  }
}

const readReport = (path: string): FuzzedProperty[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text) as FuzzedProperty);

/** One round of the test runner, in a process of its own that ends with it. */
function runTests(
  files: readonly string[],
  round: FuzzRound,
  property: string | undefined,
  onStart: (child: ChildProcess) => void,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const only = property === undefined ? [] : ["-t", escaped(property)];
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--testTimeout=0", ...only, ...files], {
    cwd: ROOT,
    env: { ...process.env, [FUZZ_VARIABLE]: JSON.stringify(round), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onStart(child);
  let output = "";
  const collect = (data: Buffer): void => {
    output += data.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
