import type { Params } from "@fluxlab/core";
import { partedForGood } from "./agreement.ts";
import type { CheckedNetwork, Checker, WitnessedBlock } from "./checker.ts";

/** What a connection that loses messages, as none of TCP does, makes of an honest greeting; fluxd bans for it, too. */
const GARBLED: ReadonlySet<string> = new Set(["message before version"]);

/**
 * Microseconds for which what a node said before it was upgraded, or of a chain that it has left, may still be on its way while the one who
 * is to hear it is awake.
 */
const ON_THE_WAY = 60_000_000;

/** Since when each node tells something again, and when it had before: it may have stood still in between, and heard nothing. */
class Stillness {
  readonly #told = new Map<number, number>();
  readonly #still = new Map<number, { readonly from: number; readonly until: number }>();

  tells(node: number, time: number): void {
    const before = this.#told.get(node) ?? time;
    if (time - before > ON_THE_WAY) this.#still.set(node, { from: before, until: time });
    this.#told.set(node, time);
  }

  /** What was said before then has been heard by now. */
  heardUpTo(node: number, now: number): number {
    const still = this.#still.get(node);
    return (still !== undefined && now - still.until < ON_THE_WAY ? still.from : now) - ON_THE_WAY;
  }
}

/** What tips nodes have, and had not long ago. */
class RecentTips {
  /** By node, oldest first. */
  readonly #tips = new Map<number, { readonly block: WitnessedBlock; readonly time: number }[]>();

  add(node: number, block: WitnessedBlock, time: number): void {
    const known = this.#tips.get(node) ?? [];
    // The last one of those that nobody speaks of any more was the tip until the next one came.
    const stale = known.findLastIndex((each) => each.time <= time - ON_THE_WAY);
    if (stale > 0) known.splice(0, stale);
    known.push({ block, time });
    this.#tips.set(node, known);
  }

  last(node: number): WitnessedBlock | undefined {
    return this.#tips.get(node)?.at(-1)?.block;
  }

  /** All that a node had from then on. */
  since(node: number, time: number): readonly WitnessedBlock[] {
    const known = this.#tips.get(node) ?? [];
    const first = Math.max(
      known.findLastIndex((each) => each.time <= time),
      0,
    );
    return known.slice(first).map(({ block }) => block);
  }
}

/** No honest node bans one that is honest and keeps to the same rules, unless their chains are {@link partedForGood}. */
export function honestUnbanned(network: CheckedNetwork): Checker {
  const tips = new RecentTips();
  const stillness = new Stillness();
  const rules = new Map<number, { readonly params: Params; readonly since: number }>();
  return {
    name: "no honest peer banned",
    tip(block, _left, { node, time }) {
      tips.add(node, block, time);
      const params = network.rulesOf(node);
      const before = rules.get(node)?.params ?? params;
      if (before !== params) rules.set(node, { params, since: time });
      else if (!rules.has(node)) rules.set(node, { params, since: Number.NEGATIVE_INFINITY });
    },
    observation(observation, at, report) {
      stillness.tells(at.node, at.time);
      if (observation.kind !== "banned" || network.isByzantine(at.node)) return;
      const peer = network.peerOf(at.node, observation.peer);
      if (network.isByzantine(peer) || GARBLED.has(observation.reason)) return;
      if (network.rulesOf(peer) !== network.rulesOf(at.node)) return;
      const heardUpTo = stillness.heardUpTo(at.node, at.time);
      if ((rules.get(peer)?.since ?? Number.NEGATIVE_INFINITY) > heardUpTo) return;
      const own = tips.last(at.node);
      const ours = network.rulesOf(at.node);
      const parted = (theirs: WitnessedBlock) => own !== undefined && partedForGood(own, theirs, ours);
      if (tips.since(peer, heardUpTo).some(parted)) return;
      report(`node ${peer} was banned: ${observation.reason}`, at);
    },
  };
}

/** Blocks that a node may wait for from each peer. Source: fluxd src/main.h MAX_BLOCKS_IN_TRANSIT_PER_PEER. */
const BLOCKS_PER_PEER = 128;

/** A node keeps no more than its settings let it, whatever others send. `poolBytes`: most that a pool may hold. */
export const memoryBounds = (network: CheckedNetwork, poolBytes: number): Checker => ({
  name: "memory bounds",
  tip(block, _left, at, report) {
    const load = network.loadOf(at.node);
    const place = { ...at, height: block.height };
    if (load.poolBytes > poolBytes)
      report(`a pool of ${load.poolBytes} bytes, more than ${poolBytes}`, place);
    const most = BLOCKS_PER_PEER * load.peers;
    if (load.blocksInFlight > most) {
      report(`${load.blocksInFlight} blocks asked for of ${load.peers} peers, more than ${most}`, place);
    }
  },
});
