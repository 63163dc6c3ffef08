import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { fileError } from "@fluxlab/sim/host";
import { InvalidScenarioText, parseYaml } from "@fluxlab/sim/scenario";
import { decodeInventory, type HostInput } from "./inventorySchema.ts";

/** A machine that nodes may run on, every choice made. */
export interface SshHost {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** File of the private key; undefined: the agent has it. */
  readonly key: string | undefined;
  /** Socket of an agent, if it is to be asked. */
  readonly agent: string | undefined;
  /** Name of the host that leads to this one. */
  readonly jump: string | undefined;
  /** "SHA256:…" of its key; undefined: the file of known hosts tells. */
  readonly hostKey: string | undefined;
  readonly knownHosts: string;
  /** The address that nodes on other hosts reach it at. */
  readonly address: string;
  /** Folder there for all of ours. */
  readonly dir: string;
  /** Path of a Node.js there, or "upload" for this machine's. */
  readonly node: string;
  /** Whether packets are changed by `sudo -n`. */
  readonly sudo: boolean;
  /** A gateway only: no nodes run there. */
  readonly gateway: boolean;
}

/**
 * Reads which machines there are.
 * @throws InputError naming the file, the line, and what was expected there
 */
export function loadInventory(file: string): readonly SshHost[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`--inventory ${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  try {
    const { defaults = {}, hosts } = parseYaml("inventory", text, decodeInventory);
    return hosts.map((host) => withDefaults({ ...defaults, ...host }, dirname(resolve(file))));
  } catch (error) {
    if (!(error instanceof InvalidScenarioText)) throw error;
    throw fileError(file, error.problems, error);
  }
}

function withDefaults(host: HostInput, folder: string): SshHost {
  const path = (text: string) =>
    text.startsWith("~/") ? join(homedir(), text.slice(2)) : resolve(folder, text);
  return {
    ...{ name: host.name, host: host.host, port: host.port ?? 22, user: host.user ?? "root" },
    key: host.key === undefined ? undefined : path(host.key),
    agent: host.agent === true || host.key === undefined ? process.env["SSH_AUTH_SOCK"] : undefined,
    ...{ jump: host.jump, hostKey: host.hostKey },
    knownHosts: path(host.knownHosts ?? "~/.ssh/known_hosts"),
    ...{ address: host.address ?? host.host, dir: host.dir ?? "/tmp/flux-lab", node: host.node ?? "upload" },
    ...{ sudo: host.sudo ?? false, gateway: host.gateway ?? false },
  };
}
