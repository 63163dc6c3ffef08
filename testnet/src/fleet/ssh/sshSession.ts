import { createReadStream, readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { InputError } from "@fluxlab/core/command-line";
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from "ssh2";
import type { Executed } from "../runner.ts";
import { hostKeyProblem } from "./hostKeys.ts";
import type { SshHost } from "./inventory.ts";

/** A host that has not answered for so long does not. */
const CONNECT_MS = 20_000;
/** A connection on which so many questions in a row stay open is gone. */
const ALIVE_MS = 15_000;

/** A connection to a host. */
export class SshSession {
  readonly host: SshHost;
  readonly #client: Client;
  /** To the host that leads there; ends with this. */
  readonly #through: SshSession | undefined;

  /** `hosts`: all that may lead there. @throws InputError naming the host and what to change */
  static async open(host: SshHost, hosts: readonly SshHost[]): Promise<SshSession> {
    const through =
      host.jump === undefined
        ? undefined
        : await SshSession.open(hosts.find(({ name }) => name === host.jump)!, hosts);
    try {
      const sock = through && (await through.#forward(host));
      return new SshSession(host, await connected(host, sock), through);
    } catch (error) {
      through?.close();
      throw error;
    }
  }

  private constructor(host: SshHost, client: Client, through: SshSession | undefined) {
    this.host = host;
    this.#client = client;
    this.#through = through;
    client.on("error", () => {}); // whoever uses it next hears that it is gone
  }

  #forward({ host, port, name }: SshHost): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        if (error === undefined) resolve(channel);
        else
          reject(
            new InputError(
              `host ${name} (${host}:${port}): ${this.host.name} cannot reach it: ${error.message}`,
            ),
          );
      });
    });
  }

  /** Starts a command, in the shell's words. */
  channel(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, channel) => {
        if (error === undefined) resolve(channel);
        else reject(new InputError(`host ${this.host.name}: ${command}: ${error.message}`));
      });
    });
  }

  /** Runs a command to its end. `inputFile`: what it reads. */
  async run(command: string, inputFile?: string): Promise<Executed> {
    const channel = await this.channel(command);
    let stdout = "";
    let stderr = "";
    channel.on("data", (bytes: Buffer) => {
      stdout += bytes;
    });
    channel.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes;
    });
    if (inputFile === undefined) channel.end();
    else createReadStream(inputFile).pipe(channel);
    return new Promise((resolve) => {
      channel.once("close", (code: number | null) => resolve({ code: code ?? 128, stdout, stderr }));
    });
  }

  /** Runs a command that has to succeed. @throws InputError with what it said */
  async must(command: string, doing: string, inputFile?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, inputFile);
    if (code === 0) return stdout;
    const full = /No space left/.test(stderr) ? `: its disk is full: make room, or name another dir` : "";
    const said = stderr.trim() === "" ? `exit code ${code}` : stderr.trim();
    throw new InputError(`host ${this.host.name}: ${doing} failed${full} (${said})`);
  }

  close(): void {
    this.#client.end();
    this.#through?.close();
  }
}

function connected(host: SshHost, sock: Duplex | undefined): Promise<Client> {
  const client = new ssh2.Client();
  let problem: string | undefined;
  const config: ConnectConfig = {
    ...{ host: host.host, port: host.port, username: host.user, readyTimeout: CONNECT_MS },
    ...{ keepaliveInterval: ALIVE_MS, keepaliveCountMax: 4 },
    ...(sock === undefined ? {} : { sock }),
    ...(host.key === undefined ? {} : { privateKey: privateKeyOf(host) }),
    ...(host.agent === undefined ? {} : { agent: host.agent }),
    hostVerifier: (key: Buffer) => {
      problem = hostKeyProblem(host, key);
      return problem === undefined;
    },
  };
  return new Promise((resolve, reject) => {
    client.once("ready", () => resolve(client));
    client.once("error", (error) => {
      const why = problem ?? reasonOf(error as NodeJS.ErrnoException & { level?: string }, host);
      reject(
        new InputError(`host ${host.name} (${host.user}@${host.host}:${host.port}): ${why}`, {
          cause: error,
        }),
      );
    });
    client.connect(config);
  });
}

/** @throws InputError if there is no key that can be used */
function privateKeyOf({ name, key }: SshHost): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(key!);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`host ${name}: key ${key}: cannot be read (${code})`, { cause: error });
  }
  const parsed = ssh2.utils.parseKey(bytes);
  if (!(parsed instanceof Error)) return bytes;
  const sealed = /passphrase|encrypted/i.test(parsed.message);
  const fix = sealed
    ? "it is sealed: add it to the agent (ssh-add) and say agent: true instead of key"
    : parsed.message;
  throw new InputError(`host ${name}: key ${key}: ${fix}`);
}

function reasonOf(error: NodeJS.ErrnoException & { level?: string }, { key, user, agent }: SshHost): string {
  if (error.level === "client-authentication") {
    const tried =
      key ?? (agent === undefined ? "no key: name one by key, or start an agent" : "the agent's keys");
    return `it refuses ${tried}: have the public key in ~${user}/.ssh/authorized_keys there, or change key or user`;
  }
  if (error.level === "client-timeout") return "no answer: is it up, and is the port right?";
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: "nobody listens there: is sshd running, and is the port right?",
    ENOTFOUND: "there is no host of this name",
    EHOSTUNREACH: "it cannot be reached: is it up, and is the address right?",
    ENETUNREACH: "its network cannot be reached: is the address right, or is a jump needed?",
    ETIMEDOUT: "no answer: is it up, and is the address right?",
  };
  return reasons[error.code ?? ""] ?? error.message;
}
