import {
  assert,
  blocksToNextLook,
  type ConfirmKind,
  confirmFor,
  type FluxnodeConfirm,
  type FullNode,
  INITIAL_CONFIRM,
  labBenchmark,
  nobleEcdsa,
  operatorDuty,
  type Random,
  startFor,
  TIER_CODE,
} from "@fluxlab/core";
import type { LabFluxnode } from "./labFluxnode.ts";
import { labKey } from "./labKeys.ts";

export const INITIAL: ConfirmKind = INITIAL_CONFIRM;

const benchmarkKey = labKey(nobleEcdsa, "benchmark", false);

/** A CONFIRM of a FluxNode with its benchmark's word. Times are Unix seconds: of the node's signature and of the benchmark's. */
export function confirmOf(
  node: LabFluxnode,
  kind: ConfirmKind,
  time: number,
  benchmarkTime: number,
): FluxnodeConfirm {
  const found = { tier: TIER_CODE[node.tier], time: benchmarkTime, ip: node.ip };
  const confirm = confirmFor(
    node,
    kind,
    node.key,
    time,
    nobleEcdsa,
    labBenchmark(nobleEcdsa, benchmarkKey, () => found),
  );
  assert(confirm !== undefined, "the laboratory's benchmark always has an answer");
  return confirm;
}

/** What one operator does about one FluxNode, on the full node that runs it. */
export class LabOperator {
  readonly fluxnode: LabFluxnode;
  /** For how many reasons at once nobody looks after it, or its benchmark fails. */
  #away = 0;
  readonly #random: Random;
  #lastTried = 0;
  #sleepUntil = 0;

  constructor(fluxnode: LabFluxnode, random: Random) {
    this.fluxnode = fluxnode;
    this.#random = random;
  }

  get active(): boolean {
    return this.#away === 0;
  }

  /** Nobody looks after it from now on, for one more reason. */
  leave(): void {
    this.#away++;
  }

  /** One of the reasons is gone. */
  comeBack(): void {
    this.#away--;
  }

  /** To be called after each change of the tip. `time`: Unix seconds by the node's clock. */
  tend(node: FullNode, time: number): void {
    const { tipHeight, shared } = node.chain;
    if (!this.active) return;
    // Blocks that were taken off may have held what was done.
    if (tipHeight < this.#sleepUntil && this.#sleepUntil - tipHeight < MOST_SLEEP) return;
    const { fluxnode } = this;
    const waiting = node.mempool.pool.fluxnodeTx(fluxnode.collateral) !== undefined;
    const own = { collateral: fluxnode.collateral, ip: fluxnode.ip };
    const memory = { waiting, lastTried: Math.min(this.#lastTried, tipHeight) };
    const duty = operatorDuty(node.chain.state(), own, memory, shared.params);
    this.#sleepUntil = tipHeight + blocksToNextLook(this.#random, false);
    if (duty.duty === "start") {
      node.submitTransaction(startFor(fluxnode, fluxnode.key, fluxnode.owner, time, nobleEcdsa));
    } else if (duty.duty === "confirm") {
      node.submitTransaction(confirmOf(fluxnode, duty.kind, time, time));
      this.#lastTried = tipHeight;
    }
  }
}

/** An operator looks every few blocks. */
const MOST_SLEEP = 8;
