import { parseArgs } from "node:util";
import { Random } from "@fluxlab/core";
import { corpus } from "./corpus.ts";
import { keepFinding } from "./findings.ts";
import { Mutator } from "./mutate.ts";
import { type Kind, ParseProperty } from "./parseProperty.ts";

// A long run of the parser's property over mutated messages:
//   npm run fuzz -- --minutes 5 [--seed 7]      or      --inputs 10000000 [--seed 7]
// Prints rate, time left and heap as it goes, and keeps a failing input under test/fuzz/findings/.

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string" },
    inputs: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const { seed } = values;
const inputsMax = Number(values.inputs ?? "Infinity");
/** Unless told otherwise, a minute. */
const msMax = Number(values.minutes ?? (values.inputs === undefined ? "1" : "Infinity")) * 60_000;
if (!(inputsMax > 0 && msMax > 0)) throw new Error("--minutes and --inputs are positive numbers");

const BYTES_MAX = 8_192;
/** Inputs between two looks at the clock. */
const BATCH = 10_000;
const REPORT_MS = 5_000;

const root = Random.root(seed);
const property = new ParseProperty();
const kinds: { kind: Kind; mutator: Mutator }[] = (["transaction", "block"] as const).map((kind) => ({
  kind,
  mutator: new Mutator(root.fork(kind), corpus(kind), BYTES_MAX),
}));

let inputs = 0;
let bytesRead = 0;
let heapPeak = 0;
let found = 0;
const started = performance.now();
let reported = started;

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function report(now: number): void {
  const seconds = (now - started) / 1_000;
  const rate = inputs / seconds;
  const left = Math.min(msMax / 1_000 - seconds, (inputsMax - inputs) / rate);
  const share = `${property.accepted} read, ${property.refused} refused`;
  console.log(
    `${inputs} inputs (${share}), ${Math.round(rate)}/s, ${mb(bytesRead / seconds)}/s, ` +
      `${Math.max(0, Math.round(left))} s left, heap peak ${mb(heapPeak)}, findings ${found}, seed ${seed}`,
  );
}

function tryOne(kind: Kind, bytes: Uint8Array): void {
  let failure: string | undefined;
  try {
    failure = property.failure(kind, bytes);
  } catch (cause) {
    failure = `exception: ${cause}`;
  }
  if (failure === undefined) return;
  found++;
  console.error(`FAIL ${kind} input ${inputs}: ${failure}`);
  console.error(`kept: ${keepFinding({ kind, failure, seed, input: inputs }, bytes)}`);
}

for (let now = started; inputs < inputsMax && now - started < msMax && found === 0; now = performance.now()) {
  const batchEnd = Math.min(inputs + BATCH, inputsMax);
  for (; inputs < batchEnd && found === 0; inputs++) {
    const { kind, mutator } = kinds[inputs % kinds.length]!;
    const bytes = mutator.next();
    bytesRead += bytes.length;
    tryOne(kind, bytes);
  }
  heapPeak = Math.max(heapPeak, process.memoryUsage().heapUsed);
  if (now - reported >= REPORT_MS) {
    reported = now;
    report(now);
  }
}
report(performance.now());
console.log(`${found === 0 ? "ok  " : "FAIL"} repeat: npm run fuzz -- --inputs ${inputs} --seed ${seed}`);
process.exitCode = found === 0 ? 0 : 1;
