import { describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.ts";
import { browserTest, callInPage } from "../support/chromium.ts";
import { readRepositoryFile } from "../support/repository.ts";
import { callInThread } from "../support/thread.ts";
import { beginningDigest, beginningDigests, libraryNames, wholeDigest } from "./libraryRuns.ts";
import { withTraps } from "./traps.ts";

// The digests of the scenarios that come with the lab, as they were last meant to be, and the same in every host.

const GOLDEN = "test/determinism/golden.json";
const SEEDS = [1, 2];
const LONG = process.env["FLUX_LAB_LONG"] === "1";

const golden = JSON.parse(readRepositoryFile(GOLDEN)) as Record<string, Record<string, string>>;

const why = (name: string): string =>
  `${name} no longer gives the results it gave. If that is meant, say in CHANGELOG.md what changed and why, and put the digests received here into ${GOLDEN}`;

test("every scenario has its digests", () => {
  expect(Object.keys(golden)).toEqual(libraryNames);
});

test.each(libraryNames)("the beginning of %s", (name) => {
  const digests = SEEDS.map((seed) => [`seed ${seed}`, beginningDigest(name, seed)]);
  expect(Object.fromEntries(digests), why(name)).toEqual(golden[name]);
});

const script = bundle(new URL("./libraryRuns.ts", import.meta.url), "lab");

describe("the beginnings of all", () => {
  const TIMEOUT = 300_000;
  const here = Object.fromEntries(libraryNames.map((name) => [name, golden[name]?.["seed 1"]]));
  const call = "lab.beginningDigests(1)";

  test("in a thread", { timeout: TIMEOUT }, async () => {
    expect(await callInThread(await script, call)).toEqual(here);
  });

  test("with clock, chance, timers and inexact mathematics trapped", { timeout: TIMEOUT }, () => {
    expect(withTraps(() => beginningDigests(1))).toEqual(here);
  });

  browserTest(
    "in Chromium",
    async (page) => {
      expect(await callInPage(page, await script, call)).toEqual(here);
    },
    TIMEOUT,
  );
});

// Whole scenarios take minutes a host, pon-decade the most, so only where long tests are asked for; a test says how long each takes.
describe.each(LONG ? libraryNames : [])("%s to its end", (name) => {
  const TIMEOUT = 1_800_000;
  const call = `lab.wholeDigest("${name}", 1)`;
  let here = "";

  test("here", { timeout: TIMEOUT }, () => {
    here = wholeDigest(name, 1);
    expect(here).toMatch(/^[0-9a-f]{64}$/);
  });

  test("again, with clock, chance, timers and inexact mathematics trapped", { timeout: TIMEOUT }, () => {
    expect(withTraps(() => wholeDigest(name, 1))).toBe(here);
  });

  test("in a thread", { timeout: TIMEOUT }, async () => {
    expect(await callInThread(await script, call)).toBe(here);
  });

  browserTest(
    "in Chromium",
    async (page) => {
      expect(await callInPage(page, await script, call)).toBe(here);
    },
    TIMEOUT,
  );
});
