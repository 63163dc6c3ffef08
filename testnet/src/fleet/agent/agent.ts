import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { Random } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { dataFiles } from "../dataCopy.ts";
import { portOfEndpoint } from "../endpoints.ts";
import { startFluxd } from "../fluxd/fluxdProcess.ts";
import { packedFluxdCommand } from "../fluxd/packedFluxd.ts";
import { freePorts } from "../freePorts.ts";
import { LinkProxy } from "../linkProxy.ts";
import { LogFollower } from "../logFollower.ts";
import { troubleDisk } from "../nodeDisk.ts";
import { dataFolderOf, logFileOf } from "../nodeFolder.ts";
import { startNodeProcess } from "../nodeProcess.ts";
import { RpcClient, RpcRefusal } from "../rpcClient.ts";
import { runCommandLine } from "../runCommandLine.ts";
import type { NodeSpec, StartedNode } from "../runner.ts";
import type { AgentLine, FileField, OrderLine, OrderName, Orders, PacketScope, RpcAnswer } from "./orders.ts";
import { setPacketRules } from "./packetFilter.ts";

type Acts = { [Name in OrderName]: (argument: Orders[Name]["asks"]) => Promise<Orders[Name]["gives"]> };

/** Between two looks at the nodes' logs. */
const LOOK_MS = 100;
const LOOPBACK = "127.0.0.1";

interface AgentNode {
  readonly started: StartedNode;
  readonly log: LogFollower;
}

/** Does at a node's place what a controller elsewhere asks for: links, nodes, questions, faults. */
export class Agent {
  readonly #program: readonly string[];
  readonly #output: Writable;
  readonly #links = new Map<string, LinkProxy>();
  readonly #nodes = new Map<number, AgentNode>();
  /** Of the packet rules that were set last. */
  #scope: PacketScope | undefined;
  #filtering: Promise<void> = Promise.resolve();

  /** `program`: the command that is a node. */
  constructor(program: readonly string[], output: Writable) {
    this.#program = program;
    this.#output = output;
  }

  /** Takes orders until there are no more. Nodes outlive it; its links and packet rules do not. */
  async serve(input: Readable): Promise<void> {
    const looks = setInterval(() => this.#look(), LOOK_MS);
    for await (const line of createInterface({ input })) void this.#obey(JSON.parse(line) as OrderLine);
    clearInterval(looks);
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    await this.#filtering.catch(() => {}); // whoever asked has heard
    if (this.#scope !== undefined) await setPacketRules([], this.#scope);
  }

  async #obey({ id, order, argument }: OrderLine): Promise<void> {
    try {
      const act = this.#acts[order] as (argument: unknown) => Promise<unknown>;
      this.#say({ id, result: await act(argument) });
    } catch (error) {
      const { message, stack } = error as Error;
      const forPeople = error instanceof InputError || "code" in (error as object);
      this.#say({ id, error: forPeople ? message : (stack ?? message), forPeople });
    }
  }

  #say(line: AgentLine): void {
    this.#output.write(`${JSON.stringify(line)}\n`);
  }

  readonly #acts: Acts = {
    ports: ({ count }) => freePorts(count),

    link: async ({ id, seed, target, from, port }) => {
      const random = Random.root(String(seed)).fork(`link/${id}`);
      await this.#links.get(id)?.close();
      const proxy = await LinkProxy.start({ listenOn: LOOPBACK, port, target, from }, random);
      this.#links.set(id, proxy);
      return { port: portOfEndpoint(proxy.address) };
    },
    trouble: async ({ id, way, trouble }) => {
      this.#links.get(id)?.set(way, trouble);
      return null;
    },
    reset: async ({ id }) => {
      this.#links.get(id)?.reset();
      return null;
    },
    unlink: async ({ id }) => {
      await this.#links.get(id)?.close();
      this.#links.delete(id);
      return null;
    },
    counts: async () => Object.fromEntries([...this.#links].map(([id, { counts }]) => [id, counts])),

    start: async ({ spec, files }) => ({ pid: this.#start(spec, files) }),
    pause: ({ node }) => this.#with(node, (started) => started.pause()),
    resume: ({ node }) => this.#with(node, (started) => started.resume()),
    stop: ({ node }) => this.#with(node, (started) => started.stop()),
    kill: ({ node }) => this.#with(node, (started) => started.kill()),
    files: async ({ folder }) => dataFiles(dataFolderOf(folder)),
    read: async ({ folder, name, offset, length }) =>
      readPart(join(dataFolderOf(folder), name), offset, length),
    wipe: async ({ folder }) => {
      const data = dataFolderOf(folder); // may be a disk of its own, which stays
      for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true, force: true });
      return null;
    },

    rpc: async ({ port, folder, method, params, timeoutMs }): Promise<RpcAnswer> => {
      try {
        return { result: await new RpcClient(port, folder).call(method, params, timeoutMs) };
      } catch (error) {
        if (error instanceof RpcRefusal) return { refusal: { code: error.code, message: error.said } };
        return { silence: (error as Error).message };
      }
    },
    run: ({ command }) => runCommandLine(command),
    filter: async ({ rules, ...scope }) => {
      this.#scope = scope;
      // One after the other: the later one has the last word.
      const earlier = this.#filtering;
      this.#filtering = earlier.catch(() => {}).then(() => setPacketRules(rules, scope));
      await this.#filtering;
      return null;
    },
    disk: async ({ spec, trouble }) => {
      troubleDisk(spec, trouble);
      return null;
    },
  };

  #start(asked: NodeSpec, files: Orders["start"]["asks"]["files"]): string {
    mkdirSync(asked.folder, { recursive: true });
    const here = Object.entries(files).map(([field, content]) => {
      const file = join(asked.folder, `${field}${extname(asked[field as FileField]!)}`);
      writeFileSync(file, Buffer.from(content, "base64"), { mode: 0o600 }); // keys may be among them
      return [field, file];
    });
    const spec: NodeSpec = { ...asked, ...Object.fromEntries(here) };
    const log = this.#nodes.get(spec.index)?.log ?? newLinesOf(logFileOf(spec.folder));
    const started = this.#process(spec);
    this.#nodes.set(spec.index, { started, log });
    void started.ended.then((how) => {
      this.#look(); // its last words come before its end
      this.#say({ event: "ended", node: spec.index, how });
    });
    return started.id;
  }

  #process(spec: NodeSpec): StartedNode {
    const { program } = spec;
    if (program?.kind === "fluxd") return startFluxd(spec, packedFluxdCommand(program.file));
    return startNodeProcess(spec, program === undefined ? this.#program : [process.execPath, program.file]);
  }

  async #with(node: number, act: (started: StartedNode) => Promise<void>): Promise<null> {
    const { started } = this.#nodes.get(node) ?? {};
    if (started?.running === true) await act(started);
    return null;
  }

  #look(): void {
    for (const [node, { log }] of this.#nodes) {
      const lines = log.newLines();
      if (lines.length > 0)
        this.#say({ event: "log", node, text: lines.map((line) => `${line}\n`).join("") });
    }
  }
}

function readPart(path: string, offset: number, length: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset)).toString("base64");
  } finally {
    closeSync(file);
  }
}

/** Follows a log from its end. */
function newLinesOf(file: string): LogFollower {
  const follower = new LogFollower(file);
  follower.newLines();
  return follower;
}
