import { InputError } from "@fluxlab/core/command-line";
import { hostOf } from "./endpoints.ts";
import type { NodeSpec, PacketRule, Runner } from "./runner.ts";

/** What is wrong with the packets of a pair of nodes, both ways. */
export interface PacketTrouble {
  readonly lossPerMillion: number;
  readonly bytesPerSecond: number;
  readonly latencyMs: number;
  readonly jitterMs: number;
}

type Pair = readonly [number, number];

/** Faults below TCP: what the kernels of the nodes' places do. Each fault is taken back by itself; those that overlap add up. */
export class PacketFaults {
  readonly #runner: Runner;
  readonly #specOf: (node: number) => NodeSpec;
  readonly #faults = new Set<ReadonlyMap<number, readonly PacketRule[]>>();

  constructor(runner: Runner, specOf: (node: number) => NodeSpec) {
    this.#runner = runner;
    this.#specOf = specOf;
  }

  /** Whether kernels can tell these nodes apart, by an address of each. */
  tells(nodes: readonly number[]): boolean {
    if (this.#runner.filter === undefined) return false;
    return new Set(nodes.map((node) => this.#addressOf(node))).size === nodes.length;
  }

  /** No packet passes between these nodes. Answers with what takes that back. */
  cut(pairs: readonly Pair[]): Promise<() => Promise<void>> {
    return this.#add(pairs, (address) => [{ kind: "drop", from: address }]);
  }

  /** Packets between these nodes are lost or late. */
  trouble(pairs: readonly Pair[], wrong: PacketTrouble): Promise<() => Promise<void>> {
    const { lossPerMillion, ...shape } = wrong;
    const slow = shape.bytesPerSecond > 0 || shape.latencyMs > 0 || shape.jitterMs > 0;
    return this.#add(pairs, (address) => [
      ...(lossPerMillion > 0 ? [{ kind: "loss" as const, from: address, perMillion: lossPerMillion }] : []),
      ...(slow ? [{ kind: "shape" as const, to: address, ...shape }] : []),
    ]);
  }

  /** Nothing is wrong with packets any more. */
  async heal(): Promise<void> {
    const nodes = new Set([...this.#faults].flatMap((fault) => [...fault.keys()]));
    this.#faults.clear();
    await this.#applyAll([...nodes]);
  }

  /** A node's place may have forgotten its rules. */
  async started(spec: NodeSpec): Promise<void> {
    if (this.#rulesOf(spec.index).length > 0) await this.#apply(spec.index);
  }

  async #add(
    pairs: readonly Pair[],
    rulesAbout: (address: string) => readonly PacketRule[],
  ): Promise<() => Promise<void>> {
    const nodes = [...new Set(pairs.flat())];
    if (!this.tells(nodes))
      throw new InputError(
        "packets: kernels cannot tell these nodes apart; start them by --on docker, or by --on ssh with a host each where nft or iptables may be used, or say links instead of packets",
      );
    const fault = new Map<number, PacketRule[]>(nodes.map((node) => [node, []]));
    for (const [a, b] of pairs) {
      fault.get(a)!.push(...rulesAbout(this.#addressOf(b)));
      fault.get(b)!.push(...rulesAbout(this.#addressOf(a)));
    }
    this.#faults.add(fault);
    const takeBack = async () => {
      this.#faults.delete(fault);
      await this.#applyAll(nodes);
    };
    try {
      await this.#applyAll(nodes);
    } catch (error) {
      await takeBack();
      throw error;
    }
    return takeBack;
  }

  /** All of them, whichever fails; then the first failure is thrown. */
  async #applyAll(nodes: readonly number[]): Promise<void> {
    const settled = await Promise.allSettled(nodes.map((node) => this.#apply(node)));
    for (const each of settled) if (each.status === "rejected") throw each.reason;
  }

  async #apply(node: number): Promise<void> {
    await this.#runner.filter!(this.#specOf(node), this.#rulesOf(node));
  }

  #rulesOf(node: number): PacketRule[] {
    return [...this.#faults].flatMap((fault) => fault.get(node) ?? []);
  }

  #addressOf(node: number): string {
    return hostOf(this.#specOf(node).listen);
  }
}
