import { addressBucket } from "@fluxlab/core";
import { expect, test } from "vitest";

const SECOND = 1_000_000;

/** Tokens that can be taken at once. */
function drain(bucket: { take(): boolean }): number {
  let taken = 0;
  while (bucket.take()) taken++;
  return taken;
}

test("a peer may tell one address at first, then one each ten seconds, a thousand at once, and a thousand that we asked for", () => {
  const bucket = addressBucket(50 * SECOND);
  expect(drain(bucket)).toBe(1);
  bucket.refill(59 * SECOND);
  expect(drain(bucket)).toBe(0);
  bucket.refill(60 * SECOND);
  expect(drain(bucket)).toBe(1);
  bucket.refill(30 * SECOND); // a clock set back
  expect(drain(bucket)).toBe(0);
  bucket.refill(1_000_000 * SECOND);
  expect(drain(bucket)).toBe(1_000);
  bucket.refill(2_000_000 * SECOND);
  bucket.grant(1_000);
  bucket.refill(2_000_100 * SECOND);
  expect(drain(bucket)).toBe(2_000);
});
