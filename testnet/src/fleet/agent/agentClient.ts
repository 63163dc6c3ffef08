import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { InputError } from "@fluxlab/core/command-line";
import type { AgentLine, OrderName, Orders } from "./orders.ts";

/** An order that takes longer has failed: its place is gone or stands still. */
const TIMEOUT_MS = 90_000;

/** An agent that does not run any more. */
export class AgentGone extends Error {
  override name = "AgentGone";
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** What an agent tells without being asked. */
export interface AgentEvents {
  log(node: number, text: string): void;
  ended(node: number, how: string): void;
}

/** An agent at a node's place, as its controller has it. */
export class AgentClient {
  readonly #output: Writable;
  readonly #where: string;
  readonly #events: AgentEvents;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #gone = false;
  /** Resolves when nothing more comes from it. */
  readonly closed: Promise<void>;

  /** `where`: its place, for messages. */
  constructor(where: string, input: Readable, output: Writable, events: AgentEvents) {
    this.#where = where;
    this.#output = output;
    this.#events = events;
    output.on("error", () => this.#end());
    input.on("error", () => this.#end());
    const lines = createInterface({ input });
    lines.on("line", (line) => this.#hear(line));
    this.closed = new Promise((resolve) => {
      lines.once("close", () => {
        this.#end();
        resolve();
      });
    });
  }

  /** Has it do something. @throws InputError for what a person has to change; Error if it is gone or does not answer */
  order<Name extends OrderName>(
    name: Name,
    argument: Orders[Name]["asks"],
    timeoutMs = TIMEOUT_MS,
  ): Promise<Orders[Name]["gives"]> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#goneError());
      const id = this.#orders++;
      const late = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${this.#where}: no answer to "${name}" within ${timeoutMs / 1_000} s`));
      }, timeoutMs);
      const settled = () => {
        clearTimeout(late);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (result) => {
          settled();
          resolve(result as Orders[Name]["gives"]);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#output.write(`${JSON.stringify({ id, order: name, argument })}\n`);
    });
  }

  /** Tells it something whose answer nobody waits for. */
  tell<Name extends OrderName>(name: Name, argument: Orders[Name]["asks"]): void {
    this.order(name, argument).catch(() => {}); // whoever needs the place next hears that it is gone
  }

  /** It ends, and with it its links. */
  close(): void {
    this.#output.end();
  }

  #hear(line: string): void {
    let said: AgentLine;
    try {
      said = JSON.parse(line) as AgentLine;
    } catch {
      return; // a crash does not speak JSON
    }
    if ("event" in said) {
      if (said.event === "log") this.#events.log(said.node, said.text);
      else this.#events.ended(said.node, said.how);
      return;
    }
    const waiting = this.#waiting.get(said.id);
    if ("error" in said) {
      const message = `${this.#where}: ${said.error}`;
      waiting?.reject(said.forPeople ? new InputError(message) : new Error(message));
    } else waiting?.resolve(said.result);
  }

  #goneError(): AgentGone {
    return new AgentGone(`${this.#where}: its agent is gone`);
  }

  #end(): void {
    this.#gone = true;
    for (const { reject } of this.#waiting.values()) reject(this.#goneError());
    this.#waiting.clear();
  }
}
