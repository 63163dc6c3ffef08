import { Random, toWireHex, transactionBytes } from "@fluxlab/core";
import {
  LabPayments,
  type LabWorld,
  type TrafficEvent,
  type TrafficRates,
  trafficEvents,
} from "@fluxlab/sim";
import type { Fleet } from "./fleet.ts";
import { RpcRefusal, RpcSilence } from "./rpcClient.ts";

/** What became of the transactions that users sent. */
export interface TrafficCounts {
  readonly sent: number;
  /** Not sent: their node did not run, or refused them. */
  readonly refused: number;
}

/** Users who send payments and lock coins, the same ones as in the simulator. */
export class Traffic {
  readonly #fleet: Fleet;
  readonly #payments: LabPayments;
  readonly #events: readonly TrafficEvent[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #sent = 0;
  #refused = 0;

  /** `lengthMs`: of the run. */
  constructor(fleet: Fleet, { plan }: LabWorld, rates: TrafficRates, lengthMs: number) {
    this.#fleet = fleet;
    const random = Random.root(plan.seed).fork("traffic");
    this.#payments = new LabPayments(plan.params, plan.history!, random.fork("payments"));
    this.#events = trafficEvents(rates, plan.nodes, lengthMs * 1_000, random);
  }

  get counts(): TrafficCounts {
    return { sent: this.#sent, refused: this.#refused };
  }

  start(): void {
    for (const event of this.#events) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#send(event);
      }, event.time / 1_000);
      this.#timers.add(timer);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #send({ node, kind }: TrafficEvent): Promise<void> {
    if (!this.#fleet.running.includes(node)) {
      this.#refused++;
      return;
    }
    const tx = this.#payments[kind](this.#fleet.observer.sight(node).height + 1);
    try {
      if (tx === undefined) throw new RpcRefusal("sendrawtransaction", 0, "nobody has coins");
      await this.#fleet.rpc(node).call("sendrawtransaction", [toWireHex(transactionBytes(tx))]);
      this.#sent++;
    } catch (error) {
      if (!(error instanceof RpcSilence || error instanceof RpcRefusal)) throw error;
      this.#refused++;
    }
  }
}
