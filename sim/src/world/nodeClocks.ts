import type { Random } from "@fluxlab/core";

/** Nodes' own clocks, right or wrong: each is ahead of the world's by an offset that grows or shrinks. */
export class NodeClocks {
  /** Microseconds ahead at the beginning. */
  readonly offset: Float64Array;
  /** Microseconds gained each second. */
  readonly drift: Float64Array;
  /** The latest that each showed before it was set back, Unix time in microseconds, since its node started; 0: it never was. */
  readonly setBackFrom: Float64Array;
  /** Unix time of the world's beginning, microseconds. */
  readonly #epoch: number;

  /** @param startSeconds Unix time at which the world begins */
  constructor(nodes: number, startSeconds: number) {
    this.offset = new Float64Array(nodes);
    this.drift = new Float64Array(nodes);
    this.setBackFrom = new Float64Array(nodes);
    this.#epoch = startSeconds * 1_000_000;
  }

  /** Sets all clocks by chance: ahead or behind by up to `offset` microseconds, and gaining or losing up to `drift` a second. */
  draw({ offset, drift }: { readonly offset: number; readonly drift: number }, random: Random): void {
    for (let node = 0; node < this.offset.length; node++) {
      this.offset[node] = random.below(2 * offset + 1) - offset;
      this.drift[node] = random.below(2 * drift + 1) - drift;
    }
  }

  /** What a node's clock shows at a time of the world: Unix time in whole microseconds. */
  local(node: number, time: number): number {
    return this.#epoch + time + this.offset[node]! + Math.floor((time * this.drift[node]!) / 1_000_000);
  }

  /** Sets a clock ahead by so many microseconds, and makes it gain so many more a second from now on. */
  turn(node: number, ahead: number, drift: number, now: number): void {
    const before = this.local(node, now);
    if (ahead < 0) this.setBackFrom[node] = Math.max(this.setBackFrom[node]!, before);
    this.drift[node]! += drift;
    this.offset[node]! += before - this.local(node, now) + ahead;
  }

  /** The first time of the world, not before `earliest`, at which a node's clock shows `local` or more. */
  worldTime(node: number, local: number, earliest: number): number {
    const ahead = local - this.#epoch - this.offset[node]!;
    let time = Math.max(Math.ceil(ahead / (1 + this.drift[node]! / 1_000_000)), earliest);
    while (this.local(node, time) < local) time++;
    return time;
  }
}
