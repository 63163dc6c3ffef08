import type { CalendarQueue } from "../kernel/calendarQueue.ts";
import { NO_WAKE, WAKE } from "./worldEvents.ts";

/**
 * When nodes want to be woken. They change their minds far more often than they wake: an event that is early enough stays and
 * looks again when it comes; only an earlier wish makes a new one, and voids the old.
 */
export class Alarms {
  readonly #queue: CalendarQueue;
  /** When each node's earliest event is due; other events are void. */
  readonly #due: Float64Array;
  /** When each node wants to be woken. */
  readonly #wanted: Float64Array;

  constructor(nodes: number, queue: CalendarQueue) {
    this.#queue = queue;
    this.#due = new Float64Array(nodes).fill(NO_WAKE);
    this.#wanted = new Float64Array(nodes).fill(NO_WAKE);
  }

  /** A node wants to be woken at a time of the world, instead of when it wanted before. */
  set(node: number, time: number): void {
    this.#wanted[node] = time;
    if (time < this.#due[node]!) this.#schedule(node, time);
  }

  #schedule(node: number, time: number): void {
    this.#due[node] = time;
    this.#queue.push(time, WAKE, node, node, 0);
  }

  /** Whether an event that has come is not void. */
  comes(node: number): boolean {
    if (this.#due[node] !== this.#queue.time) return false;
    this.#due[node] = NO_WAKE;
    return true;
  }

  /** Whether a node is to be woken by what has come. If it hears nothing until `heldUntil`, it is then. */
  rings(node: number, heldUntil: number): boolean {
    const { time } = this.#queue;
    const wanted = this.#wanted[node]!;
    if (heldUntil > time) this.#schedule(node, heldUntil);
    else if (wanted <= time) this.#wanted[node] = NO_WAKE;
    else if (wanted !== NO_WAKE) this.#schedule(node, wanted);
    return heldUntil <= time && wanted <= time;
  }
}
