import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { endAll, type TestnetRecord } from "@fluxlab/testnet/fleet";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/program.ts";

/** What a killed controller left. */
function leave(root: string, record: Pick<TestnetRecord, "name" | "runner" | "place">): void {
  const folder = join(root, record.name);
  mkdirSync(folder);
  const whole = { title: "", phase: "ready", controllerPid: 0, control: undefined, nodes: [], ...record };
  writeFileSync(join(folder, "testnet.json"), JSON.stringify(whole));
}

test("a testnet whose host does not answer is named and kept for later, the others are ended", async () => {
  const root = temporaryFolder();
  const host = {
    ...{ name: "far", host: "127.0.0.1", port: 1, user: "root", key: undefined, agent: undefined },
    ...{ jump: undefined, hostKey: undefined, knownHosts: "/nowhere", address: "127.0.0.1" },
    ...{ dir: "/tmp/flux-lab", node: "upload", sudo: false, gateway: false },
  };
  leave(root, { name: "a", runner: "ssh", place: { kind: "ssh", folder: "testnets/a", hosts: [host] } });
  leave(root, { name: "b", runner: "process", place: undefined });
  const ending = endAll(root);
  await expect(ending).rejects.toThrow(InputError);
  await expect(ending).rejects.toThrow(/^a: host far \(root@127\.0\.0\.1:1\): nobody listens there/);
  expect(readdirSync(root)).toEqual(["a"]);
});
