import { appendFileSync } from "node:fs";
import type { NodeFigure } from "./expectation.ts";
import { LogFollower } from "./logFollower.ts";
import { logFileOf } from "./nodeFolder.ts";
import { type LoggedObservation, parseObservation } from "./observation.ts";

/** What the observations of one node add up to. */
export interface NodeSight extends Readonly<Record<NodeFigure, number>> {
  /** Display hex; undefined before the first move. */
  readonly tip: string | undefined;
}

class Sight implements NodeSight {
  tip: string | undefined = undefined;
  height = 0;
  reorganised = 0;
  refused = 0;
  banned = 0;
  readonly #ready = new Set<unknown>();

  get peers(): number {
    return this.#ready.size;
  }

  /** It has no peers, and may have lost its chain; what it did before still counts. */
  restarted(): void {
    this.tip = undefined;
    this.height = 0;
    this.#ready.clear();
  }

  take({ kind, ...fields }: LoggedObservation): void {
    if (kind === "tip") {
      this.tip = String(fields["hash"]);
      this.height = Number(fields["height"]);
      this.reorganised = Math.max(this.reorganised, Number(fields["disconnected"]));
    } else if (kind === "blockRefused") this.refused++;
    else if (kind === "banned") this.banned++;
    else if (kind === "peer") {
      if (fields["state"] === "ready") this.#ready.add(fields["peer"]);
      else if (fields["state"] === "disconnected") this.#ready.delete(fields["peer"]);
    }
  }
}

/** Between two looks at the logs. */
const LOOK_MS = 100;

/** Follows the logs of all nodes, keeps every observation in a file, and knows what the network looks like. */
export class Observer {
  readonly #file: string;
  readonly #followers = new Map<number, LogFollower>();
  readonly #sights = new Map<number, Sight>();
  readonly #listeners: ((observation: LoggedObservation) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `file`: all observations, a line of JSON each. */
  constructor(file: string) {
    this.#file = file;
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Follows a new node. What its log has already is of an earlier one with its number. */
  follow(node: number, nodeFolder: string): void {
    const follower = new LogFollower(logFileOf(nodeFolder));
    follower.newLines();
    this.#followers.set(node, follower);
    this.#sights.set(node, new Sight());
  }

  forget(node: number): void {
    this.#followers.delete(node);
    this.#sights.delete(node);
  }

  /** What is said from now on is of a new process. */
  restarted(node: number): void {
    this.look();
    this.#sights.get(node)?.restarted();
  }

  /** Hears every observation from now on. */
  listen(listener: (observation: LoggedObservation) => void): void {
    this.#listeners.push(listener);
  }

  sight(node: number): NodeSight {
    return this.#sights.get(node) ?? new Sight();
  }

  /** Takes in what has been written since. */
  look(): void {
    const seen: LoggedObservation[] = [];
    for (const [node, follower] of this.#followers) {
      for (const line of follower.newLines()) {
        const observation = parseObservation(line, node);
        if (observation === undefined) continue;
        seen.push(observation);
        this.#sights.get(node)!.take(observation);
      }
    }
    if (seen.length === 0) return;
    appendFileSync(this.#file, seen.map((each) => `${JSON.stringify(each)}\n`).join(""));
    for (const observation of seen) for (const listener of this.#listeners) listener(observation);
  }

  close(): void {
    clearInterval(this.#timer);
    this.look();
  }
}
