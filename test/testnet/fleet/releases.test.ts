import { Releases } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";

test("what was acquired last goes first, whatever fails, and once", async () => {
  const gone: string[] = [];
  const releases = new Releases();
  releases.add("folder", () => void gone.push("folder"));
  releases.add("server", async () => {
    throw new Error("it hangs");
  });
  releases.add("node", async () => void gone.push("node"));
  const both = await Promise.all([releases.release(), releases.release()]);
  expect(gone).toEqual(["node", "folder"]);
  for (const failures of both) expect(failures.map(({ message }) => message)).toEqual(["server: it hangs"]);
});
