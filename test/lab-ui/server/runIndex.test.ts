import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { type AboutRun, RunIndex } from "../../../lab-ui/server/runIndex.ts";
import { temporaryFolder } from "../../support/program.ts";

const about = (title: string): AboutRun => ({ title, kind: "network", seed: "1", blocks: 2, digest: "ab" });

/** What an index says of a run, and whether it looked into the record for it. */
function asked(index: RunIndex, name: string, writtenAt: number, found: AboutRun | undefined) {
  const read = vi.fn(() => found);
  return [index.about(name, writtenAt, read), read.mock.calls.length] as const;
}

test("a record is read once, by whatever process, until it is written again", () => {
  const file = join(temporaryFolder(), "runs", "index.sqlite");
  const first = new RunIndex(file);
  expect(asked(first, "a", 5.25, about("one"))).toEqual([about("one"), 1]);
  expect(asked(first, "a", 5.25, about("other"))).toEqual([about("one"), 0]);
  first.close();
  const second = new RunIndex(file);
  expect(asked(second, "a", 5.25, about("other"))).toEqual([about("one"), 0]);
  expect(asked(second, "a", 6, about("other"))).toEqual([about("other"), 1]);
  second.close();
});

test("what cannot be read is looked at again, since another version may be able to", () => {
  const index = new RunIndex(join(temporaryFolder(), "index.sqlite"));
  expect(asked(index, "a", 5, undefined)).toEqual([undefined, 1]);
  expect(asked(index, "a", 5, about("one"))).toEqual([about("one"), 1]);
  index.close();
});

test("runs that are gone are forgotten", () => {
  const index = new RunIndex(join(temporaryFolder(), "index.sqlite"));
  for (const name of ["a", "b"]) asked(index, name, 5, about(name));
  index.keepOnly(["b", "c"]);
  expect(asked(index, "a", 5, about("new"))[1]).toBe(1);
  expect(asked(index, "b", 5, about("new"))[1]).toBe(0);
  index.close();
});

test("two servers have one index", () => {
  const file = join(temporaryFolder(), "index.sqlite");
  const [one, other] = [new RunIndex(file), new RunIndex(file)];
  asked(one, "a", 5, about("one"));
  expect(asked(other, "a", 5, about("other"))).toEqual([about("one"), 0]);
  asked(other, "b", 5, about("other"));
  expect(asked(one, "b", 5, about("one"))).toEqual([about("other"), 0]);
  one.close();
  other.close();
});

test("a file that is damaged, or of another format, is made anew", () => {
  const file = join(temporaryFolder(), "index.sqlite");
  writeFileSync(file, "this is no database, ".repeat(100));
  const mended = new RunIndex(file);
  expect(asked(mended, "a", 5, about("one"))[1]).toBe(1);
  mended.close();
  const foreign = new DatabaseSync(file);
  foreign.exec("PRAGMA user_version = 999");
  foreign.close();
  const anew = new RunIndex(file);
  expect(asked(anew, "a", 5, about("two"))).toEqual([about("two"), 1]);
  anew.close();
  expect(readFileSync(file, "latin1").startsWith("SQLite format 3")).toBe(true);
});

test("one that lost a part is made anew", () => {
  const file = join(temporaryFolder(), "index.sqlite");
  const whole = new RunIndex(file);
  for (let i = 0; i < 100; i++) asked(whole, `run ${i}`, 5, about("x".repeat(200)));
  whole.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 4_096, 20_000));
  const index = new RunIndex(file);
  for (let i = 0; i < 100; i++) expect(asked(index, `run ${i}`, 5, about("new"))).toEqual([about("new"), 1]);
  expect(asked(index, "run 7", 5, about("newer"))).toEqual([about("new"), 0]);
  index.close();
});

test("where no file can be written, what was read is remembered", () => {
  const folder = join(temporaryFolder(), "index.sqlite");
  mkdirSync(join(folder, "in the way"), { recursive: true });
  const index = new RunIndex(folder);
  expect(asked(index, "a", 5, about("one"))[1]).toBe(1);
  expect(asked(index, "a", 5, about("one"))[1]).toBe(0);
  index.close();
  expect(existsSync(join(folder, "in the way"))).toBe(true);
});
