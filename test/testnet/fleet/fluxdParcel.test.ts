import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fluxdParcel } from "../../../testnet/src/fleet/fluxd/fluxdParcel.ts";
import { packedFluxdCommand } from "../../../testnet/src/fleet/fluxd/packedFluxd.ts";
import { temporaryFolder } from "../../support/program.ts";

// What goes to containers and hosts with a fluxd, here of programs that every machine has.

/** The command that a program is where its parcel lies. */
async function packed(file: string): Promise<readonly string[]> {
  const { folder, program } = await fluxdParcel(file);
  return packedFluxdCommand(join(folder, program));
}

const CAT = "/bin/cat";
const elsewhere = process.platform !== "linux" || !existsSync(CAT);

describe.skipIf(elsewhere)(elsewhere ? "SKIPPED: a packed program: no Linux" : "a packed program", () => {
  test("loads nothing but what came with it", async () => {
    const command = await packed(CAT);
    const [loader, ...args] = command;
    const listed = execFileSync(loader!, ["--list", ...args], { encoding: "utf8" });
    const files = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => dirname(file) !== dirname(loader!))).toEqual([]);
    const read = execFileSync(loader!, [...args, "/proc/self/cmdline"]);
    expect(read.toString().split("\0").slice(0, -2)).toEqual(command);
  });

  test("that needs no library is started by itself", async () => {
    const script = join(temporaryFolder(), "fluxd");
    writeFileSync(script, "#!/bin/sh\necho started\n");
    chmodSync(script, 0o755);
    const [command, ...args] = await packed(script);
    expect(args).toEqual([]);
    expect(execFileSync(command!, { encoding: "utf8" })).toBe("started\n");
  });
});
