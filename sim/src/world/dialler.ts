import type { LinkId } from "../net/links.ts";
import type { Topology } from "../net/topology.ts";

const NO_LINK = -1;

/** Before a lost connection is opened again, microseconds; fluxd looks every two minutes (src/net.cpp ThreadOpenAddedConnections). */
export const REDIAL_AFTER = 20_000_000;
export const REDIAL_SPREAD = 20_000_000;
/** A call that nobody answers. Source: fluxd src/netbase.h DEFAULT_CONNECT_TIMEOUT. */
export const CALL_TIMEOUT = 5_000_000;

/**
 * Which connections of a topology are open or being opened. A slot is a link that a node opens itself: its place in the topology's
 * peers. Nodes that lost one open it again.
 */
export class Dialler {
  readonly #topology: Topology;
  /** By slot. */
  readonly #caller: Uint32Array;
  readonly #link: Float64Array;
  readonly #slots = new Map<LinkId, number>();

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#caller = new Uint32Array(topology.peers.length);
    for (let node = 0; node < topology.nodes; node++) {
      this.#caller.fill(node, topology.starts[node]!, topology.starts[node + 1]!);
    }
    this.#link = new Float64Array(topology.peers.length).fill(NO_LINK);
  }

  caller(slot: number): number {
    return this.#caller[slot]!;
  }

  target(slot: number): number {
    return this.#topology.peers[slot]!;
  }

  /** Those that a node opens. */
  slotsOf(node: number): number[] {
    const { starts, outbound } = this.#topology;
    return Array.from({ length: outbound[node]! }, (_, i) => starts[node]! + i);
  }

  /** Whether the slot's connection is open or being opened. */
  isBusy(slot: number): boolean {
    return this.#link[slot] !== NO_LINK;
  }

  dialled(slot: number, link: LinkId): void {
    this.forget(slot);
    this.#link[slot] = link;
    this.#slots.set(link, slot);
  }

  /** Whether somebody still waits for this connection. */
  isWanted(link: LinkId): boolean {
    return this.#slots.has(link);
  }

  /** The slot of a connection that is no more; undefined if it was none's, or not any longer. */
  lost(link: LinkId): number | undefined {
    const slot = this.#slots.get(link);
    if (slot !== undefined) this.forget(slot);
    return slot;
  }

  forget(slot: number): void {
    this.#slots.delete(this.#link[slot]!);
    this.#link[slot] = NO_LINK;
  }
}
