import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { hostKeyProblem, loadInventory } from "@fluxlab/testnet/fleet";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../support/program.ts";

function inventoryFile(content: unknown): string {
  const file = join(temporaryFolder(), "hosts.yaml");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe("an inventory", () => {
  test("has defaults for what hosts leave out, and paths beside it or at home", () => {
    const file = inventoryFile({
      defaults: { user: "flux", key: "~/.ssh/key" },
      hosts: [
        { name: "gate", host: "gate.example.org", port: 2222, gateway: true, key: "gate.key" },
        { name: "a", host: "10.0.0.11", jump: "gate", sudo: true },
      ],
    });
    const [gate, a] = loadInventory(file);
    expect(gate).toMatchObject({ port: 2222, user: "flux", gateway: true, key: join(file, "../gate.key") });
    expect(a).toMatchObject({
      ...{ port: 22, user: "flux", jump: "gate", sudo: true, gateway: false, address: "10.0.0.11" },
      ...{ key: join(homedir(), ".ssh/key"), dir: "/tmp/flux-lab", node: "upload", agent: undefined },
    });
  });

  test.each([
    [{}, /hosts: expected /],
    [{ hosts: [] }, /hosts: expected at least one host that is no gateway/],
    [{ hosts: [{ name: "a" }] }, /hosts\[0\]\.host: expected/],
    [
      { hosts: [{ name: "a", host: "b", weather: "rain" }] },
      /hosts\[0\]\.weather: expected no key of this name/,
    ],
    [{ hosts: [{ name: "a", host: "b", dir: "here" }] }, /hosts\[0\]\.dir: expected a folder there/],
    [{ hosts: [{ name: "a", host: "b", hostKey: "MD5:1" }] }, /hosts\[0\]\.hostKey: expected a fingerprint/],
    [{ hosts: [{ name: "a", host: "b", jump: "c" }] }, /hosts\[0\]\.jump: expected another host: a, got "c"/],
    [
      {
        hosts: [
          { name: "a", host: "b" },
          { name: "a", host: "c" },
        ],
      },
      /hosts\[1\]\.name: expected a name that no other host has/,
    ],
  ])("%j: the place and what to change", (content, message) => {
    const file = inventoryFile(content);
    expect(() => loadInventory(file)).toThrow(message);
    expect(() => loadInventory(file)).toThrow(file);
  });

  test("that is not there is named", () => {
    expect(() => loadInventory("/nowhere.yaml")).toThrow(
      "--inventory /nowhere.yaml: cannot be read (ENOENT)",
    );
  });
});

test("a host's key is known by its fingerprint, or by a file of known hosts, hashed or not, by name and port", () => {
  const folder = temporaryFolder();
  const lines = ["first", "second"].map((name) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
    return readFileSync(join(folder, `${name}.pub`), "utf8").split(" ");
  });
  const [key, stranger] = lines.map(([, text]) => Buffer.from(text!, "base64")) as [Buffer, Buffer];
  const known = join(folder, "known");
  const [host] = loadInventory(inventoryFile({ hosts: [{ name: "a", host: "h", knownHosts: known }] }));
  const at22 = host!;
  expect(hostKeyProblem(at22, key)).toMatch(/^its key SHA256:\S+ is not known: compare it/);
  const [type, text] = lines[0]!;
  writeFileSync(known, `# comment\nother,h ${type} ${text}\n`);
  for (const hashed of [false, true]) {
    if (hashed) execFileSync("ssh-keygen", ["-q", "-H", "-f", known], { stdio: "ignore" });
    expect(hostKeyProblem(at22, key)).toBeUndefined();
    expect(hostKeyProblem(at22, stranger)).toMatch(/is not the one in .*someone else answers/);
    expect(hostKeyProblem({ ...at22, port: 23 }, key)).toMatch(/is not known/);
  }
  const printed = execFileSync("ssh-keygen", ["-lf", join(folder, "second.pub")], { encoding: "utf8" });
  const fixed = { ...at22, hostKey: printed.split(" ")[1]! };
  expect(hostKeyProblem(fixed, stranger)).toBeUndefined();
  expect(hostKeyProblem(fixed, key)).toMatch(/^it shows the key SHA256:\S+, not SHA256:/);
});
