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
  /** Its collateral is sold, for good. */
  sold = false;
  /** For how many reasons at once its benchmark fails. */
  failures = 0;
  /** Below 0 nobody runs it: a price that drives its operator out takes 1 for a while, one that draws him in adds 1. */
  worth = 0;
  readonly #random: Random;
  #lastTried = 0;
  #sleepUntil = 0;

  constructor(fluxnode: LabFluxnode, random: Random) {
    this.fluxnode = fluxnode;
    this.#random = random;
  }

  /** Whether somebody means to run it. */
  get isRun(): boolean {
    return !this.sold && this.worth >= 0;
  }

  /** To be called after each change of the tip. `time`: Unix seconds by the node's clock. */
  tend(node: FullNode, time: number): void {
    const { tipHeight, shared } = node.chain;
    if (!this.isRun || this.failures > 0) return;
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
