import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { LogFollower, parseObservation } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/program.ts";

test("a follower gives each whole line once, however the file grows", () => {
  const file = join(temporaryFolder(), "node.log");
  const follower = new LogFollower(file);
  expect(follower.newLines()).toEqual([]);
  const text = Buffer.from('{"a":1}\n{"b":"ä€"}\n');
  const lines: string[] = [];
  for (const byte of text) {
    appendFileSync(file, Uint8Array.of(byte)); // also in the middle of a character
    lines.push(...follower.newLines());
  }
  expect(lines).toEqual(['{"a":1}', '{"b":"ä€"}']);
  appendFileSync(file, `${"x".repeat(200_000)}\nrest`);
  expect(follower.newLines()).toEqual(["x".repeat(200_000)]);
});

test("a follower begins with the last lines, and gives them in pieces", () => {
  const file = join(temporaryFolder(), "long.log");
  const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i} ä`);
  appendFileSync(file, `${lines.join("\n")}\n`);
  const whole = Buffer.byteLength(`${lines.join("\n")}\n`);
  const lastLine = Buffer.byteLength(`${lines.at(-1)}\n`);
  const tails = [
    [0, 0],
    [lastLine - 1, 0],
    [lastLine, 1],
    [lastLine + 1, 1],
    [whole - 1, lines.length - 1],
    [whole, lines.length],
    [whole + 1, lines.length],
  ] as const;
  for (const [bytes, count] of tails) {
    const follower = new LogFollower(file, bytes);
    expect(follower.newLines(), `${bytes} bytes`).toEqual(lines.slice(lines.length - count));
    expect(follower.startsWithin).toBe(count < lines.length);
  }
  const follower = new LogFollower(file);
  const pieces: string[][] = [];
  do pieces.push([...follower.newLines(100_000)]);
  while (follower.isBehind);
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.flat()).toEqual(lines);
  const comesLate = join(temporaryFolder(), "late.log");
  const late = new LogFollower(comesLate, 0);
  expect(late.newLines()).toEqual([]);
  appendFileSync(comesLate, "first\n");
  expect(late.newLines()).toEqual(["first"]);
});

test("observations are told from what else a log holds", () => {
  const line = '{"time":17,"kind":"tip","hash":"00ff","height":3,"disconnected":1,"connected":2}';
  expect(parseObservation(line, 4)).toEqual({
    ...{ kind: "tip", node: 4, time: 17 },
    ...{ hash: "00ff", height: 3, disconnected: 1, connected: 2 },
  });
  expect(parseObservation('{"level":30,"time":17,"msg":"started"}', 4)).toBeUndefined();
  expect(parseObservation("Error: out of memory", 4)).toBeUndefined();
  expect(parseObservation(line.slice(0, -9), 4)).toBeUndefined(); // its node was killed
  expect(parseObservation('{"time":17,"kind":"weather"}', 4)).toBeUndefined();
});
