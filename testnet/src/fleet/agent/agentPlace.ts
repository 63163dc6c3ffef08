import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { InputError } from "@fluxlab/core/command-line";
import { type Link, type LinkCounts, type LinkTrouble, NO_TROUBLE, type Way } from "../linkProxy.ts";
import { logFileOf } from "../nodeFolder.ts";
import { RpcRefusal, RpcSilence } from "../rpcClient.ts";
import type { NodeRpc, NodeSpec, StartedNode } from "../runner.ts";
import { AgentClient, AgentGone } from "./agentClient.ts";
import { type AgentLink, FILE_FIELDS, type FileField } from "./orders.ts";

/** Between two questions what went over the links. */
const COUNTS_MS = 1_000;
/** Of a file, in one answer. */
const PIECE_BYTES = 1024 * 1024;
const NOTHING: LinkCounts = { connections: 0, open: 0, bytes: 0, waited: 0, lateMs: 0 };

/** Where nodes run, with an agent that comes and goes: a container, a host. Links outlive the agent, and are there again with the next one. */
export class AgentPlace {
  readonly #where: string;
  readonly #whyGone: () => Promise<string>;
  readonly #links = new Map<string, AgentPlaceLink>();
  readonly #nodes = new Map<number, PlacedNode>();
  #client: AgentClient | undefined;
  #counting: NodeJS.Timeout | undefined;

  /** `where`: for messages. `whyGone`: what nodes ended by, when the agent is gone without having been told to. */
  constructor(where: string, whyGone: () => Promise<string>) {
    this.#where = where;
    this.#whyGone = whyGone;
  }

  get client(): AgentClient {
    if (this.#client === undefined) throw new AgentGone(`${this.#where}: there is no agent`);
    return this.#client;
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  /** Has a new agent; it gets the links that there are. */
  async connect(input: Readable, output: Writable): Promise<void> {
    const client = new AgentClient(this.#where, input, output, {
      log: (node, text) => this.#nodes.get(node)?.log(text),
      ended: (node, how) => this.#nodes.get(node)?.end(how),
    });
    this.#client = client;
    void client.closed.then(async () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      clearInterval(this.#counting);
      const running = [...this.#nodes.values()].filter((node) => node.running);
      if (running.length === 0) return;
      const how = await this.#whyGone();
      for (const node of running) node.end(how);
    });
    await this.#explained(Promise.all([...this.#links.values()].map((link) => link.open(client))));
    this.#counting = setInterval(() => this.#count(client), COUNTS_MS);
  }

  #count(client: AgentClient): void {
    client.order("counts", null).then(
      (counts) => {
        for (const [id, each] of Object.entries(counts)) this.#links.get(id)?.count(each);
      },
      () => {}, // it is gone, which others hear
    );
  }

  async link(link: AgentLink): Promise<Link> {
    const made = new AgentPlaceLink(
      link,
      () => this.#client,
      () => void this.#links.delete(link.id),
    );
    this.#links.set(link.id, made);
    await this.#explained(made.open(this.client));
    return made;
  }

  /**
   * `folder`: the node's, here; `spec.folder` is where it runs. What it says arrives in the former. `named`: what finds it again, given its
   * process number there.
   */
  async start(spec: NodeSpec, folder: string, named: (pid: string) => string = String): Promise<StartedNode> {
    mkdirSync(folder, { recursive: true });
    const node = new PlacedNode(spec.index, folder, () => this.client);
    this.#nodes.set(spec.index, node);
    const files = Object.fromEntries(
      filesNamed(spec).map(([field, file]) => [field, readFileSync(file).toString("base64")]),
    );
    const { pid } = await this.#explained(this.client.order("start", { spec, files }));
    node.id = named(pid);
    return node;
  }

  /** What goes wrong because the place is gone says so, and why. */
  async #explained<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof AgentGone)) throw error;
      throw new InputError(`${this.#where}: ${await this.#whyGone()}`, { cause: error });
    }
  }

  /** Asks a node by its agent. `folder`: where it runs. */
  rpc(port: number, folder: string): NodeRpc {
    return {
      call: async <T>(method: string, params: readonly unknown[] = [], timeoutMs = 30_000): Promise<T> => {
        const ask = { port, folder, method, params, timeoutMs };
        const answer = await this.#ask(ask, method);
        if ("silence" in answer) throw new RpcSilence(`${this.#where}: ${answer.silence}`);
        if ("refusal" in answer) throw new RpcRefusal(method, answer.refusal.code, answer.refusal.message);
        return answer.result as T;
      },
    };
  }

  async #ask(ask: Parameters<typeof this.client.order<"rpc">>[1], method: string) {
    try {
      return await this.client.order("rpc", ask, ask.timeoutMs + 1_000);
    } catch (cause) {
      throw new RpcSilence(`${method}: ${(cause as Error).message}`, { cause });
    }
  }

  /** Copies a node's data. `folder`: where the node runs. */
  async copyData(folder: string, into: string): Promise<void> {
    mkdirSync(into, { recursive: true });
    for (const name of await this.client.order("files", { folder })) {
      writeFileSync(join(into, name), "");
      for (let offset = 0, got = PIECE_BYTES; got === PIECE_BYTES; offset += got) {
        const piece = { folder, name, offset, length: PIECE_BYTES };
        const bytes = Buffer.from(await this.client.order("read", piece), "base64");
        appendFileSync(join(into, name), bytes);
        got = bytes.length;
      }
    }
  }

  close(): void {
    clearInterval(this.#counting);
    this.#client?.close();
  }
}

/** Built-in networks have no file. */
const filesNamed = (spec: NodeSpec): (readonly [FileField, string])[] =>
  FILE_FIELDS.flatMap((field) => {
    const file = spec[field];
    return file === undefined || !/\.(json|dat)$/.test(file) ? [] : [[field, file] as const];
  });

/** A node that an agent started. */
class PlacedNode implements StartedNode {
  id = "";
  readonly ended: Promise<string>;
  readonly #index: number;
  readonly #folder: string;
  readonly #client: () => AgentClient;
  #running = true;
  #end: (how: string) => void = () => {};

  constructor(index: number, folder: string, client: () => AgentClient) {
    this.#index = index;
    this.#folder = folder;
    this.#client = client;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get running(): boolean {
    return this.#running;
  }

  log(text: string): void {
    appendFileSync(logFileOf(this.#folder), text);
  }

  end(how: string): void {
    this.#running = false;
    this.#end(how);
  }

  async pause(): Promise<void> {
    await this.#client().order("pause", { node: this.#index });
  }

  async resume(): Promise<void> {
    await this.#client().order("resume", { node: this.#index });
  }

  async stop(): Promise<void> {
    await this.#client().order("stop", { node: this.#index });
    await this.ended;
  }

  async kill(): Promise<void> {
    await this.#client().order("kill", { node: this.#index });
    await this.ended;
  }
}

/** A link whose proxy an agent has. */
class AgentPlaceLink implements Link {
  #link: AgentLink;
  readonly #client: () => AgentClient | undefined;
  readonly #forget: () => void;
  readonly #trouble: Record<Way, LinkTrouble> = { there: NO_TROUBLE, back: NO_TROUBLE };
  /** Of earlier agents, and of this one. */
  #before = NOTHING;
  #now = NOTHING;

  constructor(link: AgentLink, client: () => AgentClient | undefined, forget: () => void) {
    this.#link = link;
    this.#client = client;
    this.#forget = forget;
  }

  get address(): string {
    return `127.0.0.1:${this.#link.port}`;
  }

  get counts(): LinkCounts {
    return {
      connections: this.#before.connections + this.#now.connections,
      open: this.#now.open,
      bytes: this.#before.bytes + this.#now.bytes,
      waited: this.#before.waited + this.#now.waited,
      lateMs: this.#before.lateMs + this.#now.lateMs,
    };
  }

  count(counts: LinkCounts): void {
    this.#now = counts;
  }

  /** Has the agent make it, where it was before if it was. */
  async open(client: AgentClient): Promise<void> {
    this.#before = this.counts;
    this.#now = NOTHING;
    const { port } = await client.order("link", this.#link);
    this.#link = { ...this.#link, port };
    for (const way of ["there", "back"] as const) this.set(way, this.#trouble[way]);
  }

  trouble(way: Way): LinkTrouble {
    return this.#trouble[way];
  }

  set(way: Way, trouble: LinkTrouble): void {
    this.#trouble[way] = trouble;
    this.#client()?.tell("trouble", { id: this.#link.id, way, trouble });
  }

  reset(): void {
    this.#client()?.tell("reset", { id: this.#link.id });
  }

  async close(): Promise<void> {
    this.#forget();
    this.#client()?.tell("unlink", { id: this.#link.id });
  }
}
