import { decode, InvalidInput, keysOf, type Problem, text, whole } from "@fluxlab/sim/scenario";
import * as Schema from "effect/Schema";

// What a file of machines may say.

const optional = Schema.optionalKey;
const truth = Schema.Boolean.annotate({ message: "true or false" });
const word = (expected: string) => text(expected, (value) => /^\S+$/.test(value));
const folder = (expected: string) =>
  text(expected, (value) => value.startsWith("/") && !/[\s'"]/.test(value));

const choices = {
  /** 22 if left out. */
  port: optional(whole("a port, 1 to 65535", 1, 65_535)),
  user: optional(word("a user's name")),
  /** File of the private key, beside this file or below ~/. */
  key: optional(text("the file of a private key")),
  /** Ask the agent of SSH_AUTH_SOCK; so it is without a key. */
  agent: optional(truth),
  /** Name of the host that leads to this one. */
  jump: optional(word("the name of another host")),
  /** As `ssh-keygen -lf` prints it; without it the file of known hosts has to know the host. */
  hostKey: optional(
    text('a fingerprint such as "SHA256:…"', (value) => /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(value)),
  ),
  knownHosts: optional(text("a file of known hosts")),
  dir: optional(folder("a folder there, an absolute path without spaces")),
  node: optional(
    text(
      '"upload", or the absolute path of a Node.js there',
      (value) => value === "upload" || value.startsWith("/"),
    ),
  ),
  /** Packets are changed by `sudo -n`. */
  sudo: optional(truth),
};

const hostFields = {
  /** For messages, and for `jump`. */
  name: word("a name without spaces"),
  /** Name or address that this machine reaches it at. */
  host: word("a host's name or address"),
  /** Address that the other hosts reach it at; `host` if left out. */
  address: optional(text("an IPv4 address", (value) => /^\d+\.\d+\.\d+\.\d+$/.test(value))),
  /** It leads to others, and no node runs there. */
  gateway: optional(truth),
  ...choices,
};

const fields = {
  /** For every host that says nothing else. */
  defaults: optional(Schema.Struct(choices)),
  hosts: Schema.Array(Schema.Struct(hostFields)).annotate({ message: "a list of hosts" }),
};

const schema = Schema.Struct(fields);

/** A file of machines as written. */
type InventoryInput = typeof schema.Type;
/** A machine as written. */
export type HostInput = InventoryInput["hosts"][number];

/** @throws InvalidInput naming each path, what was expected there and what was found. */
export function decodeInventory(data: unknown): InventoryInput {
  const inventory = decode("inventory", schema, data, (path) => keysOf(fields, path));
  const problems = strangers(inventory);
  if (problems.length > 0) throw new InvalidInput("inventory", problems);
  return inventory;
}

function strangers({ hosts, defaults }: InventoryInput): Problem[] {
  const found: Problem[] = [];
  const names = hosts.map(({ name }) => name);
  for (const [i, { name, jump = defaults?.jump }] of hosts.entries()) {
    if (names.indexOf(name) < i)
      found.push({ path: ["hosts", i, "name"], expected: "a name that no other host has", got: name });
    if (jump !== undefined && (jump === name || !names.includes(jump)))
      found.push({ path: ["hosts", i, "jump"], expected: `another host: ${names.join(", ")}`, got: jump });
  }
  if (!hosts.some(({ gateway }) => gateway !== true))
    found.push({ path: ["hosts"], expected: "at least one host that is no gateway", got: hosts.length });
  return found;
}
