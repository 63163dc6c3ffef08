import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataFolder, TroubledFile, troubleIn } from "@fluxlab/testnet/host";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/program.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

/** A folder whose disk is in the trouble that `say` tells of. */
function troubledFolder() {
  const said = join(temporaryFolder(), "trouble.json");
  const trouble = troubleIn(said);
  const folder = new DataFolder(temporaryFolder(), (file) => new TroubledFile(file, trouble));
  return {
    folder,
    say: (text: object | string) =>
      writeFileSync(said, typeof text === "string" ? text : JSON.stringify(text)),
  };
}

test("a full disk takes nothing more, gives back all it has, and takes again when there is room", () => {
  const { folder, say } = troubledFolder();
  const file = folder.open("log");
  file.write(0, bytes(1, 2, 3));
  folder.replace("small", "before");
  say({ full: true, slowMs: 0 });
  expect(() => file.write(3, bytes(4))).toThrow(expect.objectContaining({ code: "ENOSPC" }));
  expect(() => folder.replace("small", "after")).toThrow(expect.objectContaining({ code: "ENOSPC" }));
  file.write(0, bytes(9));
  file.sync();
  expect([...file.read(0, 10)]).toEqual([9, 2, 3]);
  expect(folder.read("small")).toBe("before");
  say({ full: false, slowMs: 0 });
  file.write(3, bytes(4));
  folder.replace("small", "after");
  expect([file.size, folder.read("small")]).toEqual([4, "after"]);
  file.close();
});

test("a slow disk makes whoever writes wait, and loses nothing", () => {
  const { folder, say } = troubledFolder();
  const file = folder.open("log");
  say({ full: false, slowMs: 30 });
  const beganAt = performance.now();
  file.write(0, bytes(1, 2, 3));
  file.sync();
  expect(performance.now() - beganAt).toBeGreaterThanOrEqual(60);
  expect([...file.read(0, 3)]).toEqual([1, 2, 3]);
  file.close();
});

test("a file that says something else is named, with what it should say", () => {
  const { folder, say } = troubledFolder();
  const file = folder.open("log");
  say("slow, please");
  expect(() => file.write(0, bytes(1))).toThrow(/--disk-trouble .*trouble\.json: expected \{"full": false/);
  file.close();
});
