import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { equihashShape, plainEquihash, wireHex } from "@fluxlab/core";
import { expect, test } from "vitest";
import { runProgram, startProgram, temporaryFolder } from "../../support/program.ts";

const SOLVE = "core/bin/flux-solve.ts";
const header = "0d".repeat(140);

function headerFile(text: string): string {
  const file = join(temporaryFolder(), "header.hex");
  writeFileSync(file, text);
  return file;
}

test.each([
  { n: 48, k: 5, nonces: 20, threads: [] },
  { n: 96, k: 5, nonces: 3, threads: ["--threads", "2"] },
])("($n, $k): prints nonce and solution, a line each", async ({ n, k, nonces, threads }) => {
  const args = ["--params", `${n},${k}`, "--header", headerFile(`${header}\n`), "--nonces", `${nonces}`];
  const { code, stdout, stderr } = await runProgram(SOLVE, ...args, ...threads);
  expect(code).toBe(0);
  const lines = stdout.trim().split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const [nonce, solution] = line.split(" ").map(wireHex);
    const input = wireHex(header);
    input.set(nonce!, 108);
    expect(solution!.length).toBe(equihashShape({ n, k })!.solutionBytes);
    expect(plainEquihash.check({ params: { n, k }, input, solution: solution! })).toBeUndefined();
  }
  expect(stderr).toContain(`${nonces} nonces in `);
  expect(stderr).toContain(`${lines.length} solutions`);
});

test.each([
  [["--params", "126,4", "--random"], '--params: expected one of 200,9 144,5 96,5 125,4 48,5, got "126,4"'],
  [["--params", "48,5"], "expected either --header FILE or --random"],
  [["--params", "48,5", "--random", "--nonces", "0"], "--nonces: expected a whole number from 1"],
  [["--params", "96,5", "--random", "--threads", "9"], "--threads: expected a whole number from 1 to 8"],
  [["--params", "48,5", "--header", "no-such-file"], "no-such-file: there is no such file"],
])("refuses %j", async (args, message) => {
  const { code, stderr } = await runProgram(SOLVE, ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test.each([
  ["no hex", "expected a header in hex"],
  ["0d".repeat(139), "expected 108 bytes, or 140 and more, got 139"],
])("refuses a header %#", async (text, message) => {
  const { code, stderr } = await runProgram(SOLVE, "--params", "48,5", "--header", headerFile(text));
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("Ctrl-C ends it with 130", async () => {
  const args = ["--params", "96,5", "--random", "--nonces", "100000"];
  const running = startProgram(SOLVE, args);
  await running.says(/ /); // the first solution: it is searching
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
});
